using System.Collections.Immutable;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Health;

/// <summary>A check as it stands, with what came before.</summary>
/// <param name="Last">What the last look found; null before the first.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="LastFailure">The last stretch in which it failed; null when it never did as far as is known.</param>
/// <param name="Periods">What is known of the time asked for, oldest first.</param>
public sealed record CheckStatus(HealthCheck Check, HealthFinding? Last, DateTimeOffset? LookedAt, DateTimeOffset? Since, HealthRow? LastFailure, IReadOnlyList<HealthRow> Periods);

/// <summary>How the whole program is doing.</summary>
/// <param name="Word">healthy, degraded or unhealthy.</param>
public sealed record SystemHealth(string Word, DateTimeOffset? LookedAt, IReadOnlyList<CheckStatus> Checks);

/// <summary>Makes every check, keeps what they found, and tells when one fails that did not before, or is in order again.</summary>
public sealed class HealthWatch(HealthChecker checker, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<HealthWatch> logger) : IDisposable
{
    /// <summary>Looks further apart than this leave a gap in the history: nobody knows what was between.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _turn = new(1);
    private ImmutableDictionary<string, HealthFinding> _last = ImmutableDictionary<string, HealthFinding>.Empty;
    private DateTimeOffset? _lookedAt;

    public void Dispose() => _turn.Dispose();

    /// <summary>Makes every check now.</summary>
    public async Task<IReadOnlyList<HealthFinding>> LookAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var findings = await checker.CheckAsync(cancellation);
            var before = _last;
            _lookedAt = time.GetUtcNow();
            _last = findings.ToImmutableDictionary(f => f.Name);
            var kept = await KeepAsync(findings, _lookedAt.Value, cancellation);
            foreach (var finding in findings)
            {
                Tell(finding, before.TryGetValue(finding.Name, out var known) ? known.Ok : kept.TryGetValue(finding.Name, out var ok) ? ok : true);
            }

            events.Publish(new HealthLooked());
            return findings;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Every check as it stands, with what is known of the last stretch of time.</summary>
    /// <exception cref="PermissionDeniedException"/>
    public async Task<SystemHealth> ReadAsync(Actor actor, TimeSpan back, CancellationToken cancellation)
    {
        actor.Demand(Permission.SystemView);
        if (_lookedAt is null)
        {
            await LookAsync(cancellation);
        }

        var from = time.GetUtcNow() - back;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows = await db.HealthChecks.AsNoTracking().Where(r => r.Until >= from).OrderBy(r => r.Id).ToListAsync(cancellation);
        var failures = await db.HealthChecks.AsNoTracking().Where(r => !r.Ok).GroupBy(r => r.Name).Select(g => g.OrderByDescending(r => r.Id).First()).ToListAsync(cancellation);
        var last = _last;
        return new SystemHealth(HealthChecker.Word(last.Values), _lookedAt, [.. checker.Checks.Select(check =>
        {
            var own = rows.FindAll(r => r.Name == check.Name);
            var finding = last.GetValueOrDefault(check.Name);
            var now = own.Count > 0 && own[^1].Ok == finding?.Ok ? own[^1] : null;
            return new CheckStatus(check, finding, _lookedAt, now?.Since, failures.Find(f => f.Name == check.Name), own);
        })]);
    }

    /// <summary>What failed at the last look and is told nowhere else; nothing for those who may not see how the program does.</summary>
    public IReadOnlyList<HealthFinding> Failing(Actor actor) =>
        actor.May(Permission.SystemView) ? [.. checker.Checks.Where(c => !c.IsToldElsewhere).Select(c => _last.GetValueOrDefault(c.Name)).OfType<HealthFinding>().Where(f => !f.Ok)] : [];

    /// <summary>Adds to the history; answers how each check stood there before. A catalogue that cannot be written is no reason not to look.</summary>
    private async Task<Dictionary<string, bool>> KeepAsync(IReadOnlyList<HealthFinding> findings, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = new Dictionary<string, bool>(StringComparer.Ordinal);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            foreach (var finding in findings)
            {
                var row = await db.HealthChecks.Where(r => r.Name == finding.Name).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellation);
                if (row is not null)
                {
                    before[finding.Name] = row.Ok;
                }

                if (row is null || row.Ok != finding.Ok || now - row.Until > Gap)
                {
                    row = db.HealthChecks.Add(new HealthRow { Name = finding.Name, Ok = finding.Ok, Since = now, Message = finding.Message }).Entity;
                }

                (row.Until, row.Message, row.Duration) = (now, finding.Message, finding.DurationMilliseconds);
                (row.Looks, row.Slowest) = (row.Looks + 1, Math.Max(row.Slowest, finding.DurationMilliseconds));
            }

            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception fault) when (fault is DbUpdateException or System.Data.Common.DbException)
        {
            logger.LogWarning(fault, "What the checks found could not be written down");
        }

        return before;
    }

    private void Tell(HealthFinding finding, bool wasOk)
    {
        if (finding.Ok == wasOk || checker.Checks.First(c => c.Name == finding.Name).IsToldElsewhere)
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
