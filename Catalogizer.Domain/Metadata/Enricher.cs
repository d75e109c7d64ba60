using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Matches items with entries of providers and saves the metadata in the catalogue, below the users' edits.</summary>
public sealed class Enricher(
    ProviderManager providers, IMatchStore store, ArtworkStore artwork, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, ILogger<Enricher> logger)
{
    private const int BatchSize = 50;
    private const int MaxSeasons = 40;

    /// <summary>The kinds of item that are looked up.</summary>
    internal static readonly MediaKind[] Kinds = [MediaKind.Film, MediaKind.Series, MediaKind.Album, MediaKind.Game, MediaKind.Artist];

    /// <summary>Looks up items that have not been looked up yet, or that had no result more than a week ago.</summary>
    /// <returns>The number of items looked up; null when there is none because a first scan runs.</returns>
    public async Task<int?> EnrichAsync(int max, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var kinds = Kinds.Where(kind => providers.For(kind).Any()).ToList();
        var (done, tried, after) = (0, 0, 0L);
        while (kinds.Count > 0 && tried < max)
        {
            if (await store.UnmatchedAsync(after, kinds, BatchSize, cancellation) is not { } ids)
            {
                return done == 0 ? null : done;
            }

            if (ids.Count == 0)
            {
                break;
            }

            foreach (var id in ids)
            {
                cancellation.ThrowIfCancellationRequested();
                (after, tried) = (id, tried + 1);
                if (await reader.GetAsync(id, cancellation) is { } detail && kinds.Contains(detail.Item.Kind))
                {
                    try
                    {
                        await SearchAsync(detail, cancellation);
                        done++;
                    }
                    catch (ProviderException exception)
                    {
                        // Another provider may have the next item; a kind is dropped only when none of its providers is ready.
                        logger.LogInformation("A work waits for the next run: {Why}", exception.Message);
                        kinds.RemoveAll(kind => providers.For(kind).All(p => !p.Status.IsReady));
                    }
                }
            }

            progress.Report(new ProgressUpdate(null, $"{done} looked up"));
            events.Publish(new ItemsChanged());
        }

        return done;
    }

    /// <summary>Refreshes expired metadata, the oldest first.</summary>
    public async Task<int> RefreshAsync(int max, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var (counted, matches) = (db.CountedItems, db.Matches);
        // Skips items that are never refreshed: they would stay first in the order and block those behind them.
        var ids = await db.ExternalMetadata.AsNoTracking()
            .Where(e => e.ExpiresAt < now && counted.Any(i => i.Id == e.ItemId) && !matches.Any(m => m.ItemId == e.ItemId && m.State == MatchState.LeftAlone))
            .OrderBy(e => e.ExpiresAt).Select(e => e.ItemId).Take(max).ToListAsync(cancellation);
        var done = 0;
        foreach (var id in ids)
        {
            try
            {
                if (await reader.GetAsync(id, cancellation) is { } detail && providers.For(detail.Item.Kind).Any())
                {
                    done += await RefreshAsync(detail, cancellation) is null ? 1 : 0;
                }
            }
            catch (ProviderException exception)
            {
                logger.LogInformation("A record stays as it is: {Why}", exception.Message);
            }
        }

        if (done > 0)
        {
            events.Publish(new ItemsChanged());
        }

        return done;
    }

    /// <summary>Fetches the matched entry again; searches again for an item without one.</summary>
    /// <returns>Why nothing changed; null when the providers responded.</returns>
    internal async Task<string?> RefreshAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var match = await FindMatchAsync(detail.Item.Id, cancellation);
        if (match is { State: MatchState.LeftAlone })
        {
            return "A person wants no record for it.";
        }

        if (match is { State: MatchState.Automatic or MatchState.Pinned, ExternalId: { } externalId } && providers.Find(match.Provider) is { } provider)
        {
            if (!provider.Status.IsEnabled)
            {
                return $"{provider.Status.DescribeProblem(provider.Profile.Title)} The item is matched with it.";
            }

            if (await provider.DetailsAsync(detail.Item.Kind, externalId, forceRefresh: true, cancellation) is not { } details)
            {
                return $"{provider.Profile.Title} no longer has the record {externalId}.";
            }

            if (details.IsStale)
            {
                return provider.Status.DescribeProblem(provider.Profile.Title) ?? $"{provider.Profile.Title} did not answer.";
            }

            await ApplyAsync(detail, provider, details, match, forceRefresh: true, cancellation);
            return null;
        }

        await SearchAsync(detail, cancellation, forceRefresh: true);
        var problems = providers.For(detail.Item.Kind).Select(p => p.Status.DescribeProblem(p.Profile.Title)).ToList();
        return problems.Contains(null) || await FindMatchAsync(detail.Item.Id, cancellation) is { State: MatchState.Automatic } ? null : string.Join(" ", problems);
    }

    /// <summary>Searches by ids that were found for an item, unless a user decided its match or the matched entry has one of them.</summary>
    internal async Task MatchByIdsAsync(MediaDetail detail, IReadOnlyDictionary<string, string> ids, CancellationToken cancellation)
    {
        var match = await FindMatchAsync(detail.Item.Id, cancellation);
        if (match is { State: MatchState.Pinned or MatchState.LeftAlone } || !providers.For(detail.Item.Kind).Any())
        {
            return;
        }

        var stored = match is { State: MatchState.Automatic, Provider: { } provider } ? await FindStoredAsync(detail.Item.Id, provider, cancellation) : null;
        if (stored is not null && ids.Any(id => stored.Ids.TryGetValue(id.Key, out var same) && same == id.Value))
        {
            return;
        }

        try
        {
            await SearchAsync(detail, cancellation);
        }
        catch (ProviderException exception)
        {
            logger.LogInformation("A work is looked up by its ids later: {Why}", exception.Message);
        }
    }

    /// <returns>False when the provider has no entry with this id.</returns>
    internal async Task<bool> PinAsync(MediaDetail detail, IMetadataProvider provider, string externalId, AuditEntry auditEntry, CancellationToken cancellation)
    {
        var id = externalId.StartsWith("tt", StringComparison.Ordinal) ? await provider.ResolveIdAsync(detail.Item.Kind, "imdb", externalId, cancellation) : externalId;
        if (id is null || await provider.DetailsAsync(detail.Item.Kind, id, forceRefresh: false, cancellation) is not { } details)
        {
            return false;
        }

        var before = await FindMatchAsync(detail.Item.Id, cancellation);
        var match = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Pinned, Confidence = 1, Reasons = "chosen by a person", Candidates = before?.Candidates };
        await ApplyAsync(detail, provider, details, match, forceRefresh: false, cancellation, auditEntry);
        return true;
    }

    internal Task DisableMatchAsync(MediaDetail detail, AuditEntry auditEntry, CancellationToken cancellation) =>
        store.ApplyAsync(new MatchRow { ItemId = detail.Item.Id, State = MatchState.LeftAlone, Reasons = "left alone by a person" }, null, null, [], cancellation, auditEntry);

    private async Task SearchAsync(MediaDetail detail, CancellationToken cancellation, bool forceRefresh = false)
    {
        var query = (await QueryAsync(detail, cancellation)) with { ForceRefresh = forceRefresh };
        ProviderException? failure = null;
        IReadOnlyList<Candidate> best = [];
        foreach (var provider in providers.For(detail.Item.Kind))
        {
            try
            {
                if (await TryMatchAsync(detail, query, provider, cancellation) is not { } ranked)
                {
                    return;
                }

                best = ranked.Count > 0 && (best.Count == 0 || ranked[0].Confidence > best[0].Confidence) ? ranked : best;
            }
            catch (ProviderException exception)
            {
                failure = exception;    // try the next provider
            }
        }

        if (failure is not null && best.Count == 0)
        {
            throw failure;
        }

        var isDoubtful = best is [{ Confidence: >= MatchScorer.ReviewThreshold }, ..];
        await store.ApplyAsync(
            new MatchRow
            {
                ItemId = detail.Item.Id,
                State = isDoubtful ? MatchState.Doubtful : MatchState.None,
                Confidence = best is [var first, ..] ? first.Confidence : 0,
                Reasons = isDoubtful ? string.Join("; ", best[0].Reasons) : "nothing alike was found",
                Candidates = best.Count == 0 ? null : JsonSerializer.Serialize(best),
            },
            null, null, [], cancellation);
    }

    /// <returns>Null when the item was matched; otherwise the candidates.</returns>
    private async Task<IReadOnlyList<Candidate>?> TryMatchAsync(MediaDetail detail, MetadataQuery query, IMetadataProvider provider, CancellationToken cancellation)
    {
        foreach (var (idType, value) in query.Ids)
        {
            if (await provider.ResolveIdAsync(query.Kind, idType, value, cancellation) is { } bound
                && await provider.DetailsAsync(query.Kind, bound, forceRefresh: false, cancellation) is { } named)
            {
                var binding = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Automatic, Confidence = 1, Reasons = $"its name or NFO file says {idType} {value}" };
                await ApplyAsync(detail, provider, named, binding, forceRefresh: false, cancellation);
                return null;
            }
        }

        var ranked = MatchScorer.Rank(query, await provider.SearchAsync(query, cancellation));
        if (!MatchScorer.IsConfident(ranked) || await provider.DetailsAsync(query.Kind, ranked[0].ExternalId, forceRefresh: false, cancellation) is not { } details)
        {
            return ranked;
        }

        var match = new MatchRow
        {
            ItemId = detail.Item.Id,
            State = MatchState.Automatic,
            Confidence = ranked[0].Confidence,
            Reasons = string.Join("; ", ranked[0].Reasons),
            Candidates = JsonSerializer.Serialize(ranked),
        };
        await ApplyAsync(detail, provider, details, match, forceRefresh: false, cancellation);
        return null;
    }

    private async Task ApplyAsync(MediaDetail detail, IMetadataProvider provider, DetailedMetadata details, MatchRow match, bool forceRefresh, CancellationToken cancellation, AuditEntry? auditEntry = null)
    {
        (match.Provider, match.ExternalId) = (provider.Profile.Name, details.ExternalId);
        var parts = new List<PartMetadata>();
        if (detail.Item.Kind is MediaKind.Series or MediaKind.Album)
        {
            var children = await reader.ChildrenAsync(detail.Item.Id, cancellation);
            var localSeasons = children.Select(c => c.Season ?? (detail.Item.Kind == MediaKind.Album ? 1 : null)).OfType<int>();
            foreach (var season in localSeasons.Concat(details.Seasons).Distinct().Order().Take(MaxSeasons))
            {
                parts.AddRange(await provider.PartsAsync(detail.Item.Kind, details.ExternalId, season, forceRefresh, cancellation));
            }
        }

        details = await FillMissingAsync(detail.Item.Kind, provider, details, cancellation);
        await store.ApplyAsync(match, details, await FetchPosterAsync(provider, details, cancellation), parts, cancellation, auditEntry);
    }

    /// <summary>Takes what the provider does not have from the others that have the same item by one of its ids.</summary>
    private async Task<DetailedMetadata> FillMissingAsync(MediaKind kind, IMetadataProvider provider, DetailedMetadata details, CancellationToken cancellation)
    {
        var filledFrom = new Dictionary<string, string>();
        foreach (var other in providers.For(kind).Where(p => p != provider))
        {
            if (details is { Description: not null, Rating: not null, PosterUrl: not null })
            {
                break;
            }

            try
            {
                if (await FindSameAsync(other, kind, details.Ids, cancellation) is not { } same)
                {
                    continue;
                }

                void FillFrom(string field, bool isFilled)
                {
                    if (isFilled)
                    {
                        filledFrom[field] = other.Profile.Name;
                    }
                }

                FillFrom("description", details.Description is null && same.Description is not null);
                FillFrom("rating", details.Rating is null && same.Rating is not null);
                FillFrom("poster", details.PosterUrl is null && same.PosterUrl is not null);
                details = details with { Description = details.Description ?? same.Description, Rating = details.Rating ?? same.Rating, PosterUrl = details.PosterUrl ?? same.PosterUrl, FilledFrom = filledFrom };
            }
            catch (ProviderException exception)
            {
                logger.LogInformation("A gap in a record stays: {Why}", exception.Message);
            }
        }

        return details;
    }

    private static async Task<DetailedMetadata?> FindSameAsync(IMetadataProvider other, MediaKind kind, IReadOnlyDictionary<string, string> ids, CancellationToken cancellation)
    {
        foreach (var (idType, id) in ids)
        {
            if (await other.ResolveIdAsync(kind, idType, id, cancellation) is { } known)
            {
                return await other.DetailsAsync(kind, known, forceRefresh: false, cancellation);
            }
        }

        return null;
    }

    private async Task<string?> FetchPosterAsync(IMetadataProvider provider, DetailedMetadata details, CancellationToken cancellation)
    {
        var from = details.FilledFrom.TryGetValue("poster", out var filledBy) ? providers.Find(filledBy) : provider;
        try
        {
            return details.PosterUrl is { } url && from?.Channel is { } channel ? await artwork.SaveAsync(channel, url, cancellation) : null;
        }
        catch (ProviderException exception)
        {
            logger.LogInformation("A poster was not fetched: {Why}", exception.Message);
            return null;
        }
    }

    private async Task<MatchRow?> FindMatchAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Matches.AsNoTracking().SingleOrDefaultAsync(m => m.ItemId == id, cancellation);
    }

    private async Task<MetadataQuery> QueryAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var ids = MatchScorer.FindIds(await FindPathAsync(detail.Item.Id, 0, cancellation) ?? "").ToDictionary();
        foreach (var (idType, id) in (await FindStoredAsync(detail.Item.Id, NfoLayer.Name, cancellation))?.Ids ?? new Dictionary<string, string>())
        {
            ids[idType] = id;
        }

        return new MetadataQuery(detail.Item.Kind, detail.Item.Title, detail.Item.Year, detail.Ancestors.FirstOrDefault(a => a.Kind == MediaKind.Artist)?.Title, ids);
    }

    private async Task<DetailedMetadata?> FindStoredAsync(long id, string provider, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var payload = await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == id && e.Provider == provider).Select(e => e.Payload).SingleOrDefaultAsync(cancellation);
        return payload is null ? null : JsonSerializer.Deserialize<DetailedMetadata>(payload);
    }

    /// <summary>A path of the item or, for a series or an album, of its first part.</summary>
    private async Task<string?> FindPathAsync(long id, int depth, CancellationToken cancellation)
    {
        if (await reader.VersionsAsync(id, cancellation) is [var version, ..])
        {
            return version.Path;
        }

        return depth < 2 && await reader.ChildrenAsync(id, cancellation) is [var child, ..] ? await FindPathAsync(child.Id, depth + 1, cancellation) : null;
    }
}
