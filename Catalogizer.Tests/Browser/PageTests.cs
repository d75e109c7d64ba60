using Catalogizer.Tests.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>What users do on the pages, in a real browser, over a library of some size.</summary>
[Trait("Category", "Browser")]
public sealed class PageTests(SeededServer seeded) : IClassFixture<SeededServer>
{
    private Uri Address => seeded.Address;

    [Fact]
    public async Task SignIn_WrongThenRightThenOut_IsToldAndLetInAndOut()
    {
        await using var visitor = await Chromium.VisitAsync(Address);
        visitor.ExpectFailedRequest("/sign-in");
        await visitor.SignInAsync("anna", "not the password");
        await Expect(visitor.Page.GetByText("The user name or the password is not right.")).ToBeVisibleAsync();

        await visitor.SignInAsync("anna");
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await visitor.Button("Account of anna").ClickAsync();
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/library");
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Sources_Member_LooksAndCannotChange()
    {
        await using var visitor = await SignInAsync("vera");

        await visitor.NavigateAsync("/sources");
        await Expect(visitor.Page.Locator(".source")).ToHaveCountAsync(2);
        await Expect(visitor.Link("Add a source")).ToHaveCountAsync(0);
        await Expect(visitor.Button("Scan now")).ToHaveCountAsync(0);
        visitor.ExpectFailedRequest("/sources/add");
        visitor.ExpectFailedRequest("/denied");
        await visitor.Page.GotoAsync("/sources/add");
        await Expect(visitor.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".steps")).ToHaveCountAsync(0);
        await Expect(visitor.Heading("You don’t have access to this page")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await visitor.Link("Sources").ClickAsync();
        await Expect(visitor.Heading("Sources")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Links_OfEveryPageAMemberSees_LeadNowhereForbidden()
    {
        await using var visitor = await SignInAsync("vera");
        var links = new HashSet<string>();
        foreach (var path in new[] { "/", "/library", "/item/1", "/item/1/compare", "/analytics", "/sources", "/sources/1/files", "/account" })
        {
            await visitor.NavigateAsync(path);
            links.UnionWith(await visitor.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0]).filter(href => href.startsWith(location.origin) && !href.includes('/api/'))"));
        }

        Assert.True(links.Count > 20);
        var errors = await visitor.Page.EvaluateAsync<string[]>(
            """
            async links => {
                const wrong = [];
                for (const link of links) { const answer = await fetch(link); if (!answer.ok || answer.redirected) wrong.push(`${link}: ${answer.status} ${answer.url}`); }
                return wrong;
            }
            """,
            links.ToArray());
        Assert.Empty(errors);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Library_SelectTabsScrollAndBack_WorkOnTheCircuit()
    {
        await using var visitor = await SignInAsync("vera");
        var page = visitor.Page;
        await visitor.NavigateAsync("/library");
        await page.EvaluateAsync("() => { window.sameDocument = true; }");

        // A select and its change event; the sort order is part of the address.
        await page.Locator(".page-actions select").SelectOptionAsync("title");
        await Expect(page).ToHaveURLAsync("/library?sort=title");
        await Expect(page.Locator(".card-title").First).ToHaveTextAsync("An Album");

        // Rows far down are rendered when they are reached, and only those nearby.
        await page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        await Expect(page.Locator(".card-title").GetByText($"Wonder {SeededServer.CreateWord(SeededServer.FilmCount - 1)}")).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".card").CountAsync(), 1, 400);

        // A link within the page's circuit, and back to the previous position.
        await page.Locator(".card-title").GetByText($"Wonder {SeededServer.CreateWord(SeededServer.FilmCount - 1)}").ClickAsync();
        await Expect(visitor.Heading($"Wonder {SeededServer.CreateWord(SeededServer.FilmCount - 1)}")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.Locator(".card-title").GetByText($"Wonder {SeededServer.CreateWord(SeededServer.FilmCount - 1)}")).ToBeVisibleAsync();

        // The list view renders the same rows.
        await visitor.Button("List").ClickAsync();
        await Expect(page.Locator("table.rows tbody tr.row").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        visitor.AssertNoErrors();
    }

    [Theory]
    [InlineData("\" OR 1=1 --")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("NEAR( title:* ^ 🎬")]
    public async Task Search_HostileWords_ArePlainWords(string words)
    {
        await using var visitor = await SignInAsync("vera");
        await visitor.NavigateAsync("/library");

        await visitor.Page.FillAsync("#search", words);
        await visitor.Page.PressAsync("#search", "Enter");

        await Expect(visitor.Page.GetByText("Nothing here matches")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#search")).ToHaveValueAsync(words);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Search_TypedBeforeTheCircuitIsThere_StaysAndIsAnswered()
    {
        await using var visitor = await SignInAsync("vera");
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
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Scan_SourceEmptied_IsHeldReviewedAndDecided()
    {
        await using var visitor = await SignInAsync("anna");
        var page = visitor.Page;
        Directory.Delete(seeded.PathOf("drawer"), recursive: true);
        Directory.CreateDirectory(seeded.PathOf("drawer"));
        await visitor.NavigateAsync("/sources");
        var drawer = page.Locator(".source", new() { HasText = "Drawer" });

        await drawer.GetByText("Full scan").ClickAsync();
        await page.Locator(".notice").GetByText("Look at it").ClickAsync();
        await Expect(visitor.Heading("This scan is held")).ToBeVisibleAsync();
        await Expect(page.Locator(".lead")).ToContainTextAsync("3 files");
        await visitor.AssertFitsAsync("held");
        await visitor.Button("Mark as missing").ClickAsync();

        await Expect(visitor.Heading("Sources")).ToBeVisibleAsync();
        await Expect(drawer.Locator(".numbers .is-danger")).ToContainTextAsync("3");
        await Expect(page.Locator(".notice")).ToHaveCountAsync(0);
        await visitor.NavigateAsync("/library?query=lost");
        await Expect(page.Locator(".card-missing")).ToHaveCountAsync(3);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Edit_Title_IsSavedAndShown()
    {
        await using var visitor = await SignInAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/library?query=some+show");
        await page.Locator(".card-link").First.ClickAsync();
        await Expect(visitor.Heading("Some Show")).ToBeVisibleAsync();

        await visitor.Button("Edit").ClickAsync();
        await page.FillAsync("#edit-title", "Another <b>Name</b>");
        await visitor.Button("Save").ClickAsync();

        await Expect(visitor.Heading("Another <b>Name</b>")).ToBeVisibleAsync();
        await visitor.ReloadAsync(() => page.ReloadAsync());
        await Expect(visitor.Heading("Another <b>Name</b>")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Circuit_EndedByAFault_IsSaidAndThePageLoadsAgain()
    {
        await using var visitor = await SignInAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/library?query=wonder");
        await page.Locator(".card-link").First.ClickAsync();
        await Expect(visitor.Button("Edit")).ToBeVisibleAsync();
        await Expect(page.GetByText("has stopped")).ToBeHiddenAsync();

        await visitor.IgnoreErrorsDuringAsync(async () =>
        {
            await page.EvaluateAsync("document.querySelector('.item-actions').replaceChildren(document.querySelector('.item-actions .button'))");   // the element that the circuit will remove is gone
            await visitor.Button("Edit").ClickAsync();
            await Expect(page.GetByText("This page ran into a problem and has stopped")).ToBeVisibleAsync();
            await Expect(page.Locator(".connection-lost")).ToBeVisibleAsync();
            await visitor.AssertFitsAsync("stopped");
            await visitor.ReloadAsync(() => visitor.Button("Load again").Last.ClickAsync());
        });

        await visitor.Button("Edit").ClickAsync();
        await Expect(page.Locator("#edit-title")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    private Task<Visitor> SignInAsync(string name) => Chromium.VisitAsync(Address, name, AccountsFixture.GoodPassword);
}
