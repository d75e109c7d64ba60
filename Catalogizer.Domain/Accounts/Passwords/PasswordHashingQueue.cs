using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Common;
using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Domain.Accounts.Passwords;

/// <summary>
/// Hashes passwords on dedicated threads, one per two cores, so that a flood of sign-ins delays only sign-ins. Requests for existing
/// accounts go before those for unknown names; both queues are bounded.
/// </summary>
internal sealed class PasswordHashingQueue : IDisposable
{
    /// <summary>One thread processes this many requests within five seconds.</summary>
    public const int MaxQueuedKnown = 40;

    public const int MaxQueuedUnknown = 8;

    private readonly IPasswordHasher<User> _hasher;
    private readonly Lazy<string> _dummyHash;
    private readonly Lock _lock = new();
    private readonly Queue<Action> _knownQueue = [];
    private readonly Queue<Action> _unknownQueue = [];
    private readonly SemaphoreSlim _queued = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread[] _threads;

    public PasswordHashingQueue(IPasswordHasher<User> hasher)
    {
        _hasher = hasher;
        _dummyHash = new Lazy<string>(() => hasher.HashPassword(new User(), RandomToken.Create()));
        _threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => new Thread(ProcessQueue) { IsBackground = true, Name = "Passwords" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Verifies a password against a hash. A wrong password or an unknown user takes as long as a correct password.</summary>
    /// <param name="hash">Null for an unknown user or an account without a password: then no password is correct.</param>
    public Task<Result<PasswordVerificationResult>> VerifyAsync(User? user, string? hash, string? password, CancellationToken cancellation) => EnqueueAsync(
        () =>
        {
            var dummyHash = _dummyHash.Value;
            return _hasher.VerifyHashedPassword(user ?? new User(), hash ?? dummyHash, password is { Length: <= AccountRules.MaxPasswordLength } ? password : "");
        },
        user is null ? (_unknownQueue, MaxQueuedUnknown) : (_knownQueue, MaxQueuedKnown),
        cancellation);

    public Task<Result<string>> HashAsync(User user, string password, CancellationToken cancellation) => EnqueueAsync(() => _hasher.HashPassword(user, password), (_knownQueue, MaxQueuedKnown), cancellation);

    public void Dispose()
    {
        _stopping.Cancel();
        Array.ForEach(_threads, thread => thread.Join());
        _stopping.Dispose();
        _queued.Dispose();
    }

    private async Task<Result<T>> EnqueueAsync<T>(Func<T> work, (Queue<Action> Queue, int Most) target, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (target.Queue.Count >= target.Most)
            {
                return new SignInBusy();
            }

            target.Queue.Enqueue(() =>
            {
                try
                {
                    // Skips requests whose client has disconnected.
                    cancellation.ThrowIfCancellationRequested();
                    done.SetResult(work());
                }
                catch (OperationCanceledException)
                {
                    done.SetCanceled(cancellation);
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            });
        }

        _queued.Release();
        return await done.Task;
    }

    private void ProcessQueue()
    {
        try
        {
            while (true)
            {
                _queued.Wait(_stopping.Token);
                Action next;
                lock (_lock)
                {
                    next = _knownQueue.TryDequeue(out var known) ? known : _unknownQueue.Dequeue();
                }

                next();
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
    }
}
