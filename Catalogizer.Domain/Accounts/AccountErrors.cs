using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>The same error for an unknown user name, a wrong password and a disabled account, so that they cannot be distinguished.</summary>
public sealed record InvalidCredentials() : Error("The user name or the password is not right.");

public sealed record SignInLocked(TimeSpan RetryAfter)
    : TooManyRequestsError(string.Create(CultureInfo.InvariantCulture, $"Too many wrong attempts. Try again in {Math.Ceiling(RetryAfter.TotalMinutes):0} min."), RetryAfter);

public sealed record SignInBusy() : UnavailableError("Too many sign-ins at the moment. Try again in a few seconds.", TimeSpan.FromSeconds(5));

public sealed record RefreshTokenInvalid() : Error("The refresh token is not valid any more. Sign in again.");

public sealed record SetupAlreadyCompleted() : Error("Set-up is over: there is an administrator already. Sign in instead.");

public sealed record SetupTokenInvalid() : Error("This set-up link is not valid. Open the one that the server's console printed at its last start.");

/// <summary>The password was correct, and the account also requires a two-factor code.</summary>
/// <param name="Ticket">Replaces the password in the second step; valid for a few minutes.</param>
public sealed record TwoFactorRequired(string Ticket) : Error("This account needs a code of the authenticator app as well.");

public sealed record TwoFactorCodeInvalid() : Error("The code is not right, or it was used already.");

public sealed record TwoFactorExpired() : Error("That took too long. Give the password again.");

public sealed record PasswordLinkExpired() : Error("This link is not valid any more. Ask for a new one.");

public sealed record LastAdminRequired() : ConflictError("This is the last administrator. Make another user an administrator first.");

public sealed record InsufficientPermissions() : ForbiddenError("This needs permissions that you do not have. Ask an administrator.");

public sealed record OwnAccountChangeDenied() : ForbiddenError("You cannot do this to your own account. Change your password and second factor on your account page; ask another administrator to change your role or permissions.");

public sealed record UserNameTaken : Error
{
    public UserNameTaken(string name)
        : base($"Another account is already called '{name}'.") => Field = "username";
}
