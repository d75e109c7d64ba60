namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Changes to accounts that depend on what is there (the last admin, the first admin, failures counted, a refresh token
/// used once) happen one at a time.
/// </summary>
internal sealed class AccountLock : IDisposable
{
    private readonly SemaphoreSlim _lock = new(1);

    /// <summary>Waits for the turn; dispose the answer to pass it on.</summary>
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
