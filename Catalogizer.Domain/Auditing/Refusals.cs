using Catalogizer.Domain.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Auditing;

/// <summary>
/// Writes denied requests to the audit log and the program's log, rate-limited per user: at most <see cref="MostAnHour"/> distinct
/// requests an hour get an entry, and one summary entry counts the rest, so that repeated attempts fill neither log nor disk.
/// </summary>
public sealed partial class Refusals(AuditLog audit, TimeProvider time, ILogger<Refusals> logger) : BackgroundService
{
    /// <summary>Entries per user and hour, without the summary.</summary>
    public const int MostAnHour = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Period> _periods = [];

    /// <summary>Records a denied request of a signed-in user. Never throws: a failure to save is logged.</summary>
    /// <param name="kind">The route or operation, without ids.</param>
    /// <param name="target">The object, as kind:id, where there is one.</param>
    /// <param name="permission">The missing permission; null when the request was denied for another reason.</param>
    public async Task NoteAsync(Actor actor, string method, string path, string kind, string? target, string? permission)
    {
        if (actor.UserId is not { } user || !IsNews(user, actor, $"{method} {kind}", out var over))
        {
            return;
        }

        await WriteAsync(over);
        Refused(logger, actor.Name, actor.UserId, actor.Address, method, path);
        await WriteAsync(audit.Entry(actor, "accounts.refused", target, null, new { method, path, permission }));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Hour / 6, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await CloseAsync(time.GetUtcNow() - Hour);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await CloseAsync(DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Closes the periods that began by then and saves their summaries.</summary>
    internal async Task CloseAsync(DateTimeOffset begunBy)
    {
        List<Period> over;
        lock (_lock)
        {
            over = [.. _periods.Values.Where(period => period.Began <= begunBy)];
            over.ForEach(period => _periods.Remove(period.Actor.UserId!.Value));
        }

        foreach (var period in over)
        {
            await WriteAsync(Summary(period));
        }
    }

    private bool IsNews(long user, Actor actor, string what, out AuditEntry? over)
    {
        lock (_lock)
        {
            over = null;
            if (!_periods.TryGetValue(user, out var period) || period.Began + Hour <= time.GetUtcNow())
            {
                over = period is null ? null : Summary(period);
                _periods[user] = period = new Period(actor, time.GetUtcNow());
            }

            if (period.Told.Count < MostAnHour && period.Told.Add(what))
            {
                return true;
            }

            period.Further++;
            return false;
        }
    }

    private AuditEntry? Summary(Period period) =>
        period.Further == 0 ? null : audit.Entry(period.Actor, "accounts.refused", null, null, new { further = period.Further, since = period.Began });

    private async Task WriteAsync(AuditEntry? entry)
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
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unwritten(logger, fault, entry.UserName);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} (account {UserId}, from {Address}) lacks the permission for {Method} {Path}")]
    private static partial void Refused(ILogger logger, string user, long? userId, string? address, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "A refusal of {User} could not be written to the audit log")]
    private static partial void Unwritten(ILogger logger, Exception fault, string user);

    private sealed class Period(Actor actor, DateTimeOffset began)
    {
        public Actor Actor => actor;

        public DateTimeOffset Began => began;

        public HashSet<string> Told { get; } = [];

        public int Further { get; set; }
    }
}
