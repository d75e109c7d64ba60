using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.MusicBrainz;

/// <summary>Albums from MusicBrainz, with covers from the Cover Art Archive.</summary>
internal sealed partial class MusicBrainzProvider(ProviderChannel channel) : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "musicbrainz",
        "MusicBrainz",
        "Album data from MusicBrainz, covers from the Cover Art Archive.",
        new Uri("https://musicbrainz.org/"),
        new Uri("https://musicbrainz.org/ws/2/"),
        new Uri("https://coverartarchive.org/"),
        ["coverartarchive.org", "archive.org", ".archive.org"],
        CallsPerSecond: 1,
        ProbePath: "release-group?query=a&fmt=json&limit=1");

    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel => channel;

    public ProviderStatus Status => channel.Status;

    public bool Supports(MediaKind kind) => kind == MediaKind.Album;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var expression = $"releasegroup:\"{EscapeQuotes(query.Title)}\"" + (query.Artist is { Length: > 0 } artist ? $" AND artist:\"{EscapeQuotes(artist)}\"" : "");
        var response = await channel.GetAsync($"release-group?query={Uri.EscapeDataString(expression)}&fmt=json&limit=20", SearchLifetime, query.ForceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from album in json.GetItems("release-groups", 20)
                  let id = album.GetId()
                  let title = album.GetText("title")
                  where id is not null && title is not null
                  select new Metadata(Definition.Name, id, title, null, album.GetYear("first-release-date"), GetArtist(album))];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!Mbid().IsMatch(externalId))
        {
            return null;
        }

        var response = await channel.GetAsync($"release-group/{externalId}?inc=artist-credits+genres+ratings&fmt=json", DetailsLifetime, forceRefresh, cancellation);
        if (response.ParseJson() is not { } json || json.GetText("title") is not { } title)
        {
            return null;
        }

        return new DetailedMetadata(
            Definition.Name, externalId, title, null, json.GetYear("first-release-date"), json.GetText("disambiguation", JsonElementExtensions.MaxTextLength),
            json.GetPropertyOrDefault("rating").GetNumber("value") is { } stars and > 0 and <= 5 ? Math.Round(stars * 2, 1) : null,
            [.. json.GetItems("genres").Select(g => g.GetText("name", 100)).OfType<string>()],
            GetArtist(json) is { } artist ? [artist] : [],
            new Uri(channel.ImageBaseAddress, $"release-group/{externalId}/front-500").AbsoluteUri,
            new Dictionary<string, string> { ["musicbrainz"] = externalId }, response.FetchedAt, response.IsStale);
    }

    public Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartMetadata>>([]);

    public Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation) =>
        Task.FromResult(idType == Definition.Name && Mbid().IsMatch(id) ? id : null);

    private static string? GetArtist(JsonElement group) =>
        string.Concat(group.GetItems("artist-credit", 10).Select(c => c.GetText("name", 200) + (c.GetPropertyOrDefault("joinphrase").ValueKind == JsonValueKind.String ? c.GetPropertyOrDefault("joinphrase").GetString() : ""))) is { Length: > 0 } artist ? artist : null;

    private static string EscapeQuotes(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
    private static partial Regex Mbid();
}
