namespace Catalogizer.Domain.Accounts;

/// <summary>
/// How many sign-ins an account is tried with from networks that it is not known to: 60 at once, then one a second. The last twenty are
/// for networks that have not failed yet, so that the owner comes in from a new place while others guess.
/// </summary>
internal sealed class GuessBudget(TimeProvider time)
{
    public const int Most = 60;
    public const int Reserved = 20;

    private const int MostAccounts = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (double Left, long At)> _accounts = [];

    /// <summary>Takes one. Null when there was one, otherwise how long to wait.</summary>
    /// <param name="account">0 for all names together that nobody has.</param>
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

            if (_accounts.Count >= MostAccounts)
            {
                // Those that are full again are as good as forgotten; if none is, the account with most left loses least.
                var oldest = _accounts.MaxBy(of => of.Value.Left + time.GetElapsedTime(of.Value.At).TotalSeconds).Key;
                _accounts.Remove(oldest);
            }

            _accounts[account] = (left - 1, time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Gives one back: the sign-in was its owner's.</summary>
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
