using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>What a user name and a password must be like.</summary>
public static class AccountRules
{
    public const int LongestName = 64;
    public const int ShortestPassword = 10;

    /// <summary>Longer ones are refused before they are hashed.</summary>
    public const int LongestPassword = 256;

    private const string NameSigns = "-._@+";

    public static Error? CheckName(string? name) =>
        string.IsNullOrWhiteSpace(name) ? new InvalidError("username", "Give a user name.")
        : name.Length > LongestName ? new InvalidError("username", $"A user name has at most {LongestName} characters.")
        : name.All(sign => char.IsLetterOrDigit(sign) || NameSigns.Contains(sign, StringComparison.Ordinal)) ? null
        : new InvalidError("username", $"A user name is made of letters, digits and the signs {NameSigns}, without spaces.");

    /// <param name="userName">Whose it is to be; what is made of the name is easy to guess.</param>
    public static Error? CheckPassword(string? password, string? userName) => password?.Length switch
    {
        null or 0 => new InvalidError("password", "Give a password."),
        < ShortestPassword => new InvalidError("password", $"A password needs at least {ShortestPassword} characters."),
        > LongestPassword => new InvalidError("password", $"A password has at most {LongestPassword} characters."),
        _ when CommonPasswords.Contain(password!, userName) => new InvalidError("password", "This password is easy to guess: it is a common one, or made of a common word, a name or keys in a row. A few words in a row make a good one."),
        _ => null,
    };
}
