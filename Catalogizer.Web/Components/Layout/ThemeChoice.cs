namespace Catalogizer.Web.Components.Layout;

/// <summary>Light and dark theme, by their names in Radzen.</summary>
internal static class ThemeChoice
{
    public const string CookieName = "catalogizer-theme";
    public const string Light = "material";
    public const string Dark = "material-dark";

    /// <summary>Runs before the first paint and waits for nothing. Without a saved choice the theme follows the user's system.</summary>
    public const string FirstVisitScript = "document.documentElement.dataset.theme??=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'";

    /// <summary>The theme's name in our own style sheet; null without a saved choice, so that the user's system decides.</summary>
    public static string? ToDataTheme(string? theme) => theme switch
    {
        Light => "light",
        Dark => "dark",
        _ => null,
    };
}
