using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>A period in which a source's connection state did not change.</summary>
/// <param name="Until">Null while the period lasts.</param>
public sealed record SourcePeriod(CircuitState State, DateTimeOffset Since, DateTimeOffset? Until, string? Why, double? LatencyMs);

/// <summary>The known availability of a source over time.</summary>
/// <param name="Periods">Newest first.</param>
/// <param name="ByHour">Share of time (0 to 1) the source was connected in each hour of the week, UTC, starting Monday 00:00; null when unknown.</param>
public sealed record SourceHistory(IReadOnlyList<SourcePeriod> Periods, IReadOnlyList<double?> ByHour);

/// <summary>Stores the state changes of each source, limited in number and age.</summary>
public sealed class SourceTimeline(IDbContextFactory<CatalogDbContext> contexts, CircuitRegistry circuits, TimeProvider time)
{
    private const int MaxRows = 2000;
    private const int HoursPerWeek = 168;
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);

    /// <summary>Saves a state change, unless the last saved one has the same state.</summary>
    internal async Task AddAsync(CircuitStateChange change, CancellationToken cancellation)
    {
        var id = change.Circuit.Source.Id;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows = db.SourceStates.Where(s => s.SourceId == id);
        if (!await db.Sources.AnyAsync(s => s.Id == id, cancellation)
            || await rows.OrderByDescending(s => s.Id).Select(s => (CircuitState?)s.State).FirstOrDefaultAsync(cancellation) == change.State)
        {
            return;
        }

        var status = change.Circuit.Status;
        db.SourceStates.Add(new SourceStateRow
        {
            SourceId = id,
            State = change.State,
            Since = change.At,
            Why = change.State == CircuitState.Closed ? null : status.LastError,
            LatencyMs = status.LatencyMs,
        });
        await db.SaveChangesAsync(cancellation);
        var oldest = time.GetUtcNow() - MaxAge;
        var last = await rows.OrderByDescending(s => s.Id).Skip(MaxRows).Select(s => (long?)s.Id).FirstOrDefaultAsync(cancellation) ?? 0;
        await rows.Where(s => s.Id <= last || s.Since < oldest).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The availability of a source as far as it is stored.</summary>
    public async Task<Result<SourceHistory>> ReadAsync(Actor actor, long sourceId, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is not { } source)
        {
            return SourceErrors.SourceNotFound(sourceId);
        }

        var current = circuits.GetStatus(source);
        var rows = await db.SourceStates.AsNoTracking().Where(s => s.SourceId == sourceId).OrderBy(s => s.Id).ToListAsync(cancellation);
        var periods = new List<SourcePeriod>(rows.Count + 1);
        if ((rows.Count == 0 || rows[0].State != CircuitState.Closed) && await FindFirstSuccessAsync(db, sourceId, cancellation) is { } began && (rows.Count == 0 || began < rows[0].Since))
        {
            periods.Add(new SourcePeriod(CircuitState.Closed, began, rows.Count == 0 ? null : rows[0].Since, null, null));
        }

        for (var i = 0; i < rows.Count; i++)
        {
            periods.Add(new SourcePeriod(rows[i].State, rows[i].Since, i + 1 < rows.Count ? rows[i + 1].Since : null, rows[i].Why.RedactFor(actor), rows[i].LatencyMs));
        }

        // A very recent change may not be saved yet; the history must agree with the current state shown next to it.
        if (periods is [.., var last] && current.Since >= last.Since && (current.State == CircuitState.HalfOpen ? last.State == CircuitState.Closed : last.State != current.State))
        {
            periods[^1] = last with { Until = current.Since };
            periods.Add(new SourcePeriod(current.State == CircuitState.HalfOpen ? CircuitState.Open : current.State, current.Since, null, current.LastError.RedactFor(actor), current.LatencyMs));
        }

        var byHour = CalculateByHour(periods, time.GetUtcNow());
        periods.Reverse();
        return new SourceHistory(periods, byHour);
    }

    /// <summary>Start of the first finished scan, the earliest known time at which the source answered; null when there is none.</summary>
    private static Task<DateTimeOffset?> FindFirstSuccessAsync(CatalogDbContext db, long sourceId, CancellationToken cancellation) =>
        db.Scans.Where(s => s.SourceId == sourceId && (s.State == ScanState.Completed || s.State == ScanState.Held)).MinAsync(s => s.StartedAt, cancellation);

    /// <summary>Calculates the connected share of each hour of the week, over the last 90 days.</summary>
    internal static IReadOnlyList<double?> CalculateByHour(IEnumerable<SourcePeriod> periods, DateTimeOffset now)
    {
        var (known, answered) = (new double[HoursPerWeek], new double[HoursPerWeek]);
        foreach (var period in periods)
        {
            var (at, end) = (period.Since.ToUniversalTime(), period.Until ?? now);
            at = at < now - MaxAge ? now - MaxAge : at;
            while (at < end)
            {
                var hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
                var next = hour.AddHours(1) < end ? hour.AddHours(1) : end;
                var index = ((((int)hour.DayOfWeek + 6) % 7) * 24) + hour.Hour;
                known[index] += (next - at).TotalSeconds;
                answered[index] += period.State == CircuitState.Closed ? (next - at).TotalSeconds : 0;
                at = next;
            }
        }

        return [.. known.Select((seconds, i) => seconds > 0 ? answered[i] / seconds : (double?)null)];
    }
}
