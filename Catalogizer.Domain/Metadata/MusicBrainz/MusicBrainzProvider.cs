using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.MusicBrainz;

/// <summary>Albums from MusicBrainz, their covers from the Cover Art Archive.</summary>
internal sealed partial class MusicBrainzProvider(ProviderChannel channel) : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "musicbrainz",
        "MusicBrainz",
        "Album data from MusicBrainz, covers from the Cover Art Archive.",
        new Uri("https://musicbrainz.org/"),
        new Uri("https://musicbrainz.org/ws/2/"),
        new Uri("https://coverartarchive.org/"),
        ["coverartarchive.org", "archive.org", ".archive.org"],
        PerSecond: 1,
        TrialPath: "release-group?query=a&fmt=json&limit=1");

    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    public ProviderProfile Profile => About;

    public ProviderChannel Channel => channel;

    public ProviderStanding Standing => channel.Standing;

    public bool Covers(MediaKind kind) => kind == MediaKind.Album;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var query = $"releasegroup:\"{Quoted(work.Title)}\"" + (work.Artist is { Length: > 0 } artist ? $" AND artist:\"{Quoted(artist)}\"" : "");
        var answer = await channel.GetAsync($"release-group?query={Uri.EscapeDataString(query)}&fmt=json&limit=20", SearchLife, work.Anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from album in json.Each("release-groups", 20)
                  let id = album.Id()
                  let title = album.Text("title")
                  where id is not null && title is not null
                  select new Metadata(About.Name, id, title, null, album.Year("first-release-date"), Artist(album))];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!Mbid().IsMatch(externalId))
        {
            return null;
        }

        var answer = await channel.GetAsync($"release-group/{externalId}?inc=artist-credits+genres+ratings&fmt=json", DetailsLife, anew, cancellation);
        if (answer.Json() is not { } json || json.Text("title") is not { } title)
        {
            return null;
        }

        return new DetailedMetadata(
            About.Name, externalId, title, null, json.Year("first-release-date"), json.Text("disambiguation", Read.LongestText),
            json.Part("rating").Number("value") is { } stars and > 0 and <= 5 ? Math.Round(stars * 2, 1) : null,
            [.. json.Each("genres").Select(g => g.Text("name", 100)).OfType<string>()],
            Artist(json) is { } artist ? [artist] : [],
            new Uri(channel.ImageBaseAddress, $"release-group/{externalId}/front-500").AbsoluteUri,
            new Dictionary<string, string> { ["musicbrainz"] = externalId }, answer.FetchedAt, answer.IsStale);
    }

    public Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartMetadata>>([]);

    public Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation) =>
        Task.FromResult(register == About.Name && Mbid().IsMatch(id) ? id : null);

    private static string? Artist(JsonElement group) =>
        string.Concat(group.Each("artist-credit", 10).Select(c => c.Text("name", 200) + (c.Part("joinphrase").ValueKind == JsonValueKind.String ? c.Part("joinphrase").GetString() : ""))) is { Length: > 0 } artist ? artist : null;

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
    private static partial Regex Mbid();
}
