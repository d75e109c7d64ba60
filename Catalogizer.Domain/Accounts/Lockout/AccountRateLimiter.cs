namespace Catalogizer.Domain.Accounts.Lockout;

/// <summary>
/// Limits sign-in attempts per account from unknown devices: 60 at once, refilled by one per second. The last 20 are reserved for
/// networks without a failed attempt, so that the owner can sign in from a new network during an attack.
/// </summary>
internal sealed class AccountRateLimiter(TimeProvider time)
{
    public const int MaxAttempts = 60;
    public const int ReservedAttempts = 20;

    private readonly Lock _lock = new();

    // At most one entry per account: unknown names share one.
    private readonly Dictionary<long, (double Left, long At)> _buckets = [];

    /// <summary>Takes one attempt. Returns null if it is allowed, otherwise the time to wait.</summary>
    /// <param name="accountId">The account id; 0 for all unknown user names together.</param>
    public TimeSpan? Consume(long accountId, bool hasFailed)
    {
        lock (_lock)
        {
            var remaining = GetRemaining(accountId);
            var needed = 1 + (hasFailed ? ReservedAttempts : 0);
            if (remaining < needed)
            {
                return TimeSpan.FromSeconds(Math.Ceiling(needed - remaining));
            }

            _buckets[accountId] = (remaining - 1, time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Returns the attempt of a successful sign-in.</summary>
    public void Refund(long accountId)
    {
        lock (_lock)
        {
            _buckets[accountId] = (Math.Min(MaxAttempts, GetRemaining(accountId) + 1), time.GetTimestamp());
        }
    }

    private double GetRemaining(long accountId) =>
        _buckets.TryGetValue(accountId, out var bucket) ? Math.Min(MaxAttempts, bucket.Left + time.GetElapsedTime(bucket.At).TotalSeconds) : MaxAttempts;
}
