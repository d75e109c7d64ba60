using Catalogizer.Tests.Accounts;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Archiving, removing and restoring a source on the sources page, in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class SourceRemovalPageTests(SeededServer seeded) : IClassFixture<SeededServer>
{
    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Source_ArchivedRemovedAndRestored(int width)
    {
        var (name, folder) = ($"Mistake {width}", seeded.PathOf($"mistake-{width}"));
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"Wrong Film {width} (2001).mkv"), name);
        await seeded.ScanAsync(name, folder);
        await using var visitor = await Chromium.VisitAsync(seeded.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await page.SetViewportSizeAsync(width, 900);
        await visitor.NavigateAsync("/sources");
        var source = page.Locator(".source", new() { HasText = name });

        await source.GetByText("Archive…").ClickAsync();
        await visitor.AssertUsableAsync("source-archive");
        await visitor.Button("Archive source").ClickAsync();
        await Expect(source.Locator(".state")).ToHaveTextAsync("archived");
        await source.GetByText("Bring back").ClickAsync();
        await Expect(source.Locator(".state")).Not.ToHaveTextAsync("archived");

        await source.GetByText("Remove from catalogue…").ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToContainTextAsync("1 item that only this source has");
        await visitor.AssertUsableAsync("source-remove");
        await visitor.Button("Remove from catalogue").ClickAsync();
        await Expect(source).ToHaveCountAsync(0);
        var removed = page.Locator(".removed-list li", new() { HasText = name });
        await Expect(removed).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("source-removed");

        await removed.GetByText("Undo").ClickAsync();
        await Expect(source).ToBeVisibleAsync();
        await Expect(removed).ToHaveCountAsync(0);
        visitor.AssertNoErrors();
    }
}
