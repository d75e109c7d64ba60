namespace Catalogizer.Web.Accounts;

/// <summary>Where the account pages lie, and which return addresses are ours.</summary>
internal static class AccountPaths
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Setup = "/setup";
    public const string ChoosePassword = "/choose-password";
    public const string Denied = "/denied";
    public const string ReturnUrl = "returnUrl";

    /// <summary>The address itself when it is a path on this site, otherwise the home page.</summary>
    public static string LocalOrHome(string? url) => IsLocal(url) ? url! : "";

    // A browser reads "//host" and "/\host" as another site, and drops tabs and newlines on the way.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && !(url.Length > 1 && url[1] is '/' or '\\') && !url.Any(char.IsControl);
}
