using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Analytics;

/// <summary>Answers how the catalogue grows and what it is made of, from snapshots taken before; no question looks at the files themselves.</summary>
public sealed class AnalyticsService(ISnapshotStore snapshots, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time)
{
    /// <summary>How far back growth reaches unless asked.</summary>
    public const int DefaultDays = 365;

    /// <summary>Today, which is the same day everywhere: by UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Takes today's snapshot, and says so.</summary>
    /// <returns>False while a first scan is under way; its end is the time.</returns>
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

    /// <summary>The totals of every day that is known, in order. What was known before the range stands at its first day, so that a curve begins where it was.</summary>
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

    /// <summary>What the last snapshot found; null when there is none yet.</summary>
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
/// <param name="Estimated">Whether the day lies before the first snapshot, and its numbers tell when what is there now was first seen.</param>
public sealed record GrowthDay(DateOnly Day, long Works, long? Versions, long Files, long Bytes, bool Estimated);

/// <summary>What the catalogue is made of.</summary>
public sealed record AnalyticsReport(SnapshotDay Totals, ILookup<SnapshotFacet, SnapshotCount> Counts, ILookup<LargestList, LargestEntry> Largest);
