using System.Collections.Immutable;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Health;

/// <summary>A check as it stands, with what came before.</summary>
/// <param name="LastFinding">What the last look found; null before the first.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="LastFailure">The last stretch in which it failed; null when it never did as far as is known.</param>
/// <param name="Periods">What is known of the time asked for, oldest first.</param>
public sealed record CheckStatus(HealthCheck Check, HealthFinding? LastFinding, DateTimeOffset? CheckedAt, DateTimeOffset? Since, HealthPeriod? LastFailure, IReadOnlyList<HealthPeriod> Periods);

/// <summary>How the whole program is doing.</summary>
/// <param name="Status">healthy, degraded or unhealthy.</param>
public sealed record SystemHealth(string Status, DateTimeOffset? CheckedAt, IReadOnlyList<CheckStatus> Checks);

/// <summary>Makes every check, keeps what they found, and tells when one fails that did not before, or is in order again.</summary>
public sealed class HealthService(HealthChecker checker, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<HealthService> logger) : IDisposable
{
    /// <summary>Looks further apart than this leave a gap in the history: nobody knows what was between.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _lock = new(1);
    private volatile ImmutableDictionary<string, HealthFinding> _lastFindings = ImmutableDictionary<string, HealthFinding>.Empty;
    private volatile ImmutableHashSet<string>? _alarms;
    private DateTimeOffset? _checkedAt;

    /// <summary>When the first of those that failed is to be asked again; null when none waits for its time.</summary>
    internal DateTimeOffset? NextRetryAt =>
        checker.Checks.Where(c => c.Retry is not null).Select(c => _lastFindings.GetValueOrDefault(c.Name)).OfType<HealthFinding>().SelectMany(f => f.Parts).Where(p => !p.Ok).Min(p => p.NextAt);

    public void Dispose() => _lock.Dispose();

    /// <summary>Makes every check now.</summary>
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

    /// <summary>Makes the checks that cost next to nothing. Only what they find for the first time is written down.</summary>
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

    /// <summary>Every check as it stands, with what is known of the last stretch of time.</summary>
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

    /// <summary>What fails for longer than there is patience with it and is told nowhere else; nothing for those who may not see how the program does.</summary>
    public IReadOnlyList<HealthFinding> GetFailing(Actor actor) => !actor.HasPermission(Permission.SystemView) || _alarms is not { } alarms ? []
        : [.. checker.Checks.Where(c => !c.IsReportedElsewhere && alarms.Contains(c.Name)).Select(c => _lastFindings.GetValueOrDefault(c.Name)).OfType<HealthFinding>().Where(f => !f.Ok)];

    /// <summary>A figure in a message is no news: whoever hears of news reads again, which may find another figure.</summary>
    private static bool HasSameState(HealthFinding finding, HealthFinding? before) =>
        finding.Ok == before?.Ok && finding.Parts.Select(p => (p.Name, p.Ok, p.Message)).SequenceEqual(before.Parts.Select(p => (p.Name, p.Ok, p.Message)));

    /// <summary>Takes over what was found, writes down what is news, and tells what is an alarm from now on, or no longer.</summary>
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

    /// <summary>The checks whose alarm an earlier process told, and that have not been in order since.</summary>
    private async Task<ImmutableHashSet<string>> LoadAlarmsAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var failing = await db.HealthChecks.AsNoTracking().Where(r => !r.Ok && !db.HealthChecks.Any(later => later.Name == r.Name && later.Ok && later.Id > r.Id)).ToListAsync(cancellation);
            return [.. checker.Checks.Where(c => failing.Exists(r => r.Name == c.Name && r.Until - r.Since >= c.GracePeriod)).Select(c => c.Name)];
        }
        catch (System.Data.Common.DbException exception)
        {
            logger.LogWarning(exception, "What checks found before could not be read");
            return [];
        }
    }

    /// <summary>Adds to the history; answers since when each check fails. A catalogue that cannot be written is no reason not to look.</summary>
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
                    row.Until = now;    // the strip has no hole between the two
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
