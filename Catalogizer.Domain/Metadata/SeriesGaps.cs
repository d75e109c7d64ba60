using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Metadata;

/// <summary>Availability of an episode.</summary>
public enum EpisodeStatus
{
    Available,

    /// <summary>In the catalogue, but its source or folder cannot be read now.</summary>
    Offline,
    Missing,

    NotAired,
}

/// <param name="ItemId">Null for an episode that was never in the catalogue.</param>
public sealed record EpisodeReport(int Number, string? Title, DateOnly? AiredOn, EpisodeStatus Status, long? ItemId);

/// <param name="Number">0 for the specials.</param>
public sealed record SeasonReport(int Number, IReadOnlyList<EpisodeReport> Episodes)
{
    public int Count(EpisodeStatus status) => Episodes.Count(e => e.Status == status);
}

/// <summary>A series as listed by its provider, compared with the catalogue.</summary>
/// <param name="Problem">Why the provider's data may be incomplete or old; null when they are not.</param>
public sealed record SeriesReport(ProviderProfile Provider, IReadOnlyList<SeasonReport> Seasons, string? Problem)
{
    /// <summary>Seasons in order, without the specials.</summary>
    public IEnumerable<SeasonReport> RegularSeasons => Seasons.Where(s => s.Number > 0);

    public SeasonReport? Specials => Seasons.FirstOrDefault(s => s.Number == 0);
}

/// <summary>Compares the episodes of a series with those that its provider lists.</summary>
public sealed class SeriesGaps(ProviderManager providers, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time)
{
    private const int MaxSeasons = 100;

    /// <returns>Null when the item is not a series, or has no match with episodes.</returns>
    public async Task<Result<SeriesReport?>> GetReportAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var match = await db.Matches.AsNoTracking().SingleOrDefaultAsync(m => m.ItemId == id, cancellation);
        if (detail.Item.Kind != MediaKind.Series || match is not { State: MatchState.Automatic or MatchState.Pinned, ExternalId: { } externalId } || providers.Find(match.Provider) is not { Status.IsEnabled: true } provider)
        {
            return (SeriesReport?)null;
        }

        var (parts, problem) = await FetchPartsAsync(provider, externalId, cancellation);
        return parts.Count == 0 ? null : new SeriesReport(provider.Profile, CompareEpisodes(parts, await LoadEpisodesAsync(db, id, cancellation)), problem);
    }

    private static async Task<(IReadOnlyList<PartMetadata> Parts, string? Problem)> FetchPartsAsync(IMetadataProvider provider, string externalId, CancellationToken cancellation)
    {
        var parts = new List<PartMetadata>();
        try
        {
            var details = await provider.DetailsAsync(MediaKind.Series, externalId, forceRefresh: false, cancellation);
            foreach (var season in (details?.Seasons ?? []).Take(MaxSeasons))
            {
                parts.AddRange(await provider.PartsAsync(MediaKind.Series, externalId, season, forceRefresh: false, cancellation));
            }

            return (parts, details?.IsStale == true ? $"{provider.Profile.Title} does not answer; this is what it said before." : null);
        }
        catch (ProviderException exception)
        {
            return (parts, exception.Message);
        }
    }

    private async Task<List<(MediaSummary Episode, int To)>> LoadEpisodesAsync(CatalogDbContext db, long id, CancellationToken cancellation)
    {
        var available = new List<(MediaSummary Episode, int To)>();
        foreach (var season in await reader.ChildrenAsync(id, cancellation))
        {
            var several = await db.Items.AsNoTracking().Where(i => i.ParentId == season.Id && i.EpisodeTo != null).ToDictionaryAsync(i => i.Id, i => i.EpisodeTo!.Value, cancellation);
            var episodes = season.Kind == MediaKind.Season ? await reader.ChildrenAsync(season.Id, cancellation) : [season];
            available.AddRange(episodes.Where(e => e is { Kind: MediaKind.Episode, Season: not null, Episode: not null }).Select(e => (e, several.GetValueOrDefault(e.Id, e.Episode!.Value))));
        }

        return available;
    }

    private IReadOnlyList<SeasonReport> CompareEpisodes(IReadOnlyList<PartMetadata> parts, List<(MediaSummary Episode, int To)> available)
    {
        // If a provider has air dates at all, it lacks them only for episodes that have not aired.
        var (today, givesDays) = (DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), parts.Any(p => p.AiredOn is not null));
        EpisodeReport CreateReport(PartMetadata part)
        {
            var item = available.Where(h => h.Episode.Season == part.Season && h.Episode.Episode <= part.Number && part.Number <= h.To).Select(h => h.Episode).OrderBy(e => e.Presence).FirstOrDefault();
            var status = item?.Presence switch
            {
                Presence.Present => EpisodeStatus.Available,
                Presence.Unknown => EpisodeStatus.Offline,
                _ when part.AiredOn > today || (part.AiredOn is null && givesDays) => EpisodeStatus.NotAired,
                _ => EpisodeStatus.Missing,
            };
            return new EpisodeReport(part.Number, part.Title, part.AiredOn, status, item?.Id);
        }

        return [.. parts.DistinctBy(p => (p.Season, p.Number)).GroupBy(p => p.Season).OrderBy(s => s.Key).Select(s => new SeasonReport(s.Key, [.. s.OrderBy(p => p.Number).Select(CreateReport)]))];
    }
}
