using Catalogizer.Domain.Events;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>
/// Tells when a source goes away and when it is back for good, each once across restarts. What happens between, one that comes and
/// goes for instance, is no news; and one that is away by nature is none either. Used by one caller at a time.
/// </summary>
internal sealed partial class SourceAlerts(SourceStates states, SourceOutages outages, EventStreamer events, TimeProvider time, ILogger<SourceAlerts> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The sources that are told to be away, and since when they are back.</summary>
    private readonly Dictionary<long, Return?> _told = [];

    public void Dispose() => _turn.Dispose();

    /// <summary>Takes up what an earlier process told.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var id in await outages.OpenAsync(cancellation))
        {
            _told[id] = states.Find(id) is { State: CircuitState.Closed } ? Now() : null;
        }
    }

    public async Task HearAsync(SourceTurn turn, CancellationToken cancellation)
    {
        var source = turn.Circuit.Source;
        if (turn.State == CircuitState.HalfOpen || (turn.State != CircuitState.Closed && source.Mode == SourceMode.MostlyOffline))
        {
            return;
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            var isKnown = _told.ContainsKey(source.Id);
            if (turn.State == CircuitState.Closed)
            {
                if (isKnown)
                {
                    _told[source.Id] = Now();
                }

                return;
            }

            if (!isKnown && turn.Circuit.IsAssumed)
            {
                return;     // its first trial says whether it is away
            }

            _told[source.Id] = null;
            if (isKnown)
            {
                return;
            }

            var why = turn.Circuit.Status.LastError;
            await KeepAsync(() => outages.BeginAsync(source.Id, turn.At, why, cancellation), source);
            Away(logger, source.Name, why);
            events.Publish(new SourceAlert(source.Id, source.Name, IsAway: true, why));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task TickAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            foreach (var (id, back) in _told.Where(t => t.Value is { } back && time.GetElapsedTime(back.Mark) >= states.Options.AlertPause).ToList())
            {
                _told.Remove(id);
                if (states.Find(id)?.Source is { } source)
                {
                    await KeepAsync(() => outages.EndAsync(id, back!.At, cancellation), source);
                    if (source.Mode == SourceMode.AlwaysOn)
                    {
                        Back(logger, source.Name);
                        events.Publish(new SourceAlert(id, source.Name, IsAway: false, null));
                    }
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private Return Now() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Writes down that it is told. People are told in any case.</summary>
    private async Task KeepAsync(Func<Task> write, Source source)
    {
        try
        {
            await write();
        }
#pragma warning disable CA1031 // The end of a unit of work: the keeper of sources goes on, whatever the database said.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogWarning(exception, "The outage of {Source} could not be written down, and may be told again after a restart", source.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{source} is away: {why}")]
    private static partial void Away(ILogger logger, string source, string? why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{source} is back")]
    private static partial void Back(ILogger logger, string source);

    private sealed record Return(long Mark, DateTimeOffset At);
}
