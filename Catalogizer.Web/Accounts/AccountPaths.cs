namespace Catalogizer.Web.Accounts;

/// <summary>The paths of the account pages, and the check of return URLs.</summary>
internal static class AccountPaths
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Setup = "/setup";
    public const string ChoosePassword = "/choose-password";
    public const string Denied = "/denied";
    public const string ReturnUrl = "returnUrl";

    /// <summary>Returns the URL if it is a path on this site, otherwise the home page.</summary>
    public static string LocalOrHome(string? url) => IsLocal(url) ? url! : "";

    // Browsers read "//host" and "/\host" as another site, and drop tabs and newlines first.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && !(url.Length > 1 && url[1] is '/' or '\\') && !url.Any(char.IsControl);
}
