using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Spotify;

/// <summary>Albums, artists and tracks from Spotify, with the credentials of an app of the owner's.</summary>
internal sealed partial class SpotifyProvider : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "spotify",
        "Spotify",
        "Music data and covers provided by Spotify.",
        new Uri("https://open.spotify.com/"),
        new Uri("https://api.spotify.com/v1/"),
        new Uri("https://i.scdn.co/"),
        ["i.scdn.co", ".spotifycdn.com"],
        PerSecond: 3,
        TrialPath: "search?q=a&type=artist&limit=1",
        KeyHint: "Client id and client secret of an app at developer.spotify.com, with a colon between.");

    private static readonly Uri Accounts = new("https://accounts.spotify.com/");
    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    public SpotifyProvider(ProviderChannel channel, TimeProvider time)
    {
        Channel = channel;
        channel.Login = new ProviderLogin(
            About.Title,
            LoginRequest,
            json => json.Text("access_token", 10_000) is { } token ? (token, TimeSpan.FromSeconds(Math.Clamp(json.Number("expires_in") ?? 3600, 120, 86_400))) : null,
            time);
    }

    public ProviderProfile Profile => About;

    public ProviderChannel Channel { get; }

    public ProviderStanding Standing => Channel.Standing;

    public bool Covers(MediaKind kind) => kind is MediaKind.Album or MediaKind.Artist or MediaKind.Track;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var word = Word(work.Kind);
        var query = $"{word}:\"{Quoted(work.Title)}\"" + (work is { Kind: not MediaKind.Artist, Artist: { Length: > 0 } artist } ? $" artist:\"{Quoted(artist)}\"" : "");
        var answer = await Channel.GetAsync($"search?q={Uri.EscapeDataString(query)}&type={word}&limit=10", SearchLife, work.Anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from found in json.Part(word + "s").Each("items", 20)
                  let id = found.Id()
                  let name = found.Text("name")
                  where id is not null && name is not null
                  select new Metadata(About.Name, id, name, null, Year(work.Kind, found), ArtistOf(found))];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!Covers(kind) || await FindAsync(kind, externalId, anew, cancellation) is not ({ } json, { } answer) || json.Text("name") is not { } name)
        {
            return null;
        }

        var pictures = kind == MediaKind.Track ? json.Part("album") : json;
        return new DetailedMetadata(
            About.Name, externalId, name, null, Year(kind, json), null, null,
            [.. json.Each("genres").Where(g => g.ValueKind == JsonValueKind.String).Select(g => g.GetString()!)],
            ArtistOf(json) is { } artist ? [artist] : [],
            pictures.Each("images", 1).Select(p => p.Address("url")).FirstOrDefault(),
            new Dictionary<string, string> { ["spotify"] = externalId }, answer.FetchedAt, answer.IsStale);
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation) =>
        kind == MediaKind.Album && await FindAsync(kind, externalId, anew, cancellation) is ({ } json, not null)
            ? [.. from track in json.Part("tracks").Each("items", 500)
                  let number = track.Whole("track_number")
                  where number is not null && (track.Whole("disc_number") ?? 1) == season
                  select new PartMetadata(season, number.Value, track.Text("name"), null, null)]
            : [];

    public Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation) =>
        Task.FromResult(register == About.Name && SpotifyId().IsMatch(id) ? id : null);

    private async Task<(JsonElement? Json, ProviderAnswer? Answer)> FindAsync(MediaKind kind, string id, bool anew, CancellationToken cancellation)
    {
        if (!SpotifyId().IsMatch(id))
        {
            return (null, null);
        }

        var answer = await Channel.GetAsync($"{Word(kind)}s/{id}", DetailsLife, anew, cancellation);
        return (answer.Json(), answer);
    }

    private HttpRequestMessage LoginRequest()
    {
        var accounts = Channel.BaseAddress == About.BaseAddress ? Accounts : Channel.BaseAddress;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(accounts, "/api/token")) { Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Channel.ApiKey)));
        return request;
    }

    private static int? Year(MediaKind kind, JsonElement json) => kind switch
    {
        MediaKind.Album => json.Year("release_date"),
        MediaKind.Track => json.Part("album").Year("release_date"),
        _ => null,
    };

    private static string? ArtistOf(JsonElement json) => string.Join(", ", json.Each("artists", 5).Select(a => a.Text("name", 200)).OfType<string>()) is { Length: > 0 } names ? names : null;

    private static string Word(MediaKind kind) => kind.ToApiName();

    private static string Quoted(string text) => text.Replace('"', ' ');

    [GeneratedRegex("^[0-9A-Za-z]{10,40}$")]
    private static partial Regex SpotifyId();
}
