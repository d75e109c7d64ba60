namespace Catalogizer.Web.Components.Layout;

/// <summary>Light and dark, by the names the component library has for them.</summary>
internal static class ThemeChoice
{
    public const string Cookie = "catalogizer-theme";
    public const string Light = "material";
    public const string Dark = "material-dark";

    public static bool IsDark(string? theme) => theme == Dark;

    /// <summary>What our own style sheet calls it; null when nothing was chosen yet, so that the reader's system decides.</summary>
    public static string? Word(string? theme) => theme switch
    {
        Light => "light",
        Dark => "dark",
        _ => null,
    };
}
