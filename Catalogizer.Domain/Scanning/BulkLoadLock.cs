namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Excludes other scans while a bulk load runs without its indexes. When another scan waits, the bulk load builds the indexes,
/// downgrades to shared access, and both run side by side.
/// </summary>
internal sealed class BulkLoadLock
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private int _sharedCount;
    private bool _isExclusive;

    /// <summary>Whether anyone waits for the exclusive holder to downgrade.</summary>
    public bool HasWaiters
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>Takes exclusive access if the lock is free; never waits.</summary>
    public bool TryEnterExclusive()
    {
        lock (_lock)
        {
            return _sharedCount == 0 && !_isExclusive && (_isExclusive = true);
        }
    }

    public async Task EnterSharedAsync(CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (!_isExclusive)
            {
                _sharedCount++;
                return;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
        }

        await using var registration = cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        await waiter.Task;
    }

    /// <summary>Turns exclusive into shared access and lets all waiters in.</summary>
    public void DowngradeToShared()
    {
        lock (_lock)
        {
            _isExclusive = false;
            _sharedCount++;
            ReleaseWaiters();
        }
    }

    public void ExitShared()
    {
        lock (_lock)
        {
            _sharedCount--;
        }
    }

    private void ReleaseWaiters()
    {
        foreach (var waiter in _waiters)
        {
            if (waiter.TrySetResult())
            {
                _sharedCount++;
            }
        }

        _waiters.Clear();
    }
}
