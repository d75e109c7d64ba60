namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Serialises changes to accounts that depend on the stored state: the last admin, the first admin, the failure count, the
/// single use of a refresh token.
/// </summary>
internal sealed class AccountLock : IDisposable
{
    private readonly SemaphoreSlim _lock = new(1);

    /// <summary>Waits for the lock. Dispose the result to release it.</summary>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        return new Lease(_lock);
    }

    public void Dispose() => _lock.Dispose();

    private sealed class Lease(SemaphoreSlim semaphore) : IDisposable
    {
        private SemaphoreSlim? _lock = semaphore;

        public void Dispose() => Interlocked.Exchange(ref _lock, null)?.Release();
    }
}
