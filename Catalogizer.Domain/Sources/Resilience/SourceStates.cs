using System.Collections.Concurrent;
using System.Threading.Channels;
using Catalogizer.Domain.Events;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>How the connection to each source is doing, in memory. What lasts is written down by <see cref="SourceKeeper"/>.</summary>
public sealed class SourceStates(IOptions<ResilienceOptions> options, EventStreamer events, TimeProvider time)
{
    private const int MostUntold = 1000;

    private readonly ConcurrentDictionary<long, SourcePipeline> _pipelines = new();
    private readonly Channel<SourceTurn> _turns =
        Channel.CreateBounded<SourceTurn>(new BoundedChannelOptions(MostUntold) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private int _watchers;
    private volatile bool _kept;

    internal ResilienceOptions Options => options.Value;

    /// <summary>The new states, in order.</summary>
    internal ChannelReader<SourceTurn> Turns => _turns.Reader;

    internal IEnumerable<SourceCircuit> All => _pipelines.Values.Select(p => p.Circuit);

    /// <summary>Whether somebody looks at the sources right now, and wants them back the moment they answer.</summary>
    internal bool IsWatched => Volatile.Read(ref _watchers) > 0 || events.IsHeardOutside(new SourceChanged(0));

    /// <summary>Says that somebody looks at the sources, until it is disposed.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Watcher(() => Interlocked.Decrement(ref _watchers));
    }

    /// <summary>How a source is doing.</summary>
    public CircuitStatus Of(Source source) => source switch
    {
        { Availability: SourceAvailability.Retired } => new CircuitStatus(CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),

        // What it was when it was paused: nobody asks.
        { IsPaused: true, Availability: var was } => new CircuitStatus(
            was == SourceAvailability.Reachable ? CircuitState.Closed : CircuitState.Offline, source.Since, source.LastConnectedAt, source.LastError, 0, 0, null, null),
        _ => Pipeline(source).Circuit.Status,
    };

    /// <summary>Whether a source is away and brought back in the background.</summary>
    public bool IsAway(long sourceId) => _kept && Find(sourceId) is { State: not CircuitState.Closed };

    internal SourceCircuit? Find(long sourceId) => _pipelines.GetValueOrDefault(sourceId)?.Circuit;

    internal SourcePipeline Pipeline(Source source) => _pipelines.GetOrAdd(source.Id, static (_, all) => all.This.Make(all.Source), (This: this, Source: source));

    internal void Forget(long sourceId) => _pipelines.TryRemove(sourceId, out _);

    /// <summary>From now on somebody reconnects in the background, and calls to a source that is away fail at once.</summary>
    internal void Keep(bool kept)
    {
        _kept = kept;
        foreach (var circuit in All)
        {
            circuit.IsKept = kept;
        }
    }

    /// <summary>Waits while a source is away. Where nobody reconnects in the background, the next call shows whether it is.</summary>
    internal async Task WhenClosedAsync(long sourceId, CancellationToken cancellation)
    {
        while (_kept && Find(sourceId) is { } circuit && circuit.Touched is var touched && circuit.State != CircuitState.Closed)
        {
            await touched.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits while a source is being tried, or is about to be.</summary>
    internal async Task WhenSettledAsync(long sourceId, CancellationToken cancellation)
    {
        while (_kept && Find(sourceId) is { } circuit && circuit.Touched is var touched
            && (circuit.State == CircuitState.HalfOpen || (circuit.State != CircuitState.Closed && circuit.UntilDue() == TimeSpan.Zero)))
        {
            await touched.WaitAsync(cancellation);
        }
    }

    private SourcePipeline Make(Source source)
    {
        var circuit = new SourceCircuit(source, Options, time, Turned) { IsKept = _kept };
        return new SourcePipeline(circuit, Options, time);
    }

    private void Turned(SourceCircuit circuit, CircuitState state) => _turns.Writer.TryWrite(new SourceTurn(circuit, state, time.GetUtcNow()));

    private sealed class Watcher(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}

/// <summary>A source's new state.</summary>
internal sealed record SourceTurn(SourceCircuit Circuit, CircuitState State, DateTimeOffset At);
