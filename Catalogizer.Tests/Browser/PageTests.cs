using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>The pages in a real browser, over a library of some size.</summary>
[Trait("Category", "Browser")]
[Collection(BrowserCollection.Name)]
public sealed class PageTests(Chromium chromium, SeededServer seeded) : IClassFixture<SeededServer>
{
    private Uri Address => seeded.Process.Address;

    [Fact]
    public async Task SignIn_WrongThenRightThenOut_IsToldAndLetInAndOut()
    {
        await using var visitor = await chromium.VisitAsync(Address);
        visitor.ExpectRefusal("/sign-in");
        await visitor.SignInAsync("anna", "not the password");
        await Expect(visitor.Page.GetByText("The user name or the password is not right.")).ToBeVisibleAsync();

        await visitor.SignInAsync("anna");
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();
        await visitor.AliveAsync();
        await visitor.Button("Account of anna").ClickAsync();
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/library");
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Sources_Member_LooksAndCannotChange()
    {
        await using var visitor = await SignedInAsync("vera");

        await visitor.GoAsync("/sources");
        await Expect(visitor.Page.Locator(".source")).ToHaveCountAsync(2);
        await Expect(visitor.Link("Add a source")).ToHaveCountAsync(0);
        await Expect(visitor.Button("Scan now")).ToHaveCountAsync(0);
        visitor.ExpectRefusal("/sources/add");
        visitor.ExpectRefusal("/denied");
        await visitor.Page.GotoAsync("/sources/add");
        await Expect(visitor.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".steps")).ToHaveCountAsync(0);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Library_SelectTabsScrollAndBack_WorkOnTheCircuit()
    {
        await using var visitor = await SignedInAsync("vera");
        var page = visitor.Page;
        await visitor.GoAsync("/library");
        await page.EvaluateAsync("() => { window.sameDocument = true; }");

        // A select and its event; the order is in the address.
        await page.Locator(".page-actions select").SelectOptionAsync("title");
        await page.WaitForURLAsync("**/library?sort=title");
        await Expect(page.Locator(".card-title").First).ToHaveTextAsync("An Album");

        // Rows far down are drawn when they are reached, and only those near it.
        await page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        await Expect(page.Locator(".card-title").GetByText($"Wonder {SeededServer.Word(SeededServer.Films - 1)}")).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".card").CountAsync(), 1, 400);

        // A link within the page's circuit, and back to where one was.
        await page.Locator(".card-title").GetByText($"Wonder {SeededServer.Word(SeededServer.Films - 1)}").ClickAsync();
        await Expect(visitor.Heading($"Wonder {SeededServer.Word(SeededServer.Films - 1)}")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.Locator(".card-title").GetByText($"Wonder {SeededServer.Word(SeededServer.Films - 1)}")).ToBeVisibleAsync();

        // The list draws the same rows.
        await visitor.Button("List").ClickAsync();
        await Expect(page.Locator("table.rows tbody tr.row").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        visitor.AssertNoComplaints();
    }

    [Theory]
    [InlineData("\" OR 1=1 --")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("NEAR( title:* ^ 🎬")]
    public async Task Search_HostileWords_ArePlainWords(string words)
    {
        await using var visitor = await SignedInAsync("vera");
        await visitor.GoAsync("/library");

        await visitor.Page.FillAsync("#search", words);
        await visitor.Page.PressAsync("#search", "Enter");

        await Expect(visitor.Page.GetByText("Nothing here matches")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#search")).ToHaveValueAsync(words);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Search_TypedBeforeTheCircuitIsThere_StaysAndIsAnswered()
    {
        await using var visitor = await SignedInAsync("vera");
        var page = visitor.Page;
        var start = new TaskCompletionSource();
        await page.RouteAsync("**/_framework/blazor.web*.js", async route =>
        {
            await start.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/library", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("#search").PressSequentiallyAsync("harb");

        start.SetResult();
        await Expect(page.Locator("#suggestions")).ToBeVisibleAsync();

        await Expect(page.Locator("#search")).ToHaveValueAsync("harb");
        await Expect(page.Locator("#search")).ToBeFocusedAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Scan_SourceEmptied_IsHeldReviewedAndDecided()
    {
        await using var visitor = await SignedInAsync("anna");
        var page = visitor.Page;
        Directory.Delete(seeded.Process.PathOf("drawer"), recursive: true);
        Directory.CreateDirectory(seeded.Process.PathOf("drawer"));
        await visitor.GoAsync("/sources");
        var drawer = page.Locator(".source", new() { HasText = "Drawer" });

        await drawer.GetByText("Full scan").ClickAsync();
        await page.Locator(".notice").GetByText("Look at it").ClickAsync();
        await Expect(visitor.Heading("This scan is held")).ToBeVisibleAsync();
        await Expect(page.Locator(".lead")).ToContainTextAsync("3 files");
        await ShootAsync(visitor, "held", "light");
        await visitor.Button("Mark as missing").ClickAsync();

        await Expect(visitor.Heading("Sources")).ToBeVisibleAsync();
        await Expect(drawer.Locator(".numbers .is-danger")).ToContainTextAsync("3");
        await Expect(page.Locator(".notice")).ToHaveCountAsync(0);
        await visitor.GoAsync("/library?query=lost");
        await Expect(page.Locator(".card-missing")).ToHaveCountAsync(3);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Edit_Title_IsSavedShownAndTakenBack()
    {
        await using var visitor = await SignedInAsync("anna");
        var page = visitor.Page;
        await visitor.GoAsync("/library?query=some+show");
        await page.Locator(".card-link").First.ClickAsync();
        await Expect(visitor.Heading("Some Show")).ToBeVisibleAsync();

        await visitor.Button("Edit").ClickAsync();
        await page.FillAsync("#edit-title", "Another <b>Name</b>");
        await visitor.Button("Save").ClickAsync();

        await Expect(visitor.Heading("Another <b>Name</b>")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(visitor.Heading("Another <b>Name</b>")).ToBeVisibleAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Circuit_EndedByAFault_IsSaidAndThePageLoadsAgain()
    {
        await using var visitor = await SignedInAsync("anna");
        var page = visitor.Page;
        await visitor.GoAsync("/library?query=wonder");
        await page.Locator(".card-link").First.ClickAsync();
        await Expect(visitor.Button("Edit")).ToBeVisibleAsync();
        await Expect(page.GetByText("has stopped")).ToBeHiddenAsync();

        await visitor.WithoutComplaintsAsync(async () =>
        {
            await page.EvaluateAsync("document.querySelector('.item-actions').replaceChildren(document.querySelector('.item-actions .button'))");   // what the circuit wants to take away is gone
            await visitor.Button("Edit").ClickAsync();
            await Expect(page.GetByText("This page ran into a problem and has stopped")).ToBeVisibleAsync();
            await Expect(page.Locator(".connection-lost")).ToBeVisibleAsync();
            await ShootAsync(visitor, "stopped", "light");
            await visitor.Button("Load again").Last.ClickAsync();
        });

        await visitor.AliveAsync();
        await visitor.Button("Edit").ClickAsync();
        await Expect(page.Locator("#edit-title")).ToBeVisibleAsync();
        visitor.AssertNoComplaints();
    }

    [Theory]
    [InlineData("material", "light")]
    [InlineData("material-dark", "dark")]
    public async Task Pages_EveryWidth_FitAndAreShown(string theme, string name)
    {
        await using var visitor = await chromium.VisitAsync(Address, theme);
        visitor.ExpectRefusal("/setup");
        visitor.ExpectRefusal("/denied");
        foreach (var nothing in new[] { "/sources/1/files?path=no", "/item/999999", "/item/999999/compare" })
        {
            visitor.ExpectRefusal(nothing);
        }

        await visitor.Page.GotoAsync("/sign-in");
        await ShootAsync(visitor, "sign-in", name);
        await visitor.Page.GotoAsync("/setup");
        await ShootAsync(visitor, "set-up", name);
        await visitor.SignInAsync("anna");
        foreach (var (page, path) in new[]
        {
            ("home", "/"), ("analytics", "/analytics"), ("library", "/library?sort=title"), ("library-list", "/library?sort=title&view=list"), ("library-filtered", "/library?type=movie&year=1999&presence=present"),
            ("library-nothing", "/library?query=nothing+at+all"), ("series", "/library?query=some+show"), ("sources", "/sources"), ("source-add", "/sources/add"), ("source-add-server", "/sources/add?step=server"),
            ("source-edit", "/sources/1/edit"), ("files", "/sources/1/files"), ("files-many", "/sources/1/files?path=00"), ("files-not-there", "/sources/1/files?path=no"),
            ("item-not-there", "/item/999999"), ("compare-not-there", "/item/999999/compare"), ("duplicates", "/duplicates"), ("matches", "/matches"), ("providers", "/admin/providers"), ("jobs", "/admin/jobs"), ("scan", "/sources/scans/1"), ("denied", "/denied"),
        })
        {
            await visitor.GoAsync(path);
            await ShootAsync(visitor, page, name);
        }

        await visitor.GoAsync("/library?query=wonder&type=movie");
        await visitor.Page.Locator(".card-link").First.ClickAsync();
        await Expect(visitor.Page.Locator(".versions")).ToBeVisibleAsync();
        await ShootAsync(visitor, "item", name);
        await visitor.Page.Locator(".version > .why > summary").First.ClickAsync();
        await Expect(visitor.Page.Locator(".clues").First).ToContainTextAsync("film title (year)");
        await ShootAsync(visitor, "item-why", name);
        await visitor.GoAsync($"{new Uri(visitor.Page.Url).AbsolutePath}/compare");
        await ShootAsync(visitor, "compare", name);
        Assert.Equal(name == "dark", await visitor.Page.EvaluateAsync<bool>("() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return r + g + b < 384; }"));
        visitor.AssertNoComplaints();
    }

    private async Task<Visitor> SignedInAsync(string name)
    {
        var visitor = await chromium.VisitAsync(Address);
        await visitor.SignInAsync(name);
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();
        await visitor.AliveAsync();
        return visitor;
    }

    /// <summary>Keeps a picture of the page at both widths, and sees that it nowhere needs scrolling sideways.</summary>
    private static async Task ShootAsync(Visitor visitor, string page, string theme)
    {
        foreach (var width in new[] { 360, 390, 1440 })
        {
            await visitor.Page.SetViewportSizeAsync(width, width > 1000 ? 900 : 844);
            await visitor.AliveAsync();
            var (content, window) = (await visitor.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"), await visitor.Page.EvaluateAsync<int>("() => innerWidth"));
            Assert.True(content <= window, $"{page} needs {content} pixels where there are {window}.");
            if (width != 360)
            {
                await visitor.Page.ScreenshotAsync(new() { Path = RepositoryRoot.PathOf($".build/screenshots/{page}-{width}-{theme}.png") });
            }
        }
    }
}
