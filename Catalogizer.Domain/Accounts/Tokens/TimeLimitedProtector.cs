using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>
/// Protects an account id and a text for a limited time, to be stored in a browser. The framework's own time-limited protector ignores
/// <see cref="TimeProvider"/>.
/// </summary>
/// <param name="tolerance">How far ahead the clock may have been when the text was protected.</param>
internal sealed class TimeLimitedProtector(IDataProtectionProvider protection, string purpose, TimeSpan lifetime, TimeSpan tolerance, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector(purpose);

    /// <param name="text">Must not contain spaces.</param>
    public string Protect(long userId, string text) =>
        _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{userId} {(time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds()} {text}"));

    /// <summary>Returns the account id and the text; null if the protected text is missing, altered or expired.</summary>
    public (long UserId, string Text)? Unprotect(string? protectedText)
    {
        try
        {
            var parts = _protector.Unprotect(protectedText ?? "").Split(' ');
            var remaining = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)) - time.GetUtcNow();
            return remaining > TimeSpan.Zero && remaining <= lifetime + tolerance ? (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[2]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
