namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Failed sign-ins under names that nobody has. They lock like real ones, or the lock would tell which names are real.
/// </summary>
internal sealed class UnknownNames(TimeProvider time)
{
    private const int MostNames = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Place), (int Failures, DateTimeOffset? LockedUntil)> _names = [];

    /// <summary>Whether guesses at a name from somewhere failed, and how long they are locked out.</summary>
    public (bool Any, TimeSpan? LockedFor) Find(string name, string place)
    {
        lock (_lock)
        {
            return _names.TryGetValue((name, place), out var seen) ? (true, Failures.Left(seen.LockedUntil, time.GetUtcNow())) : default;
        }
    }

    public void Fail(string name, string place)
    {
        lock (_lock)
        {
            if (_names.Count >= MostNames)
            {
                _names.Clear();
            }

            var failures = _names.GetValueOrDefault((name, place)).Failures + 1;
            _names[(name, place)] = failures >= Failures.BeforeLock ? (0, time.GetUtcNow() + Failures.LockTime) : (failures, null);
        }
    }
}
