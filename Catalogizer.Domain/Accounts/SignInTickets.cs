using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Accounts;

/// <summary>Stands for a right password between the two steps of a sign-in, for a few minutes and until the account changes.</summary>
internal sealed class SignInTickets(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly IDataProtector _seal = protection.CreateProtector("Catalogizer.Accounts.SignInTicket");

    public string Make(User user) =>
        _seal.Protect(string.Create(CultureInfo.InvariantCulture, $"{user.Id} {(time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds()} {user.SecurityStamp}"));

    /// <summary>The account's id and stamp; an id of 0 when the ticket is none of ours or too old.</summary>
    public (long Id, string Stamp) Read(string? ticket)
    {
        try
        {
            var parts = _seal.Unprotect(ticket ?? "").Split(' ');
            var left = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)) - time.GetUtcNow();
            return left > TimeSpan.Zero && left <= Lifetime ? (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[2]) : default;
        }
        catch (CryptographicException)
        {
            return default;
        }
    }
}
