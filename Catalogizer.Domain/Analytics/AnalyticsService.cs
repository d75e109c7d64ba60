using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Analytics;

/// <summary>Reports growth and composition of the catalogue from stored snapshots; no query reads the files themselves.</summary>
public sealed class AnalyticsService(ISnapshotStore snapshots, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time)
{
    /// <summary>Days of growth that are reported by default.</summary>
    public const int DefaultDays = 365;

    /// <summary>The current day in UTC, so that it is the same everywhere.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Takes today's snapshot and publishes <see cref="AnalyticsChanged"/>.</summary>
    /// <returns>False while a first scan runs; the snapshot is then due at its end.</returns>
    public async Task<bool> TakeSnapshotAsync(CancellationToken cancellation)
    {
        if (!await snapshots.TakeAsync(time.GetUtcNow(), cancellation))
        {
            return false;
        }

        events.Publish(new AnalyticsChanged());
        return true;
    }

    /// <summary>Whether today has no snapshot yet.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var today = Today;
        return !await db.SnapshotDays.AnyAsync(d => d.Day >= today && !d.FromFirstSeen, cancellation);
    }

    /// <summary>
    /// The totals of every known day, in order. The last known totals before the range are used for its first day, so that a chart
    /// starts at that level.
    /// </summary>
    /// <param name="from">Null: a year before <paramref name="to"/>.</param>
    /// <param name="to">Null: today.</param>
    public async Task<Growth> GrowthAsync(Actor actor, DateOnly? from, DateOnly? to, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        var last = to ?? Today;
        var first = from ?? last.AddDays(last.DayNumber < DefaultDays ? 0 : -DefaultDays);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var days = await db.SnapshotDays.AsNoTracking().Where(d => d.Day >= first && d.Day <= last).OrderBy(d => d.Day)
            .Select(d => new GrowthDay(d.Day, d.Works, d.Versions, d.Files, d.Bytes, d.FromFirstSeen)).ToListAsync(cancellation);
        if ((days.Count == 0 || days[0].Day > first)
            && await db.SnapshotDays.AsNoTracking().Where(d => d.Day < first).OrderByDescending(d => d.Day).FirstOrDefaultAsync(cancellation) is { } before)
        {
            days.Insert(0, new GrowthDay(first, before.Works, before.Versions, before.Files, before.Bytes, before.FromFirstSeen));
        }

        return new Growth(first, last, days);
    }

    /// <summary>The figures of the last snapshot; null when there is none yet.</summary>
    public async Task<AnalyticsReport?> ReportAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.SnapshotDays.AsNoTracking().Where(d => !d.FromFirstSeen).OrderByDescending(d => d.Day).FirstOrDefaultAsync(cancellation) is not { } totals)
        {
            return null;
        }

        var counts = await db.SnapshotCounts.AsNoTracking().Where(c => c.Day == totals.Day).ToListAsync(cancellation);
        var largest = await db.LargestEntries.AsNoTracking().OrderBy(l => l.Place).ToListAsync(cancellation);
        return new AnalyticsReport(totals, counts.ToLookup(c => c.Facet), largest.ToLookup(l => l.List));
    }
}

/// <summary>How the catalogue grew.</summary>
public sealed record Growth(DateOnly From, DateOnly To, IReadOnlyList<GrowthDay> Days);

/// <summary>The catalogue at the end of a UTC day.</summary>
/// <param name="Versions">Null where only <paramref name="Estimated"/> numbers are known.</param>
/// <param name="Estimated">Whether the day is before the first snapshot, so that its numbers count what exists now by when it was first seen.</param>
public sealed record GrowthDay(DateOnly Day, long Works, long? Versions, long Files, long Bytes, bool Estimated);

/// <summary>What the catalogue is made of.</summary>
public sealed record AnalyticsReport(SnapshotDay Totals, ILookup<SnapshotFacet, SnapshotCount> Counts, ILookup<LargestList, LargestEntry> Largest);
