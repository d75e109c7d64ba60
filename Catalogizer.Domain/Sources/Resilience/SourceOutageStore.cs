using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>A reported outage of a source. Row of <c>source_outages</c>.</summary>
public sealed class SourceOutage
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public DateTimeOffset AwayAt { get; set; }

    public string? Why { get; set; }

    /// <summary>When the source recovered; null until the recovery has been reported.</summary>
    public DateTimeOffset? BackAt { get; set; }
}

/// <summary>An outage as shown on pages.</summary>
public sealed record OutageView(long Id, long SourceId, string Source, DateTimeOffset StartedAt, string? Reason, DateTimeOffset? EndedAt);

/// <summary>Stores reported outages, so that each is reported only once, also across restarts.</summary>
public sealed class SourceOutageStore(IDbContextFactory<CatalogDbContext> contexts)
{
    /// <summary>The latest outages of sources in the catalogue, the last reported first.</summary>
    public async Task<IReadOnlyList<OutageView>> ListRecentAsync(Actor actor, int max, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var outages = await db.SourceOutages.AsNoTracking()
            .Join(db.Sources, o => o.SourceId, s => s.Id, (o, s) => new { Outage = o, s.Name })
            .OrderByDescending(o => o.Outage.Id).Take(max)
            .Select(o => new OutageView(o.Outage.Id, o.Outage.SourceId, o.Name, o.Outage.AwayAt, o.Outage.Why, o.Outage.BackAt)).ToListAsync(cancellation);
        return [.. outages.Select(o => o with { Reason = o.Reason.RedactFor(actor) })];
    }

    /// <summary>Ids of the sources that are reported as unreachable.</summary>
    internal async Task<IReadOnlyList<long>> ListOpenAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.SourceOutages.Where(o => o.BackAt == null).Select(o => o.SourceId).Distinct().ToListAsync(cancellation);
    }

    internal async Task BeginAsync(long sourceId, DateTimeOffset at, string? why, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AnyAsync(s => s.Id == sourceId, cancellation))
        {
            db.SourceOutages.Add(new SourceOutage { SourceId = sourceId, AwayAt = at, Why = why });
            await db.SaveChangesAsync(cancellation);
        }
    }

    internal async Task EndAsync(long sourceId, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.SourceOutages.Where(o => o.SourceId == sourceId && o.BackAt == null).ForEachAsync(outage => outage.BackAt = at, cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
