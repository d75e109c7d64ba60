using System.Collections.Immutable;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The current state of a check, with its history.</summary>
/// <param name="LastFinding">Result of the last run; null before the first.</param>
/// <param name="Since">Since when the result has been the same; null when unknown.</param>
/// <param name="LastFailure">The last period in which it failed; null when none is recorded.</param>
/// <param name="Periods">The recorded periods in the requested time, oldest first.</param>
public sealed record CheckStatus(HealthCheck Check, HealthFinding? LastFinding, DateTimeOffset? CheckedAt, DateTimeOffset? Since, HealthPeriod? LastFailure, IReadOnlyList<HealthPeriod> Periods);

/// <summary>The health of the whole program.</summary>
/// <param name="Status">healthy, degraded or unhealthy.</param>
public sealed record SystemHealth(string Status, DateTimeOffset? CheckedAt, IReadOnlyList<CheckStatus> Checks);

/// <summary>Runs the checks, saves their results, and publishes an alert when one starts to fail or passes again.</summary>
public sealed class HealthService(HealthChecker checker, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<HealthService> logger) : IDisposable
{
    /// <summary>Runs further apart than this leave a gap in the history: the state in between is unknown.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _lock = new(1);
    private volatile ImmutableDictionary<string, HealthFinding> _lastFindings = ImmutableDictionary<string, HealthFinding>.Empty;
    private volatile ImmutableHashSet<string>? _alarms;
    private DateTimeOffset? _checkedAt;

    /// <summary>Time of the next retry of a failed part; null when none is scheduled.</summary>
    internal DateTimeOffset? NextRetryAt =>
        checker.Checks.Where(c => c.Retry is not null).Select(c => _lastFindings.GetValueOrDefault(c.Name)).OfType<HealthFinding>().SelectMany(f => f.Parts).Where(p => !p.Ok).Min(p => p.NextAt);

    public void Dispose() => _lock.Dispose();

    /// <summary>Runs every check now.</summary>
    public async Task<IReadOnlyList<HealthFinding>> RunChecksAsync(CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            var findings = await checker.CheckAsync(cancellation);
            _checkedAt = time.GetUtcNow();
            await ApplyAsync(findings, findings, cancellation);
            events.Publish(new HealthChecked());
            return findings;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Runs the checks that cost next to nothing. Saves only changes between passing and failing.</summary>
    internal async Task RunLiveChecksAsync(CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            var findings = await checker.CheckAsync(checker.Checks.Where(c => c.IsLive), cancellation);
            var before = _lastFindings;
            await ApplyAsync(findings, [.. findings.Where(f => before.GetValueOrDefault(f.Name)?.Ok != f.Ok)], cancellation);
            if (findings.Any(f => !HasSameState(f, before.GetValueOrDefault(f.Name))))
            {
                events.Publish(new HealthChecked());
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>The current state of every check, with its history over the given period.</summary>
    /// <exception cref="PermissionDeniedException"/>
    public async Task<SystemHealth> ReadAsync(Actor actor, TimeSpan period, CancellationToken cancellation)
    {
        actor.Require(Permission.SystemView);
        await (_checkedAt is null ? RunChecksAsync(cancellation) : RunLiveChecksAsync(cancellation));
        var now = time.GetUtcNow();
        var from = now - period;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows = await db.HealthChecks.AsNoTracking().Where(r => r.Until >= from).OrderBy(r => r.Id).ToListAsync(cancellation);
        var failures = await db.HealthChecks.AsNoTracking().Where(r => !r.Ok).GroupBy(r => r.Name).Select(g => g.OrderByDescending(r => r.Id).First()).ToListAsync(cancellation);
        var last = _lastFindings;
        return new SystemHealth(HealthChecker.GetStatus(last.Values), _checkedAt, [.. checker.Checks.Select(check =>
        {
            var periods = rows.FindAll(r => r.Name == check.Name);
            var finding = last.GetValueOrDefault(check.Name);
            var current = periods.Count > 0 && periods[^1].Ok == finding?.Ok ? periods[^1] : null;
            if (current is not null && now - current.Until <= MaxGap)
            {
                current.Until = now;
            }

            return new CheckStatus(check, finding, _checkedAt, current?.Since, failures.Find(f => f.Name == check.Name), periods);
        })]);
    }

    /// <summary>
    /// The checks that have failed for longer than their grace period and are not reported elsewhere; empty without
    /// the permission <c>SystemView</c>.
    /// </summary>
    public IReadOnlyList<HealthFinding> GetFailing(Actor actor) => !actor.HasPermission(Permission.SystemView) || _alarms is not { } alarms ? []
        : [.. checker.Checks.Where(c => !c.IsReportedElsewhere && alarms.Contains(c.Name)).Select(c => _lastFindings.GetValueOrDefault(c.Name)).OfType<HealthFinding>().Where(f => !f.Ok)];

    /// <summary>
    /// Ignores the message of the check, which may contain a figure: subscribers to a change run the checks again, and another figure
    /// would then be the next change.
    /// </summary>
    private static bool HasSameState(HealthFinding finding, HealthFinding? before) =>
        finding.Ok == before?.Ok && finding.Parts.Select(p => (p.Name, p.Ok, p.Message)).SequenceEqual(before.Parts.Select(p => (p.Name, p.Ok, p.Message)));

    /// <summary>Applies the findings, saves the changes, and publishes an alert for each check that becomes an alarm or stops being one.</summary>
    private async Task ApplyAsync(IReadOnlyList<HealthFinding> findings, IReadOnlyList<HealthFinding> changes, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var alarms = _alarms ?? await LoadAlarmsAsync(cancellation);
        var failingSince = await SaveAsync(changes, now, cancellation);
        foreach (var finding in changes)
        {
            var check = checker.Checks.First(c => c.Name == finding.Name);
            var wasAlarm = alarms.Contains(finding.Name);
            var isAlarm = !finding.Ok && (wasAlarm || now - failingSince.GetValueOrDefault(finding.Name, now) >= check.GracePeriod);
            if (wasAlarm != isAlarm)
            {
                PublishAlert(finding, check);
                alarms = isAlarm ? alarms.Add(finding.Name) : alarms.Remove(finding.Name);
            }
        }

        _lastFindings = _lastFindings.SetItems(findings.Select(f => KeyValuePair.Create(f.Name, f)));
        _alarms = alarms;
    }

    /// <summary>The checks whose alarm was published by an earlier process and that have not passed since.</summary>
    private async Task<ImmutableHashSet<string>> LoadAlarmsAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var periods = db.HealthChecks.AsNoTracking();
            var failing = await periods.Where(r => !r.Ok && !periods.Any(later => later.Name == r.Name && later.Ok && later.Id > r.Id)).ToListAsync(cancellation);
            return [.. checker.Checks.Where(c => failing.Exists(r => r.Name == c.Name && r.Until - r.Since >= c.GracePeriod)).Select(c => c.Name)];
        }
        catch (System.Data.Common.DbException exception)
        {
            logger.LogWarning(exception, "What checks found before could not be read");
            return [];
        }
    }

    /// <summary>
    /// Adds to the history and returns since when each check has failed. The checks must go on when the database cannot be written.
    /// </summary>
    private async Task<Dictionary<string, DateTimeOffset>> SaveAsync(IReadOnlyList<HealthFinding> findings, DateTimeOffset now, CancellationToken cancellation)
    {
        var failingSince = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            foreach (var finding in findings)
            {
                var row = await db.HealthChecks.Where(r => r.Name == finding.Name).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellation);
                var isKnown = row is not null && now - row.Until <= MaxGap;
                if (isKnown && row!.Ok != finding.Ok)
                {
                    row.Until = now;    // leaves no gap between the two on the health page
                }

                if (!isKnown || row!.Ok != finding.Ok)
                {
                    row = db.HealthChecks.Add(new HealthPeriod { Name = finding.Name, Ok = finding.Ok, Since = now, Message = finding.Message }).Entity;
                }

                (row.Until, row.Message, row.Duration) = (now, finding.Message, finding.DurationMilliseconds);
                (row.Looks, row.Slowest) = (row.Looks + 1, Math.Max(row.Slowest, finding.DurationMilliseconds));
                if (!finding.Ok)
                {
                    failingSince[finding.Name] = row.Since;
                }
            }

            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (exception is DbUpdateException or System.Data.Common.DbException)
        {
            logger.LogWarning(exception, "What the checks found could not be written down");
        }

        return failingSince;
    }

    private void PublishAlert(HealthFinding finding, HealthCheck check)
    {
        if (check.IsReportedElsewhere)
        {
            return;
        }

        if (finding.Ok)
        {
            logger.LogInformation("The check {Check} is in order again", finding.Name);
        }
        else
        {
            logger.Log(finding.Critical ? LogLevel.Error : LogLevel.Warning, "The check {Check} fails: {Why}", finding.Name, finding.Message);
        }

        events.Publish(new HealthAlert(finding.Name, finding.Title, finding.Ok, finding.Message));
    }
}
