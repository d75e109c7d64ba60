using System.Text.Json;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>Checks the accessibility of pages with axe-core.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Script = new(() => File.ReadAllText(RepositoryRoot.PathOf("Catalogizer.Tests/Browser/axe/axe.min.js")));

    /// <summary>The violations on the page in its current state, one string each.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script.Value + "\n;undefined");
        }

        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 5).join(', '))");
        return [.. found.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>The violations on the page in both themes; leaves it in the light one.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsInBothThemesAsync(Visitor visitor)
    {
        var violations = new List<string>();
        foreach (var theme in (string[])["material-dark", "material"])
        {
            await visitor.SetThemeAsync(theme);
            violations.AddRange((await ViolationsAsync(visitor.Page)).Select(violation => $"{theme}: {violation}"));
        }

        return violations;
    }
}
