using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Spotify;

/// <summary>Albums, artists and tracks from Spotify, with the credentials of an app that the owner registers.</summary>
internal sealed partial class SpotifyProvider : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "spotify",
        "Spotify",
        "Music data and covers provided by Spotify.",
        new Uri("https://open.spotify.com/"),
        new Uri("https://api.spotify.com/v1/"),
        new Uri("https://i.scdn.co/"),
        ["i.scdn.co", ".spotifycdn.com"],
        CallsPerSecond: 3,
        ProbePath: "search?q=a&type=artist&limit=1",
        KeyHint: "Client id and client secret of an app at developer.spotify.com, with a colon between.");

    private static readonly Uri AccountsAddress = new("https://accounts.spotify.com/");
    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    public SpotifyProvider(ProviderChannel channel, TimeProvider time)
    {
        Channel = channel;
        channel.Login = new ProviderLogin(
            Definition.Title,
            CreateLoginRequest,
            json => json.GetText("access_token", 10_000) is { } token ? (token, TimeSpan.FromSeconds(Math.Clamp(json.GetNumber("expires_in") ?? 3600, 120, 86_400))) : null,
            time);
    }

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel { get; }

    public ProviderStatus Status => Channel.Status;

    public bool Supports(MediaKind kind) => kind is MediaKind.Album or MediaKind.Artist or MediaKind.Track;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var type = ToApiName(query.Kind);
        var expression = $"{type}:\"{RemoveQuotes(query.Title)}\"" + (query is { Kind: not MediaKind.Artist, Artist: { Length: > 0 } artist } ? $" artist:\"{RemoveQuotes(artist)}\"" : "");
        var response = await Channel.GetAsync($"search?q={Uri.EscapeDataString(expression)}&type={type}&limit=10", SearchLifetime, query.ForceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from found in json.GetPropertyOrDefault(type + "s").GetItems("items", 20)
                  let id = found.GetId()
                  let name = found.GetText("name")
                  where id is not null && name is not null
                  select new Metadata(Definition.Name, id, name, null, GetYear(query.Kind, found), GetArtists(found))];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!Supports(kind) || await FetchDetailsAsync(kind, externalId, forceRefresh, cancellation) is not ({ } json, { } response) || json.GetText("name") is not { } name)
        {
            return null;
        }

        var imageOwner = kind == MediaKind.Track ? json.GetPropertyOrDefault("album") : json;
        return new DetailedMetadata(
            Definition.Name, externalId, name, null, GetYear(kind, json), null, null,
            [.. json.GetItems("genres").Where(g => g.ValueKind == JsonValueKind.String).Select(g => g.GetString()!)],
            GetArtists(json) is { } artist ? [artist] : [],
            imageOwner.GetItems("images", 1).Select(p => p.GetAddress("url")).FirstOrDefault(),
            new Dictionary<string, string> { ["spotify"] = externalId }, response.FetchedAt, response.IsStale);
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation) =>
        kind == MediaKind.Album && await FetchDetailsAsync(kind, externalId, forceRefresh, cancellation) is ({ } json, not null)
            ? [.. from track in json.GetPropertyOrDefault("tracks").GetItems("items", 500)
                  let number = track.GetWholeNumber("track_number")
                  where number is not null && (track.GetWholeNumber("disc_number") ?? 1) == season
                  select new PartMetadata(season, number.Value, track.GetText("name"), null, null)]
            : [];

    public Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation) =>
        Task.FromResult(idType == Definition.Name && SpotifyId().IsMatch(id) ? id : null);

    private async Task<(JsonElement? Json, ProviderResponse? Answer)> FetchDetailsAsync(MediaKind kind, string id, bool forceRefresh, CancellationToken cancellation)
    {
        if (!SpotifyId().IsMatch(id))
        {
            return (null, null);
        }

        var response = await Channel.GetAsync($"{ToApiName(kind)}s/{id}", DetailsLifetime, forceRefresh, cancellation);
        return (response.ParseJson(), response);
    }

    private HttpRequestMessage CreateLoginRequest()
    {
        var accounts = Channel.BaseAddress == Definition.BaseAddress ? AccountsAddress : Channel.BaseAddress;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(accounts, "/api/token")) { Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Channel.ApiKey)));
        return request;
    }

    private static int? GetYear(MediaKind kind, JsonElement json) => kind switch
    {
        MediaKind.Album => json.GetYear("release_date"),
        MediaKind.Track => json.GetPropertyOrDefault("album").GetYear("release_date"),
        _ => null,
    };

    private static string? GetArtists(JsonElement json) => string.Join(", ", json.GetItems("artists", 5).Select(a => a.GetText("name", 200)).OfType<string>()) is { Length: > 0 } names ? names : null;

    private static string ToApiName(MediaKind kind) => kind.ToApiName();

    private static string RemoveQuotes(string text) => text.Replace('"', ' ');

    [GeneratedRegex("^[0-9A-Za-z]{10,40}$")]
    private static partial Regex SpotifyId();
}
