using System.Collections.Concurrent;
using System.Threading.Channels;
using Catalogizer.Domain.Events;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>The connection state of each source, in memory. <see cref="SourceReconnector"/> saves what must survive a restart.</summary>
public sealed class CircuitRegistry(IOptions<ResilienceOptions> options, EventStreamer events, TimeProvider time)
{
    private const int MaxQueuedChanges = 1000;

    private readonly ConcurrentDictionary<long, SourcePipeline> _pipelines = new();
    private readonly Channel<CircuitStateChange> _stateChanges =
        Channel.CreateBounded<CircuitStateChange>(new BoundedChannelOptions(MaxQueuedChanges) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private int _viewers;
    private volatile bool _hasBackgroundReconnect;

    internal ResilienceOptions Options => options.Value;

    /// <summary>State changes in the order they happened.</summary>
    internal ChannelReader<CircuitStateChange> StateChanges => _stateChanges.Reader;

    internal IEnumerable<SourceCircuit> All => _pipelines.Values.Select(p => p.Circuit);

    /// <summary>Whether a user watches the sources right now, so that one that answers again should be reconnected at once.</summary>
    internal bool HasViewers => Volatile.Read(ref _viewers) > 0 || events.HasExternalSubscriber(new SourceChanged(0));

    /// <summary>Registers a user who watches the sources, until the result is disposed.</summary>
    public IDisposable RegisterViewer()
    {
        Interlocked.Increment(ref _viewers);
        return new ViewerRegistration(() => Interlocked.Decrement(ref _viewers));
    }

    /// <summary>The connection state of a source.</summary>
    public CircuitStatus GetStatus(Source source) => source switch
    {
        { Availability: SourceAvailability.Retired } => new CircuitStatus(CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),

        // Paused sources are not checked, so report the state from when the source was paused.
        { IsPaused: true, Availability: var was } => new CircuitStatus(
            was == SourceAvailability.Reachable ? CircuitState.Closed : CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),
        _ => GetPipeline(source).Circuit.Status,
    };

    /// <summary>Whether a source is unreachable and is being reconnected in the background.</summary>
    public bool IsUnreachable(long sourceId) => _hasBackgroundReconnect && Find(sourceId) is { State: not CircuitState.Closed };

    internal SourceCircuit? Find(long sourceId) => _pipelines.GetValueOrDefault(sourceId)?.Circuit;

    internal SourcePipeline GetPipeline(Source source) => _pipelines.GetOrAdd(source.Id, static (_, all) => all.This.CreatePipeline(all.Source), (This: this, Source: source));

    internal void Remove(long sourceId) => _pipelines.TryRemove(sourceId, out _);

    /// <summary>When enabled, sources are reconnected in the background, and calls to an unreachable source fail at once.</summary>
    internal void UseBackgroundReconnect(bool enabled)
    {
        _hasBackgroundReconnect = enabled;
        foreach (var circuit in All)
        {
            circuit.HasBackgroundReconnect = enabled;
        }
    }

    /// <summary>Waits while a source is unreachable. Returns at once without background reconnecting: then the next call is the probe.</summary>
    internal async Task WaitUntilClosedAsync(long sourceId, CancellationToken cancellation)
    {
        while (_hasBackgroundReconnect && Find(sourceId) is { } circuit && circuit.NextChange is var nextChange && circuit.State != CircuitState.Closed)
        {
            await nextChange.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits while an attempt to reconnect a source is running or due.</summary>
    internal async Task WaitUntilSettledAsync(long sourceId, CancellationToken cancellation)
    {
        while (_hasBackgroundReconnect && Find(sourceId) is { } circuit && circuit.NextChange is var nextChange
            && (circuit.State == CircuitState.HalfOpen || (circuit.State != CircuitState.Closed && circuit.TimeToRetry() == TimeSpan.Zero)))
        {
            await nextChange.WaitAsync(cancellation);
        }
    }

    private SourcePipeline CreatePipeline(Source source)
    {
        var circuit = new SourceCircuit(source, Options, time, OnStateChanged) { HasBackgroundReconnect = _hasBackgroundReconnect };
        return new SourcePipeline(circuit, Options, time);
    }

    private void OnStateChanged(SourceCircuit circuit, CircuitState state) => _stateChanges.Writer.TryWrite(new CircuitStateChange(circuit, state, time.GetUtcNow()));

    private sealed class ViewerRegistration(Action end) : IDisposable
    {
        private Action? _onDispose = end;

        public void Dispose() => Interlocked.Exchange(ref _onDispose, null)?.Invoke();
    }
}

/// <summary>A change of a source's connection state.</summary>
internal sealed record CircuitStateChange(SourceCircuit Circuit, CircuitState State, DateTimeOffset At);
