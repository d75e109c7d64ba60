using Catalogizer.Domain.Accounts.Tokens;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Accounts.Lockout;

/// <summary>
/// Recognises browsers that an account signed in with before, by a cookie. Failed sign-ins from elsewhere do not count against them, so
/// guessing cannot lock the owner out. The cookie grants no access.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    private readonly TimeLimitedProtector _protector = new(protection, "Catalogizer.Accounts.Device", Lifetime, Sessions.MaxClockSkew, time);

    public string CreateCookie(long userId) => _protector.Protect(userId, RandomToken.Create(12));

    /// <summary>The account and the device id of a cookie; null if it is missing, altered or expired.</summary>
    public (long UserId, string Device)? ReadCookie(string? cookie) => _protector.Unprotect(cookie);
}
