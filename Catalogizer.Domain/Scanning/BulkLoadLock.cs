namespace Catalogizer.Domain.Scanning;

/// <summary>
/// While a bulk load runs, indexes are away and nobody else may scan. It has the catalogue alone until another scan asks;
/// then it steps down, builds the indexes, and both go on side by side.
/// </summary>
internal sealed class BulkLoadLock
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private int _sharedCount;
    private bool _isExclusive;

    /// <summary>Whether somebody waits for the one that is alone.</summary>
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

    /// <summary>Enters alone when nobody is in.</summary>
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

    /// <summary>From alone to shared; those who wait come in.</summary>
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
