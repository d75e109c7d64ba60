namespace Catalogizer.Web.Components.Layout;

/// <summary>Light and dark, by the names the component library has for them.</summary>
internal static class ThemeChoice
{
    public const string CookieName = "catalogizer-theme";
    public const string Light = "material";
    public const string Dark = "material-dark";

    /// <summary>
    /// Runs before anything is drawn, and waits for nothing: where nothing was chosen yet, the colours follow the reader's system.
    /// </summary>
    public const string FirstVisitScript = "document.documentElement.dataset.theme??=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'";

    /// <summary>What our own style sheet calls it; null when nothing was chosen yet, so that the reader's system decides.</summary>
    public static string? ToDataTheme(string? theme) => theme switch
    {
        Light => "light",
        Dark => "dark",
        _ => null,
    };
}
