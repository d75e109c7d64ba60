using System.Text.RegularExpressions;

namespace Catalogizer.Tests.Architecture;

/// <summary>Detects from the text of a file whether it uses a namespace.</summary>
internal static partial class SourceText
{
    /// <summary>Whether C#, Razor or project text imports the namespace, names a type through it, or refers to a package called after it.</summary>
    public static bool Uses(string text, string name)
    {
        var escaped = Regex.Escape(name);
        var imported = $@"\busing\s+(static\s+)?(\w+\s*=\s*)?(global::)?{escaped}\b";
        var qualified = $@"(?<![\w.""])(global::)?{escaped}\.\w";
        var referred = $@"<\w+ Include=""{escaped}";
        return Regex.IsMatch(Comments().Replace(text, ""), $"{imported}|{qualified}|{referred}");
    }

    [GeneratedRegex(@"/\*.*?\*/|@\*.*?\*@|<!--.*?-->|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
