using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Catalogizer.Domain.Accounts;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// Counts attempts at every door where somebody proves who they are, all doors together, by the address they come from
/// and by the account they are for.
/// </summary>
internal sealed class SignInLimiter(IOptions<SignInOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _attempts = PartitionedRateLimiter.Create<string, string>(whose =>
        RateLimitPartition.GetSlidingWindowLimiter(whose, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.AttemptsPerMinute,
            Window = Window,
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    /// <summary>Counts one attempt. Null when it may go on, otherwise how long to wait.</summary>
    /// <param name="account">The name it is for; null at a door that does not say.</param>
    public TimeSpan? Count(HttpContext http, string? account = null) =>
        Take("address " + Network(http.Connection.RemoteIpAddress)) ?? (account is null ? null : Take("account " + UserNames.Key(account)));

    /// <summary>The header that says how long to wait, in whole seconds.</summary>
    public static string RetryAfter(TimeSpan wait) => Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);

    public void Dispose() => _attempts.Dispose();

    private TimeSpan? Take(string whose)
    {
        using var lease = _attempts.AttemptAcquire(whose);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : Window;
    }

    // Whoever has an IPv6 address has 2^64 of them.
    private static string Network(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
