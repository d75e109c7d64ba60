using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>The rules for user names and passwords.</summary>
public static class AccountRules
{
    public const int MaxNameLength = 64;
    public const int MinPasswordLength = 10;

    /// <summary>Longer passwords are rejected before they are hashed.</summary>
    public const int MaxPasswordLength = 256;

    private const string NameSymbols = "-._@+";

    public static Error? ValidateName(string? name) =>
        string.IsNullOrWhiteSpace(name) ? new InvalidError("username", "Give a user name.")
        : name.Length > MaxNameLength ? new InvalidError("username", $"A user name has at most {MaxNameLength} characters.")
        : name.All(character => char.IsLetterOrDigit(character) || NameSymbols.Contains(character, StringComparison.Ordinal)) ? null
        : new InvalidError("username", $"A user name is made of letters, digits and the signs {NameSymbols}, without spaces.");

    /// <param name="userName">The account's user name: a password made from it is easy to guess.</param>
    public static Error? ValidatePassword(string? password, string? userName) => password?.Length switch
    {
        null or 0 => new InvalidError("password", "Give a password."),
        < MinPasswordLength => new InvalidError("password", $"A password needs at least {MinPasswordLength} characters."),
        > MaxPasswordLength => new InvalidError("password", $"A password has at most {MaxPasswordLength} characters."),
        _ when CommonPasswords.IsGuessable(password!, userName) => new InvalidError("password", "This password is easy to guess: it is a common one, or made of a common word, a name or keys in a row. A few words in a row make a good one."),
        _ => null,
    };
}
