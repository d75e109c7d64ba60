using System.Globalization;
using System.Threading.RateLimiting;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Lockout;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// Limits authentication attempts, over all forms and endpoints together, by the network they come from or by the known browser. Attempts per
/// account are limited where passwords are checked.
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

    /// <summary>Counts one attempt. Returns null if it is allowed, otherwise the time to wait.</summary>
    public TimeSpan? Consume(HttpContext http)
    {
        var origin = http.ToSignInOrigin();
        return Acquire(auth.ReadDeviceId(origin.Device) is { } device ? "device " + device : NetworkPrefix.From(origin.Address));
    }

    /// <summary>The value of the Retry-After header, in whole seconds.</summary>
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
