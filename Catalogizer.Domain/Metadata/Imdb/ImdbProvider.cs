using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>Films and series from IMDb's data files, which are imported and searched here: no key, and no network when somebody asks.</summary>
internal sealed class ImdbProvider(IImdbTitles titles, ProviderSettings settings, TimeProvider time) : IMetadataProvider
{
    private const int MostFound = 30;

    public static readonly ProviderProfile About = new(
        "imdb",
        "IMDb",
        "Information courtesy of IMDb (https://www.imdb.com). Used with permission.",
        new Uri("https://www.imdb.com/"),
        new Uri("https://datasets.imdbws.com/"),
        new Uri("https://m.media-amazon.com/"),
        [],
        PerSecond: 0,
        TrialPath: "");

    public ProviderProfile Profile => About;

    public ProviderChannel? Channel => null;

    public ProviderStanding Standing => settings.SetupOf(About.Name) switch
    {
        { Enabled: false } or { Enabled: null, BaseAddress: null } => new ProviderStanding(ProviderState.Off),
        _ => new ProviderStanding(titles.Stock is null ? ProviderState.NoData : ProviderState.Ok),
    };

    public bool Covers(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation) =>
        [.. (await titles.FindAsync(work.Kind == MediaKind.Film, work.Title, work.Year, MostFound, cancellation)).Select(t => new Metadata(About.Name, Written(t.Id), t.Title, t.OriginalTitle, t.Year))];

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (Number(externalId) is not { } id || await titles.GetAsync(id, cancellation) is not { } found)
        {
            return null;
        }

        return new DetailedMetadata(
            About.Name, Written(id), found.Title, found.OriginalTitle, found.Year, null, found.Rating, found.Genres?.Split(',') ?? [], [], null,
            new Dictionary<string, string> { ["imdb"] = Written(id) }, time.GetUtcNow(), false)
        {
            Seasons = kind == MediaKind.Series ? await titles.SeasonsAsync(id, cancellation) : [],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation) =>
        kind == MediaKind.Series && Number(externalId) is { } id
            ? [.. (await titles.EpisodesAsync(id, season, cancellation)).Select(e => new PartMetadata(season, e.Number, e.Title, null, e.Rating))]
            : [];

    public async Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation) =>
        register == About.Name && Number(id) is { } number && await titles.GetAsync(number, cancellation) is not null ? id : null;

    private static string Written(long id) => string.Create(CultureInfo.InvariantCulture, $"tt{id:0000000}");

    internal static long? Number(ReadOnlySpan<char> id) =>
        id.StartsWith("tt", StringComparison.Ordinal) && long.TryParse(id[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
