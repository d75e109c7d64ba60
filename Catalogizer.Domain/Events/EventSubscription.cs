using System.Runtime.CompilerServices;

namespace Catalogizer.Domain.Events;

/// <summary>One reader's view of the event bus.</summary>
public sealed class EventSubscription : IDisposable
{
    /// <summary>How many different events may wait; further ones are dropped and counted.</summary>
    public const int Bound = 1000;

    private readonly TimeProvider _time;
    private readonly Action<EventSubscription> _ended;
    private readonly Func<CatalogueEvent, bool>? _wanted;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private Dictionary<string, CatalogueEvent> _pending = [];
    private TaskCompletionSource _arrived = NewSignal();
    private bool _disposed;

    internal EventSubscription(TimeProvider time, Action<EventSubscription> ended, Func<CatalogueEvent, bool>? wanted) => (_time, _ended, _wanted) = (time, ended, wanted);

    /// <summary>
    /// Yields what happened, in batches no closer together than <paramref name="pace"/>; ends with the subscription or the
    /// token, without an exception.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyCollection<CatalogueEvent>> ReadAsync(
        TimeSpan pace, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        while (await WaitAsync(Arrival(), either.Token))
        {
            yield return Take();

            if (pace > TimeSpan.Zero && !await WaitAsync(Task.Delay(pace, _time, either.Token), either.Token))
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

        _ended(this);
        _end.Cancel();
        _end.Dispose();
    }

    internal bool IsOwn { get; init; }

    internal bool Hears(CatalogueEvent happened) => _wanted is null || _wanted(happened);

    internal bool Offer(CatalogueEvent happened)
    {
        if (!Hears(happened))
        {
            return true;
        }

        lock (_lock)
        {
            if (_disposed)
            {
                return true;
            }

            if (_pending.Count >= Bound && !_pending.ContainsKey(happened.Key))
            {
                return false;
            }

            _pending[happened.Key] = happened;
            _arrived.TrySetResult();
            return true;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task<bool> WaitAsync(Task what, CancellationToken cancellation)
    {
        await what.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !cancellation.IsCancellationRequested;
    }

    private Task Arrival()
    {
        lock (_lock)
        {
            return _arrived.Task;
        }
    }

    private Dictionary<string, CatalogueEvent>.ValueCollection Take()
    {
        lock (_lock)
        {
            var taken = _pending;
            _pending = [];
            _arrived = NewSignal();
            return taken.Values;
        }
    }
}
