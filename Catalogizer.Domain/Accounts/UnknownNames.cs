namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Failed sign-ins under names that nobody has. They lock like real ones, or the lock would tell which names are real.
/// </summary>
internal sealed class UnknownNames(TimeProvider time)
{
    private const int MostNames = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset? LockedUntil)> _names = [];

    public TimeSpan? LockedFor(string name)
    {
        lock (_lock)
        {
            return _names.TryGetValue(name, out var seen) ? PasswordCheck.Left(seen.LockedUntil, time.GetUtcNow()) : null;
        }
    }

    public void Fail(string name)
    {
        lock (_lock)
        {
            if (_names.Count >= MostNames)
            {
                _names.Clear();
            }

            var failures = _names.GetValueOrDefault(name).Failures + 1;
            _names[name] = failures >= PasswordCheck.FailuresBeforeLock ? (0, time.GetUtcNow() + PasswordCheck.LockTime) : (failures, null);
        }
    }
}
