using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Finds the record of a work and brings what it tells into the catalogue, beneath what people set.</summary>
public sealed class Enricher(
    ProviderManager providers, IMatchStore store, ArtworkStore artwork, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, ILogger<Enricher> logger)
{
    private const int Batch = 50;
    private const int MostSeasons = 40;

    /// <summary>The kinds of work that are looked up.</summary>
    internal static readonly MediaKind[] Kinds = [MediaKind.Film, MediaKind.Series, MediaKind.Album, MediaKind.Game, MediaKind.Artist];

    /// <summary>Looks up works that nobody has looked up yet.</summary>
    /// <returns>How many were looked up; null while a first scan runs.</returns>
    public async Task<int?> EnrichAsync(int most, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var kinds = Kinds.Where(kind => providers.For(kind).Any()).ToList();
        var (done, tried, after) = (0, 0, 0L);
        while (kinds.Count > 0 && tried < most)
        {
            if (await store.UnmatchedAsync(after, kinds, Batch, cancellation) is not { } ids)
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
                    catch (ProviderFault fault)
                    {
                        // Some other provider may know the next one; only where none is left there is no use in going on.
                        logger.LogInformation("A work waits for the next run: {Why}", fault.Message);
                        kinds.RemoveAll(kind => providers.For(kind).All(p => !p.Standing.IsReady));
                    }
                }
            }

            progress.Report(new ProgressUpdate(null, $"{done} looked up"));
            events.Publish(new ItemsChanged());
        }

        return done;
    }

    /// <summary>Asks again about records that are past their time, the oldest first.</summary>
    public async Task<int> RefreshAsync(int most, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        // Those that are never renewed would stay first for ever, and nothing behind them would get its turn.
        var ids = await db.ExternalMetadata.AsNoTracking()
            .Where(e => e.ExpiresAt < now && db.CountedItems.Any(i => i.Id == e.ItemId) && !db.Matches.Any(m => m.ItemId == e.ItemId && m.State == MatchState.LeftAlone))
            .OrderBy(e => e.ExpiresAt).Select(e => e.ItemId).Take(most).ToListAsync(cancellation);
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
            catch (ProviderFault fault)
            {
                logger.LogInformation("A record stays as it is: {Why}", fault.Message);
            }
        }

        if (done > 0)
        {
            events.Publish(new ItemsChanged());
        }

        return done;
    }

    /// <summary>The same record anew; a work without one is looked for again.</summary>
    /// <returns>Why everything stays as it was; null when the providers answered.</returns>
    internal async Task<string?> RefreshAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var match = await MatchOfAsync(detail.Item.Id, cancellation);
        if (match is { State: MatchState.LeftAlone })
        {
            return "A person wants no record for it.";
        }

        if (match is { State: MatchState.Automatic or MatchState.Pinned, ExternalId: { } externalId } && providers.Find(match.Provider) is { } provider)
        {
            if (!provider.Standing.IsOn)
            {
                return $"{provider.Standing.Trouble(provider.Profile.Title)} The item is matched with it.";
            }

            if (await provider.DetailsAsync(detail.Item.Kind, externalId, anew: true, cancellation) is not { } details)
            {
                return $"{provider.Profile.Title} no longer has the record {externalId}.";
            }

            if (details.IsStale)
            {
                return provider.Standing.Trouble(provider.Profile.Title) ?? $"{provider.Profile.Title} did not answer.";
            }

            await ApplyAsync(detail, provider, details, match, anew: true, cancellation);
            return null;
        }

        await SearchAsync(detail, cancellation, anew: true);
        var troubles = providers.For(detail.Item.Kind).Select(p => p.Standing.Trouble(p.Profile.Title)).ToList();
        return troubles.Contains(null) || await MatchOfAsync(detail.Item.Id, cancellation) is { State: MatchState.Automatic } ? null : string.Join(" ", troubles);
    }

    /// <summary>Ids of the work came up: unless a person decided, or it is tied to that very record, it is looked for by them.</summary>
    internal async Task BindAsync(MediaDetail detail, IReadOnlyDictionary<string, string> ids, CancellationToken cancellation)
    {
        var match = await MatchOfAsync(detail.Item.Id, cancellation);
        if (match is { State: MatchState.Pinned or MatchState.LeftAlone } || !providers.For(detail.Item.Kind).Any())
        {
            return;
        }

        var record = match is { State: MatchState.Automatic, Provider: { } provider } ? await RecordAsync(detail.Item.Id, provider, cancellation) : null;
        if (record is not null && ids.Any(id => record.Ids.TryGetValue(id.Key, out var same) && same == id.Value))
        {
            return;
        }

        try
        {
            await SearchAsync(detail, cancellation);
        }
        catch (ProviderFault fault)
        {
            logger.LogInformation("A work is looked up by its ids later: {Why}", fault.Message);
        }
    }

    /// <returns>False when the provider has nothing of that id.</returns>
    internal async Task<bool> PinAsync(MediaDetail detail, IMetadataProvider provider, string externalId, AuditEntry told, CancellationToken cancellation)
    {
        var id = externalId.StartsWith("tt", StringComparison.Ordinal) ? await provider.ResolveAsync(detail.Item.Kind, "imdb", externalId, cancellation) : externalId;
        if (id is null || await provider.DetailsAsync(detail.Item.Kind, id, anew: false, cancellation) is not { } details)
        {
            return false;
        }

        var before = await MatchOfAsync(detail.Item.Id, cancellation);
        var match = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Pinned, Confidence = 1, Reasons = "chosen by a person", Candidates = before?.Candidates };
        await ApplyAsync(detail, provider, details, match, anew: false, cancellation, told);
        return true;
    }

    internal Task LeaveAloneAsync(MediaDetail detail, AuditEntry told, CancellationToken cancellation) =>
        store.ApplyAsync(new MatchRow { ItemId = detail.Item.Id, State = MatchState.LeftAlone, Reasons = "left alone by a person" }, null, null, [], cancellation, told);

    private async Task SearchAsync(MediaDetail detail, CancellationToken cancellation, bool anew = false)
    {
        var work = (await WorkOfAsync(detail, cancellation)) with { Anew = anew };
        ProviderFault? fault = null;
        IReadOnlyList<Candidate> best = [];
        foreach (var provider in providers.For(detail.Item.Kind))
        {
            try
            {
                if (await TakeAsync(detail, work, provider, cancellation) is not { } ranked)
                {
                    return;
                }

                best = ranked.Count > 0 && (best.Count == 0 || ranked[0].Confidence > best[0].Confidence) ? ranked : best;
            }
            catch (ProviderFault met)
            {
                fault = met;    // the next one is asked
            }
        }

        if (fault is not null && best.Count == 0)
        {
            throw fault;
        }

        var isDoubtful = best is [{ Confidence: >= Matching.Doubtful }, ..];
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

    /// <returns>Null when the work was matched; else the candidates.</returns>
    private async Task<IReadOnlyList<Candidate>?> TakeAsync(MediaDetail detail, WorkQuery work, IMetadataProvider provider, CancellationToken cancellation)
    {
        foreach (var (register, value) in work.Ids)
        {
            if (await provider.ResolveAsync(work.Kind, register, value, cancellation) is { } bound
                && await provider.DetailsAsync(work.Kind, bound, anew: false, cancellation) is { } named)
            {
                var binding = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Automatic, Confidence = 1, Reasons = $"its name or NFO file says {register} {value}" };
                await ApplyAsync(detail, provider, named, binding, anew: false, cancellation);
                return null;
            }
        }

        var ranked = Matching.Rank(work, await provider.SearchAsync(work, cancellation));
        if (!Matching.IsSure(ranked) || await provider.DetailsAsync(work.Kind, ranked[0].ExternalId, anew: false, cancellation) is not { } details)
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
        await ApplyAsync(detail, provider, details, match, anew: false, cancellation);
        return null;
    }

    private async Task ApplyAsync(MediaDetail detail, IMetadataProvider provider, DetailedMetadata details, MatchRow match, bool anew, CancellationToken cancellation, AuditEntry? told = null)
    {
        (match.Provider, match.ExternalId) = (provider.Profile.Name, details.ExternalId);
        var parts = new List<PartMetadata>();
        if (detail.Item.Kind is MediaKind.Series or MediaKind.Album)
        {
            var children = await reader.ChildrenAsync(detail.Item.Id, cancellation);
            var here = children.Select(c => c.Season ?? (detail.Item.Kind == MediaKind.Album ? 1 : null)).OfType<int>();
            foreach (var season in here.Concat(details.Seasons).Distinct().Order().Take(MostSeasons))
            {
                parts.AddRange(await provider.PartsAsync(detail.Item.Kind, details.ExternalId, season, anew, cancellation));
            }
        }

        details = await FilledAsync(detail.Item.Kind, provider, details, cancellation);
        await store.ApplyAsync(match, details, await PosterAsync(provider, details, cancellation), parts, cancellation, told);
    }

    /// <summary>What the provider does not have is taken from the others that know the same work by an id of it.</summary>
    private async Task<DetailedMetadata> FilledAsync(MediaKind kind, IMetadataProvider provider, DetailedMetadata details, CancellationToken cancellation)
    {
        var lent = new Dictionary<string, string>();
        foreach (var other in providers.For(kind).Where(p => p != provider))
        {
            if (details is { Description: not null, Rating: not null, PosterUrl: not null })
            {
                break;
            }

            try
            {
                if (await SameAsync(other, kind, details.Ids, cancellation) is not { } same)
                {
                    continue;
                }

                void Lend(string field, bool isNews)
                {
                    if (isNews)
                    {
                        lent[field] = other.Profile.Name;
                    }
                }

                Lend("description", details.Description is null && same.Description is not null);
                Lend("rating", details.Rating is null && same.Rating is not null);
                Lend("poster", details.PosterUrl is null && same.PosterUrl is not null);
                details = details with { Description = details.Description ?? same.Description, Rating = details.Rating ?? same.Rating, PosterUrl = details.PosterUrl ?? same.PosterUrl, Lent = lent };
            }
            catch (ProviderFault fault)
            {
                logger.LogInformation("A gap in a record stays: {Why}", fault.Message);
            }
        }

        return details;
    }

    private static async Task<DetailedMetadata?> SameAsync(IMetadataProvider other, MediaKind kind, IReadOnlyDictionary<string, string> ids, CancellationToken cancellation)
    {
        foreach (var (register, id) in ids)
        {
            if (await other.ResolveAsync(kind, register, id, cancellation) is { } known)
            {
                return await other.DetailsAsync(kind, known, anew: false, cancellation);
            }
        }

        return null;
    }

    private async Task<string?> PosterAsync(IMetadataProvider provider, DetailedMetadata details, CancellationToken cancellation)
    {
        var from = details.Lent.TryGetValue("poster", out var lender) ? providers.Find(lender) : provider;
        try
        {
            return details.PosterUrl is { } url && from?.Channel is { } channel ? await artwork.KeepAsync(channel, url, cancellation) : null;
        }
        catch (ProviderFault fault)
        {
            logger.LogInformation("A poster was not fetched: {Why}", fault.Message);
            return null;
        }
    }

    private async Task<MatchRow?> MatchOfAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Matches.AsNoTracking().SingleOrDefaultAsync(m => m.ItemId == id, cancellation);
    }

    private async Task<WorkQuery> WorkOfAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var ids = Matching.IdsIn(await PathOfAsync(detail.Item.Id, 0, cancellation) ?? "").ToDictionary();
        foreach (var (register, id) in (await RecordAsync(detail.Item.Id, NfoLayer.Name, cancellation))?.Ids ?? new Dictionary<string, string>())
        {
            ids[register] = id;
        }

        return new WorkQuery(detail.Item.Kind, detail.Item.Title, detail.Item.Year, detail.Ancestors.FirstOrDefault(a => a.Kind == MediaKind.Artist)?.Title, ids);
    }

    private async Task<DetailedMetadata?> RecordAsync(long id, string provider, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var payload = await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == id && e.Provider == provider).Select(e => e.Payload).SingleOrDefaultAsync(cancellation);
        return payload is null ? null : JsonSerializer.Deserialize<DetailedMetadata>(payload);
    }

    /// <summary>A path of the work or, for a series or an album, of its first part.</summary>
    private async Task<string?> PathOfAsync(long id, int depth, CancellationToken cancellation)
    {
        if (await reader.VersionsAsync(id, cancellation) is [var version, ..])
        {
            return version.Path;
        }

        return depth < 2 && await reader.ChildrenAsync(id, cancellation) is [var child, ..] ? await PathOfAsync(child.Id, depth + 1, cancellation) : null;
    }
}
