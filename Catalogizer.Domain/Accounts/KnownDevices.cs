using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Browsers that an account signed in with before carry a word that says so. Guesses from elsewhere do not count for them, so that
/// nobody shuts the owner out by guessing. The word opens nothing.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    private readonly IDataProtector _seal = protection.CreateProtector("Catalogizer.Accounts.Device");

    public string Make(long userId) =>
        _seal.Protect(string.Create(CultureInfo.InvariantCulture, $"{userId} {Tokens.New(12)} {(time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds()}"));

    /// <summary>The account a browser is known to and the browser's own name; null when the word is none of ours or too old.</summary>
    public (long UserId, string Device)? Read(string? word)
    {
        if (string.IsNullOrEmpty(word))
        {
            return null;
        }

        try
        {
            var parts = _seal.Unprotect(word).Split(' ');
            var left = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)) - time.GetUtcNow();
            return left > TimeSpan.Zero && left <= Lifetime + Sessions.ClockSlack ? (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
