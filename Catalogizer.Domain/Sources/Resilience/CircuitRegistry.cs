using System.Collections.Concurrent;
using System.Threading.Channels;
using Catalogizer.Domain.Events;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>How the connection to each source is doing, in memory. What lasts is written down by <see cref="SourceReconnector"/>.</summary>
public sealed class CircuitRegistry(IOptions<ResilienceOptions> options, EventStreamer events, TimeProvider time)
{
    private const int MaxQueuedChanges = 1000;

    private readonly ConcurrentDictionary<long, SourcePipeline> _pipelines = new();
    private readonly Channel<CircuitStateChange> _stateChanges =
        Channel.CreateBounded<CircuitStateChange>(new BoundedChannelOptions(MaxQueuedChanges) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private int _viewers;
    private volatile bool _hasBackgroundReconnect;

    internal ResilienceOptions Options => options.Value;

    /// <summary>The new states, in order.</summary>
    internal ChannelReader<CircuitStateChange> StateChanges => _stateChanges.Reader;

    internal IEnumerable<SourceCircuit> All => _pipelines.Values.Select(p => p.Circuit);

    /// <summary>Whether somebody looks at the sources right now, and wants them back the moment they answer.</summary>
    internal bool HasViewers => Volatile.Read(ref _viewers) > 0 || events.HasExternalSubscriber(new SourceChanged(0));

    /// <summary>Says that somebody looks at the sources, until it is disposed.</summary>
    public IDisposable RegisterViewer()
    {
        Interlocked.Increment(ref _viewers);
        return new ViewerRegistration(() => Interlocked.Decrement(ref _viewers));
    }

    /// <summary>How a source is doing.</summary>
    public CircuitStatus GetStatus(Source source) => source switch
    {
        { Availability: SourceAvailability.Retired } => new CircuitStatus(CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),

        // What it was when it was paused: nobody asks.
        { IsPaused: true, Availability: var was } => new CircuitStatus(
            was == SourceAvailability.Reachable ? CircuitState.Closed : CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),
        _ => GetPipeline(source).Circuit.Status,
    };

    /// <summary>Whether a source is away and brought back in the background.</summary>
    public bool IsUnreachable(long sourceId) => _hasBackgroundReconnect && Find(sourceId) is { State: not CircuitState.Closed };

    internal SourceCircuit? Find(long sourceId) => _pipelines.GetValueOrDefault(sourceId)?.Circuit;

    internal SourcePipeline GetPipeline(Source source) => _pipelines.GetOrAdd(source.Id, static (_, all) => all.This.CreatePipeline(all.Source), (This: this, Source: source));

    internal void Remove(long sourceId) => _pipelines.TryRemove(sourceId, out _);

    /// <summary>From now on somebody reconnects in the background, and calls to a source that is away fail at once.</summary>
    internal void UseBackgroundReconnect(bool enabled)
    {
        _hasBackgroundReconnect = enabled;
        foreach (var circuit in All)
        {
            circuit.HasBackgroundReconnect = enabled;
        }
    }

    /// <summary>Waits while a source is away. Where nobody reconnects in the background, the next call shows whether it is.</summary>
    internal async Task WaitUntilClosedAsync(long sourceId, CancellationToken cancellation)
    {
        while (_hasBackgroundReconnect && Find(sourceId) is { } circuit && circuit.NextChange is var nextChange && circuit.State != CircuitState.Closed)
        {
            await nextChange.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits while a source is being tried, or is about to be.</summary>
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

/// <summary>A source's new state.</summary>
internal sealed record CircuitStateChange(SourceCircuit Circuit, CircuitState State, DateTimeOffset At);
