using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Catalogizer.Tests.Architecture;

/// <summary>appsettings.example.json shows every setting, and nothing else.</summary>
public class SettingsExampleTests
{
    private const string Example = "appsettings.example.json";

    /// <summary>Sections that belong to the framework. Listen addresses are not among them: they would override ASPNETCORE_URLS.</summary>
    private static readonly string[] FrameworkSections = ["Logging", "AllowedHosts"];

    [Fact]
    public void Example_EveryProperty_HasItsLine()
    {
        var shown = ShownKeys().ToList();
        var text = RepositoryRoot.Read(Example);

        var absent = KnownKeys().Where(key => !shown.Any(other => SameKey(key, other)) && !ShownInComment(key, shown, text));

        Assert.Empty(absent);
    }

    [Fact]
    public void Example_EveryLine_HasItsProperty()
    {
        var known = KnownKeys().ToList();

        var unknown = ShownKeys()
            .Where(key => !FrameworkSections.Contains(key.Split(':')[0]))
            .Where(key => !known.Any(other => SameKey(other, key)));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Example_EveryValue_IsTheDefault()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(RepositoryRoot.PathOf(Example)).Build();

        var different =
            from option in SettingsShape.Options()
            let byDefault = Activator.CreateInstance(option.Type)
            let shown = settings.GetSection(option.Section).Get(option.Type) ?? byDefault
            from property in SettingsShape.Settable(option.Type)
            where SettingsShape.IsValue(property.PropertyType)
            where !Equals(property.GetValue(byDefault), property.GetValue(shown))
            select $"{option.Section}:{property.Name}";

        Assert.Empty(different);
    }

    private static IEnumerable<string> KnownKeys() =>
        SettingsShape.Options().SelectMany(option => SettingsShape.KeysOf(option.Type, option.Section));

    private static List<string> ShownKeys()
    {
        var keys = new List<string>();
        using var example = JsonDocument.Parse(RepositoryRoot.Read(Example), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        Collect(example.RootElement, "", keys);
        return keys;
    }

    private static void Collect(JsonElement element, string key, List<string> keys)
    {
        var children = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(child => (child.Name, child.Value)).ToList(),
            JsonValueKind.Array => element.EnumerateArray().Select((child, place) => ($"{place}", child)).ToList(),
            _ => [],
        };
        if (children.Count == 0)
        {
            keys.Add(key);
        }

        foreach (var (name, value) in children)
        {
            Collect(value, key.Length == 0 ? name : $"{key}:{name}", keys);
        }
    }

    /// <summary>A list that is empty by default shows the properties of its elements in a comment, with their names in quotes.</summary>
    private static bool ShownInComment(string key, IEnumerable<string> shown, string text)
    {
        var list = key.IndexOf(":*", StringComparison.Ordinal);
        if (list < 0)
        {
            // The list itself counts as shown when any of its elements is.
            return shown.Any(other => other.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));
        }

        var name = key[(key.LastIndexOf(':') + 1)..];
        return shown.Contains(key[..list], StringComparer.OrdinalIgnoreCase)
            && (name == "*" || Regex.IsMatch(text, $@"//.*""{Regex.Escape(name)}"""));
    }

    private static bool SameKey(string known, string shown)
    {
        var (a, b) = (known.Split(':'), shown.Split(':'));
        return a.Length == b.Length
            && a.Zip(b).All(part => part.First == "*" || part.First.Equals(part.Second, StringComparison.OrdinalIgnoreCase));
    }
}
