namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Limits sign-in attempts per account from unknown devices: 60 at once, refilled by one per second. The last 20 are reserved for
/// networks without a failed attempt, so that the owner can sign in from a new network during an attack.
/// </summary>
internal sealed class GuessBudget(TimeProvider time)
{
    public const int Most = 60;
    public const int Reserved = 20;

    private readonly Lock _lock = new();

    // At most one entry per account: unknown names share one.
    private readonly Dictionary<long, (double Left, long At)> _accounts = [];

    /// <summary>Takes one attempt. Returns null if it is allowed, otherwise the time to wait.</summary>
    /// <param name="account">The account id; 0 for all unknown user names together.</param>
    public TimeSpan? Take(long account, bool hasFailed)
    {
        lock (_lock)
        {
            var left = LeftOf(account);
            var needed = 1 + (hasFailed ? Reserved : 0);
            if (left < needed)
            {
                return TimeSpan.FromSeconds(Math.Ceiling(needed - left));
            }

            _accounts[account] = (left - 1, time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Returns the attempt of a successful sign-in.</summary>
    public void Return(long account)
    {
        lock (_lock)
        {
            _accounts[account] = (Math.Min(Most, LeftOf(account) + 1), time.GetTimestamp());
        }
    }

    private double LeftOf(long account) =>
        _accounts.TryGetValue(account, out var known) ? Math.Min(Most, known.Left + time.GetElapsedTime(known.At).TotalSeconds) : Most;
}
