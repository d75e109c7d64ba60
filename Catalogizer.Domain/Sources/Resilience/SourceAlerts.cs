using Catalogizer.Domain.Events;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>
/// Reports when a source becomes unreachable and when it has recovered, each once, also across restarts. State changes in between, such as
/// a flapping connection, are not reported, and neither are outages of mostly offline sources. Calls after <see cref="LoadAsync"/> are serialised.
/// </summary>
internal sealed partial class SourceAlerts(CircuitRegistry circuits, SourceOutageStore outages, EventStreamer events, TimeProvider time, ILogger<SourceAlerts> logger) : IDisposable
{
    private readonly SemaphoreSlim _lock = new(1);

    /// <summary>Sources whose outage was reported, and when they recovered; null while they are unreachable.</summary>
    private readonly Dictionary<long, Recovery?> _reported = [];

    public void Dispose() => _lock.Dispose();

    /// <summary>Loads the outages that an earlier process reported.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var id in await outages.ListOpenAsync(cancellation))
        {
            _reported[id] = circuits.Find(id) is { State: CircuitState.Closed } ? CreateRecovery() : null;
        }
    }

    public async Task OnStateChangedAsync(CircuitStateChange change, CancellationToken cancellation)
    {
        var source = change.Circuit.Source;
        if (change.State == CircuitState.HalfOpen || (change.State != CircuitState.Closed && source.Mode == SourceMode.MostlyOffline))
        {
            return;
        }

        await _lock.WaitAsync(cancellation);
        try
        {
            var isReported = _reported.ContainsKey(source.Id);
            if (change.State == CircuitState.Closed)
            {
                if (isReported)
                {
                    _reported[source.Id] = CreateRecovery();
                }

                return;
            }

            if (!isReported && change.Circuit.IsRestored)
            {
                return;     // its first probe shows whether it is unreachable
            }

            _reported[source.Id] = null;
            if (isReported)
            {
                return;
            }

            var why = change.Circuit.Status.LastError;
            await TrySaveAsync(() => outages.BeginAsync(source.Id, change.At, why, cancellation), source);
            LogUnreachable(logger, source.Name, why);
            events.Publish(new SourceAlert(source.Id, source.Name, IsOffline: true, why));
        }
        finally
        {
            _lock.Release();
        }
    }

    public async Task PublishRecoveriesAsync(CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            foreach (var (id, recovery) in _reported.Where(t => t.Value is { } recovery && time.GetElapsedTime(recovery.Timestamp) >= circuits.Options.AlertPause).ToList())
            {
                _reported.Remove(id);
                if (circuits.Find(id)?.Source is { } source)
                {
                    await TrySaveAsync(() => outages.EndAsync(id, recovery!.At, cancellation), source);
                    if (source.Mode == SourceMode.AlwaysOn)
                    {
                        LogReconnected(logger, source.Name);
                        events.Publish(new SourceAlert(id, source.Name, IsOffline: false, null));
                    }
                }
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    private Recovery CreateRecovery() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Saves that an outage or recovery was reported. A failure is only logged, so that users are notified in any case.</summary>
    private async Task TrySaveAsync(Func<Task> write, Source source)
    {
        try
        {
            await write();
        }
#pragma warning disable CA1031 // The end of a unit of work: a database error must not stop the reconnector.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogWarning(exception, "The outage of {Source} could not be written down, and may be told again after a restart", source.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{source} is away: {why}")]
    private static partial void LogUnreachable(ILogger logger, string source, string? why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{source} is back")]
    private static partial void LogReconnected(ILogger logger, string source);

    private sealed record Recovery(long Timestamp, DateTimeOffset At);
}
