using Catalogizer.Domain.Catalog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Auditing;

/// <summary>
/// Writes denied requests to the audit log and the application log, rate-limited per user: at most <see cref="MaxPerHour"/> distinct
/// requests an hour get an entry, and one summary entry counts the rest, so that repeated attempts fill neither log nor disk.
/// </summary>
public sealed partial class DeniedRequestLog(AuditLog audit, TimeProvider time, ILogger<DeniedRequestLog> logger) : BackgroundService
{
    /// <summary>Entries per user and hour, without the summary.</summary>
    public const int MaxPerHour = 20;

    private static readonly TimeSpan PeriodLength = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Period> _periods = [];

    /// <summary>Records a denied request of a signed-in user. Never throws: a failure to save is logged.</summary>
    /// <param name="kind">The route or operation, without ids.</param>
    /// <param name="target">The object, as kind:id; null if there is none.</param>
    /// <param name="permission">The missing permission; null when the request was denied for another reason.</param>
    public async Task RecordAsync(Actor actor, string method, string path, string kind, string? target, string? permission)
    {
        if (actor.UserId is not { } user || !ShouldRecord(user, actor, $"{method} {kind}", out var summary))
        {
            return;
        }

        await SaveAsync(summary);
        LogDenied(logger, actor.Name, actor.UserId, actor.Address, method, path);
        await SaveAsync(audit.CreateEntry(actor, "accounts.refused", target, null, new { method, path, permission }));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PeriodLength / 6, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ClosePeriodsAsync(time.GetUtcNow() - PeriodLength);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await ClosePeriodsAsync(DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Closes the periods that began by <paramref name="startedBy"/> and saves their summaries.</summary>
    internal async Task ClosePeriodsAsync(DateTimeOffset startedBy)
    {
        List<Period> ended;
        lock (_lock)
        {
            ended = [.. _periods.Values.Where(period => period.StartedAt <= startedBy)];
            ended.ForEach(period => _periods.Remove(period.Actor.UserId!.Value));
        }

        foreach (var period in ended)
        {
            await SaveAsync(CreateSummary(period));
        }
    }

    private bool ShouldRecord(long user, Actor actor, string request, out AuditEntry? summary)
    {
        lock (_lock)
        {
            summary = null;
            if (!_periods.TryGetValue(user, out var period) || period.StartedAt + PeriodLength <= time.GetUtcNow())
            {
                summary = period is null ? null : CreateSummary(period);
                _periods[user] = period = new Period(actor, time.GetUtcNow());
            }

            if (period.RecordedRequests.Count < MaxPerHour && period.RecordedRequests.Add(request))
            {
                return true;
            }

            period.SuppressedCount++;
            return false;
        }
    }

    private AuditEntry? CreateSummary(Period period) =>
        period.SuppressedCount == 0 ? null : audit.CreateEntry(period.Actor, "accounts.refused", null, null, new { further = period.SuppressedCount, since = period.StartedAt });

    private async Task SaveAsync(AuditEntry? entry)
    {
        if (entry is null)
        {
            return;
        }

        try
        {
            await audit.AppendAsync(entry, CancellationToken.None);
        }
#pragma warning disable CA1031 // The request is denied whether or not the entry can be saved.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSaveFailed(logger, exception, entry.UserName);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} (account {UserId}, from {Address}) lacks the permission for {Method} {Path}")]
    private static partial void LogDenied(ILogger logger, string user, long? userId, string? address, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "A refusal of {User} could not be written to the audit log")]
    private static partial void LogSaveFailed(ILogger logger, Exception exception, string user);

    private sealed class Period(Actor actor, DateTimeOffset startedAt)
    {
        public Actor Actor => actor;

        public DateTimeOffset StartedAt => startedAt;

        public HashSet<string> RecordedRequests { get; } = [];

        public int SuppressedCount { get; set; }
    }
}
