using Catalogizer.Domain.Events;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>
/// Tells when a source goes away and when it is back for good. What happens between, one that comes and goes for
/// instance, is no news; and one that is away by nature is none either.
/// </summary>
internal sealed partial class SourceAlerts(SourceStates states, EventStreamer events, TimeProvider time, ILogger<SourceAlerts> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long?> _told = [];     // the sources that were told to be away, and since when they are back

    public void Hear(SourceTurn turn)
    {
        var source = turn.Circuit.Source;
        if (turn.State == CircuitState.HalfOpen || (turn.State != CircuitState.Closed && source.Mode == SourceMode.MostlyOffline))
        {
            return;
        }

        lock (_lock)
        {
            var isKnown = _told.ContainsKey(source.Id);
            if (turn.State == CircuitState.Closed)
            {
                if (isKnown)
                {
                    _told[source.Id] = time.GetTimestamp();
                }

                return;
            }

            _told[source.Id] = null;
            if (isKnown)
            {
                return;
            }
        }

        var why = turn.Circuit.Status.LastError;
        Away(logger, source.Name, why);
        events.Publish(new SourceAlert(source.Id, source.Name, IsAway: true, why));
    }

    public void Tick()
    {
        lock (_lock)
        {
            foreach (var (id, backAt) in _told.Where(t => t.Value is { } at && time.GetElapsedTime(at) >= states.Options.AlertPause).ToList())
            {
                _told.Remove(id);
                if (states.Find(id)?.Source is { Mode: SourceMode.AlwaysOn } source)
                {
                    Back(logger, source.Name);
                    events.Publish(new SourceAlert(id, source.Name, IsAway: false, null));
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{source} is away: {why}")]
    private static partial void Away(ILogger logger, string source, string? why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{source} is back")]
    private static partial void Back(ILogger logger, string source);
}
