using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>Proof of a correct password between the two steps of a sign-in. A ticket is valid for five minutes, and only until the account changes.</summary>
internal sealed class SignInTickets(IDataProtectionProvider protection, TimeProvider time)
{
    private readonly TimeLimitedProtector _protector = new(protection, "Catalogizer.Accounts.SignInTicket", TimeSpan.FromMinutes(5), TimeSpan.Zero, time);

    public string Create(User user) => _protector.Protect(user.Id, user.SecurityStamp!);

    /// <summary>The account's id and stamp; an id of 0 if the ticket is missing, altered or expired.</summary>
    public (long Id, string Stamp) Read(string? ticket) => _protector.Unprotect(ticket) ?? default;
}
