using System.Globalization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>Films and series from IMDb's data files, which are imported and searched locally: no key, and no network for a search.</summary>
internal sealed class ImdbProvider(IImdbTitleStore titles, ProviderSettings settings, TimeProvider time) : IMetadataProvider
{
    private const int MaxResults = 30;

    public static readonly ProviderProfile Definition = new(
        "imdb",
        "IMDb",
        "Information courtesy of IMDb (https://www.imdb.com). Used with permission.",
        new Uri("https://www.imdb.com/"),
        new Uri("https://datasets.imdbws.com/"),
        new Uri("https://m.media-amazon.com/"),
        [],
        CallsPerSecond: 0,
        ProbePath: "");

    public ProviderProfile Profile => Definition;

    public ProviderChannel? Channel => null;

    public ProviderStatus Status => settings.ConfigurationFor(Definition.Name) switch
    {
        { Enabled: false } or { Enabled: null, BaseAddress: null } => new ProviderStatus(ProviderState.Off),
        _ => new ProviderStatus(titles.Dataset is null ? ProviderState.NoData : ProviderState.Ok),
    };

    public bool Supports(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation) =>
        [.. (await titles.FindAsync(query.Kind == MediaKind.Film, query.Title, query.Year, MaxResults, cancellation)).Select(t => new Metadata(Definition.Name, FormatId(t.Id), t.Title, t.OriginalTitle, t.Year))];

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (ParseId(externalId) is not { } id || await titles.GetAsync(id, cancellation) is not { } found)
        {
            return null;
        }

        return new DetailedMetadata(
            Definition.Name, FormatId(id), found.Title, found.OriginalTitle, found.Year, null, found.Rating, found.Genres?.Split(',') ?? [], [], null,
            new Dictionary<string, string> { ["imdb"] = FormatId(id) }, time.GetUtcNow(), false)
        {
            Seasons = kind == MediaKind.Series ? await titles.SeasonsAsync(id, cancellation) : [],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation) =>
        kind == MediaKind.Series && ParseId(externalId) is { } id
            ? [.. (await titles.EpisodesAsync(id, season, cancellation)).Select(e => new PartMetadata(season, e.Number, e.Title, null, e.Rating))]
            : [];

    public async Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation) =>
        idType == Definition.Name && ParseId(id) is { } number && await titles.GetAsync(number, cancellation) is not null ? id : null;

    private static string FormatId(long id) => string.Create(CultureInfo.InvariantCulture, $"tt{id:0000000}");

    internal static long? ParseId(ReadOnlySpan<char> id) =>
        id.StartsWith("tt", StringComparison.Ordinal) && long.TryParse(id[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
