using System.Text.Json;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Finds the record of a work and brings what it tells into the catalogue, beneath what people set.</summary>
public sealed class Enricher(
    ProviderManager providers, IMatchStore store, ArtworkStore artwork, ICatalogueReader reader, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, ILogger<Enricher> logger)
{
    private const int Batch = 50;
    private const int MostSeasons = 40;
    private static readonly MediaKind[] Kinds = [MediaKind.Film, MediaKind.Series, MediaKind.Album, MediaKind.Game];

    /// <summary>Looks up works that nobody has looked up yet.</summary>
    /// <returns>How many were looked up; null while a first scan runs.</returns>
    public async Task<int?> EnrichAsync(int most, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        var kinds = Kinds.Where(kind => providers.For(kind).Any()).ToList();
        var (done, after) = (0, 0L);
        while (kinds.Count > 0 && done < most)
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
                after = id;
                if (await reader.GetAsync(id, cancellation) is { } detail && kinds.Contains(detail.Item.Kind))
                {
                    try
                    {
                        await SearchAsync(detail, cancellation);
                        done++;
                    }
                    catch (ProviderFault fault)
                    {
                        logger.LogInformation("Works of one kind wait for the next run: {Why}", fault.Message);
                        kinds.Remove(detail.Item.Kind);
                    }
                }
            }

            progress.Report(new WorkProgress(null, $"{done} looked up"));
            events.Publish(new ItemsChanged());
        }

        return done;
    }

    /// <summary>Asks again about records that are past their time, the oldest first.</summary>
    public async Task<int> RefreshAsync(int most, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var ids = await db.ExternalMetadata.AsNoTracking().Where(e => e.ExpiresAt < now).OrderBy(e => e.ExpiresAt).Select(e => e.ItemId).Take(most).ToListAsync(cancellation);
        var done = 0;
        foreach (var id in ids)
        {
            try
            {
                if (await reader.GetAsync(id, cancellation) is { } detail && providers.For(detail.Item.Kind).Any())
                {
                    await RefreshAsync(detail, cancellation);
                    done++;
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
    internal async Task RefreshAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var match = await MatchOfAsync(detail.Item.Id, cancellation);
        if (match is { State: MatchState.Automatic or MatchState.Pinned, ExternalId: { } externalId } && providers.Find(match.Provider) is { } provider)
        {
            if (providers.ChannelOf(provider).IsOn && await provider.DetailsAsync(detail.Item.Kind, externalId, anew: true, cancellation) is { } details)
            {
                await ApplyAsync(detail, provider, details, match, anew: true, cancellation);
            }

            return;
        }

        await SearchAsync(detail, cancellation);
    }

    /// <returns>False when the provider has nothing of that id.</returns>
    internal async Task<bool> PinAsync(MediaDetail detail, IMetadataProvider provider, string externalId, CancellationToken cancellation)
    {
        var id = externalId.StartsWith("tt", StringComparison.Ordinal) ? await provider.ResolveAsync(detail.Item.Kind, "imdb", externalId, cancellation) : externalId;
        if (id is null || await provider.DetailsAsync(detail.Item.Kind, id, anew: false, cancellation) is not { } details)
        {
            return false;
        }

        var before = await MatchOfAsync(detail.Item.Id, cancellation);
        var match = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Pinned, Confidence = 1, Reasons = "chosen by a person", Candidates = before?.Candidates };
        await ApplyAsync(detail, provider, details, match, anew: false, cancellation);
        return true;
    }

    internal Task LeaveAloneAsync(MediaDetail detail, CancellationToken cancellation) =>
        store.ApplyAsync(new MatchRow { ItemId = detail.Item.Id, State = MatchState.LeftAlone, Reasons = "left alone by a person" }, null, null, [], cancellation);

    private async Task SearchAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var work = await WorkOfAsync(detail, cancellation);
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
                var binding = new MatchRow { ItemId = detail.Item.Id, State = MatchState.Automatic, Confidence = 1, Reasons = $"the name says {register} {value}" };
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

    private async Task ApplyAsync(MediaDetail detail, IMetadataProvider provider, DetailedMetadata details, MatchRow match, bool anew, CancellationToken cancellation)
    {
        (match.Provider, match.ExternalId) = (provider.Profile.Name, details.ExternalId);
        var parts = new List<PartMetadata>();
        if (detail.Item.Kind == MediaKind.Series)
        {
            var seasons = (await reader.ChildrenAsync(detail.Item.Id, cancellation)).Select(c => c.Season).OfType<int>().Distinct().Order().Take(MostSeasons);
            foreach (var season in seasons)
            {
                parts.AddRange(await provider.PartsAsync(detail.Item.Kind, details.ExternalId, season, anew, cancellation));
            }
        }

        string? poster = null;
        try
        {
            poster = details.PosterUrl is { } url ? await artwork.KeepAsync(providers.ChannelOf(provider), url, cancellation) : null;
        }
        catch (ProviderFault fault)
        {
            logger.LogInformation("A poster was not fetched: {Why}", fault.Message);
        }

        await store.ApplyAsync(match, details, poster, parts, cancellation);
    }

    private async Task<MatchRow?> MatchOfAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Matches.AsNoTracking().SingleOrDefaultAsync(m => m.ItemId == id, cancellation);
    }

    private async Task<WorkQuery> WorkOfAsync(MediaDetail detail, CancellationToken cancellation)
    {
        var path = await PathOfAsync(detail.Item.Id, 0, cancellation);
        return new WorkQuery(
            detail.Item.Kind, detail.Item.Title, detail.Item.Year, detail.Ancestors.FirstOrDefault(a => a.Kind == MediaKind.Artist)?.Title, Matching.IdsIn(path ?? ""));
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
