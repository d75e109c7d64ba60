using System.Globalization;
using System.Threading.RateLimiting;
using Catalogizer.Domain.Accounts;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// Counts attempts at every door where somebody proves who they are, all doors together, by the network they come from or the browser that
/// is known. What one account is tried with is bounded where passwords are checked.
/// </summary>
internal sealed class SignInLimiter(AuthService auth, IOptions<SignInOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(clientKey =>
        RateLimitPartition.GetSlidingWindowLimiter(clientKey, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.AttemptsPerMinute,
            Window = Window,
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    /// <summary>Counts one attempt. Null when it may go on, otherwise how long to wait.</summary>
    public TimeSpan? Consume(HttpContext http)
    {
        var origin = http.ToSignInOrigin();
        return Acquire(auth.ReadDeviceId(origin.Device) is { } device ? "device " + device : NetworkPrefix.From(origin.Address));
    }

    /// <summary>The header that says how long to wait, in whole seconds.</summary>
    public static string ToRetryAfterHeader(TimeSpan wait) => Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);

    public void Dispose() => _limiter.Dispose();

    private TimeSpan? Acquire(string clientKey)
    {
        using var lease = _limiter.AttemptAcquire(clientKey);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : Window;
    }
}
