namespace Catalogizer.Domain.Accounts.Lockout;

/// <summary>
/// Failed sign-ins with unknown user names. They lock like existing accounts; otherwise the lock would reveal which user names exist.
/// </summary>
internal sealed class UnknownUserLockout(TimeProvider time)
{
    private const int MaxNames = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Place), (int Failures, DateTimeOffset? LockedUntil)> _names = [];

    /// <summary>Whether sign-ins with a name from <paramref name="client"/> failed, and how long it is still locked out.</summary>
    public (bool Any, TimeSpan? LockedFor) Find(string name, string client)
    {
        lock (_lock)
        {
            return _names.TryGetValue((name, client), out var entry) ? (true, SignInLockout.GetRemainingLock(entry.LockedUntil, time.GetUtcNow())) : default;
        }
    }

    public void RecordFailure(string name, string client)
    {
        lock (_lock)
        {
            if (_names.Count >= MaxNames)
            {
                _names.Clear();
            }

            var failures = _names.GetValueOrDefault((name, client)).Failures + 1;
            _names[(name, client)] = failures >= SignInLockout.MaxFailures ? (0, time.GetUtcNow() + SignInLockout.LockDuration) : (failures, null);
        }
    }
}
