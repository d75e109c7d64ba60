using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>What users can do with a whole source on the sources page, and that each action can be undone.</summary>
public sealed class SourcesPageTests : CatalogPageTest
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    public SourcesPageTests() => Visitor.SetClaims(
        new Claim("user_id", "7"), new Claim("username", "mira"),
        new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView), new Claim("permissions", Permission.SourcesManage));

    [Fact]
    public async Task Archive_AskedAndBroughtBack_HidesAndShowsItsItems()
    {
        var page = await RenderPageAsync("A Film (2001).mkv");

        await ClickAsync(page, ".source-actions button", "Archive…");
        await ClickAsync(page, ".dialog-confirm button", "Archive source");
        WaitForAssertion(page, () => Assert.Equal("archived", page.Find(".source .state").TextContent));
        Assert.Empty((await Catalog.FindAsync()).Items);
        Assert.DoesNotContain("Scan now", page.Find(".source-actions").TextContent, StringComparison.Ordinal);

        await ClickAsync(page, ".source-actions button", "Bring back");
        WaitForAssertion(page, () => Assert.DoesNotContain("archived", page.Find(".source .state").TextContent, StringComparison.Ordinal));
        Assert.Single((await Catalog.FindAsync()).Items);
    }

    [Fact]
    public async Task Pause_AndResume_ShowWhatCanBeDone()
    {
        var page = await RenderPageAsync("A Film (2001).mkv");

        await ClickAsync(page, ".source-actions button", "Pause");
        WaitForAssertion(page, () => Assert.Equal("paused", page.Find(".source .state").TextContent));
        Assert.DoesNotContain("Scan now", page.Find(".source-actions").TextContent, StringComparison.Ordinal);

        await ClickAsync(page, ".source-actions button", "Resume");
        WaitForAssertion(page, () => Assert.Contains("Scan now", page.Find(".source-actions").TextContent, StringComparison.Ordinal));
        Assert.Single((await Catalog.FindAsync()).Items);
    }

    [Fact]
    public async Task Remove_SaysWhatLeavesAndStays_AndIsUndone()
    {
        var page = await RenderPageAsync("A Film (2001).mkv", "Another Film (2002).mkv");
        var film = await Catalog.FindOneAsync("A Film");
        await Catalog.Media.EditAsync(Actor.System, film.Id, new MediaEdits { Rating = 8 }, default);

        await ClickAsync(page, ".source-actions button", "Remove from catalogue…");
        WaitForAssertion(page, () => Assert.Contains("1 item that only this source has", page.Find(".dialog-confirm .dialog-body").TextContent, StringComparison.Ordinal));
        Assert.Contains("2 copies in 2 files", page.Find(".dialog-confirm .dialog-body").TextContent, StringComparison.Ordinal);
        Assert.Contains("A Film", page.Find(".dialog-confirm .dialog-body").TextContent, StringComparison.Ordinal);

        await ClickAsync(page, ".dialog-confirm button", "Remove from catalogue");
        WaitForAssertion(page, () => Assert.Contains("Films", page.Find(".removed").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".source"));
        Assert.Empty((await Catalog.FindAsync()).Items);

        await ClickAsync(page, ".removed button", "Undo");
        WaitForAssertion(page, () => Assert.Single(page.FindAll(".source")));
        Assert.Empty(page.FindAll(".removed"));
        Assert.Equal(2, (await Catalog.FindAsync()).Items.Count);
    }

    [Fact]
    public async Task Viewer_SeesNoneOfIt()
    {
        Visitor.SetClaims(new Claim("user_id", "8"), new Claim("username", "vera"), new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView));

        var page = await RenderPageAsync("A Film (2001).mkv");

        Assert.Empty(page.FindAll(".source-actions, .removed"));
    }

    private async Task<IRenderedComponent<SourcesPage>> RenderPageAsync(params string[] files)
    {
        foreach (var file in files)
        {
            Catalog.Write(file);
        }

        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        var page = Render<SourcesPage>();
        page.WaitForElement(".source", WaitTimeout);
        return page;
    }

    /// <summary>Waits for a button, and clicks it as currently rendered.</summary>
    private static async Task ClickAsync(IRenderedComponent<SourcesPage> page, string buttons, string text)
    {
        WaitForAssertion(page, () => Assert.Contains(page.FindAll(buttons), b => b.TextContent.Trim() == text));
        await page.InvokeAsync(() => page.FindAll(buttons).Single(b => b.TextContent.Trim() == text).Click());
    }

    private static void WaitForAssertion(IRenderedComponent<SourcesPage> page, Action assertion) => page.WaitForAssertion(assertion, WaitTimeout);
}
