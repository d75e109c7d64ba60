using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>One answer for a wrong name, a wrong password and a disabled account, so that none of them can be told apart.</summary>
public sealed record SignInRefused() : Error("The user name or the password is not right.");

public sealed record SignInLocked(TimeSpan Wait)
    : Error(string.Create(CultureInfo.InvariantCulture, $"Too many wrong attempts. Try again in {Math.Ceiling(Wait.TotalMinutes):0} min."));

public sealed record SignInBusy() : Error("Too many sign-ins at the moment. Try again in a few seconds.")
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
}

public sealed record RefreshRefused() : Error("The refresh token is not valid any more. Sign in again.");

public sealed record SetUpIsOver() : Error("Set-up is over: there is an administrator already. Sign in instead.");

public sealed record SetUpTokenWrong() : Error("This set-up link is not valid. Open the one that the server's console printed at its last start.");

/// <summary>The password was right; a code of the authenticator app is asked for as well.</summary>
/// <param name="Ticket">Stands for the password for a few minutes.</param>
public sealed record SecondFactorNeeded(string Ticket) : Error("This account needs a code of the authenticator app as well.");

public sealed record SecondFactorRefused() : Error("The code is not right, or it was used already.");

public sealed record SecondFactorTooLate() : Error("That took too long. Give the password again.");

public sealed record PasswordLinkOver() : Error("This link is not valid any more. Ask for a new one.");

public sealed record LastAdmin() : Error("This is the last administrator. Make somebody else an administrator first.");

public sealed record MoreThanYours() : Error("This needs permissions that you do not have. Ask an administrator.");

public sealed record OwnAccount() : Error("You cannot do this to your own account. Change your password and second factor on your account page; ask another administrator to change your role or permissions.");

public sealed record UserNameTaken : Error
{
    public UserNameTaken(string name)
        : base($"Another account is already called '{name}'.") => Field = "username";
}
