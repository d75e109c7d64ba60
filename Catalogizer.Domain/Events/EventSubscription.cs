using System.Runtime.CompilerServices;

namespace Catalogizer.Domain.Events;

/// <summary>One reader's subscription to the event bus.</summary>
public sealed class EventSubscription : IDisposable
{
    /// <summary>Maximum number of pending events with different keys; further ones are dropped and counted.</summary>
    public const int Capacity = 1000;

    private readonly TimeProvider _time;
    private readonly Action<EventSubscription> _onDisposed;
    private readonly Func<CatalogEvent, bool>? _filter;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Dictionary<string, CatalogEvent> _pending = [];
    private TaskCompletionSource _arrived = CreateSignal();
    private bool _disposed;

    internal EventSubscription(TimeProvider time, Action<EventSubscription> onDisposed, Func<CatalogEvent, bool>? filter) => (_time, _onDisposed, _filter) = (time, onDisposed, filter);

    /// <summary>
    /// Yields pending events in batches at least <paramref name="minInterval"/> apart. Ends without an exception when the subscription is
    /// disposed or the token is cancelled.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyCollection<CatalogEvent>> ReadAsync(
        TimeSpan minInterval, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        while (await WaitAsync(GetArrivalTask(), linked.Token))
        {
            yield return DequeueAll();

            if (minInterval > TimeSpan.Zero && !await WaitAsync(Task.Delay(minInterval, _time, linked.Token), linked.Token))
            {
                yield break;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _onDisposed(this);
        _stopping.Cancel();
        _stopping.Dispose();
    }

    internal bool IsInternal { get; init; }

    internal bool Accepts(CatalogEvent catalogEvent) => _filter is null || _filter(catalogEvent);

    internal bool TryEnqueue(CatalogEvent catalogEvent)
    {
        if (!Accepts(catalogEvent))
        {
            return true;
        }

        lock (_lock)
        {
            if (_disposed)
            {
                return true;
            }

            if (_pending.Count >= Capacity && !_pending.ContainsKey(catalogEvent.Key))
            {
                return false;
            }

            _pending[catalogEvent.Key] = catalogEvent;
            _arrived.TrySetResult();
            return true;
        }
    }

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task<bool> WaitAsync(Task task, CancellationToken cancellation)
    {
        await task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !cancellation.IsCancellationRequested;
    }

    private Task GetArrivalTask()
    {
        lock (_lock)
        {
            return _arrived.Task;
        }
    }

    private Dictionary<string, CatalogEvent>.ValueCollection DequeueAll()
    {
        lock (_lock)
        {
            var taken = _pending;
            _pending = [];
            _arrived = CreateSignal();
            return taken.Values;
        }
    }
}
