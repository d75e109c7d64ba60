using Catalogizer.Domain.Common;
using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Hashes passwords on dedicated threads, one per two cores, so that a flood of sign-ins delays only sign-ins. Requests for existing
/// accounts go before those for unknown names; both queues are bounded.
/// </summary>
internal sealed class PasswordLane : IDisposable
{
    /// <summary>So many, on one thread, are done within five seconds.</summary>
    public const int MostWaiting = 40;

    public const int MostUnknown = 8;

    private readonly IPasswordHasher<User> _hasher;
    private readonly Lazy<string> _nobodysHash;
    private readonly Lock _lock = new();
    private readonly Queue<Action> _known = [];
    private readonly Queue<Action> _unknown = [];
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Thread[] _threads;

    public PasswordLane(IPasswordHasher<User> hasher)
    {
        _hasher = hasher;
        _nobodysHash = new Lazy<string>(() => hasher.HashPassword(new User(), Tokens.New()));
        _threads = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => new Thread(Work) { IsBackground = true, Name = "Passwords" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Whether a password is the one of a hash; one that is wrong, or for nobody, takes as long as one that is right.</summary>
    /// <param name="hash">Null for nobody, or for an account without a password: then none is right.</param>
    public Task<Result<PasswordVerificationResult>> VerifyAsync(User? user, string? hash, string? password, CancellationToken cancellation) => RunAsync(
        () =>
        {
            var nobodys = _nobodysHash.Value;
            return _hasher.VerifyHashedPassword(user ?? new User(), hash ?? nobodys, password is { Length: <= AccountRules.LongestPassword } ? password : "");
        },
        user is null ? (_unknown, MostUnknown) : (_known, MostWaiting),
        cancellation);

    public Task<Result<string>> HashAsync(User user, string password, CancellationToken cancellation) => RunAsync(() => _hasher.HashPassword(user, password), (_known, MostWaiting), cancellation);

    public void Dispose()
    {
        _ending.Cancel();
        Array.ForEach(_threads, thread => thread.Join());
        _ending.Dispose();
        _waiting.Dispose();
    }

    private async Task<Result<T>> RunAsync<T>(Func<T> work, (Queue<Action> Queue, int Most) line, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (line.Queue.Count >= line.Most)
            {
                return new SignInBusy();
            }

            line.Queue.Enqueue(() =>
            {
                try
                {
                    // Whoever hung up waits for no answer.
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

        _waiting.Release();
        return await done.Task;
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                _waiting.Wait(_ending.Token);
                Action next;
                lock (_lock)
                {
                    next = _known.TryDequeue(out var known) ? known : _unknown.Dequeue();
                }

                next();
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }
}
