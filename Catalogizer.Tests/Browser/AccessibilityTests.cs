using Catalogizer.Tests.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>The library by keyboard, as a table, and across a lost connection.</summary>
[Trait("Category", "Browser")]
public sealed class AccessibilityTests(SeededServer seeded) : IClassFixture<SeededServer>
{
    [Fact]
    public async Task Library_ByKeysAlone_IsSearchedWalkedAndOpened()
    {
        await using var visitor = await SignInAsync();
        var page = visitor.Page;
        await visitor.NavigateAsync("/library?sort=title&type=movie");
        await Expect(page.Locator(".cards-first")).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#keys")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#search")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#search")).ToHaveValueAsync("/");
        await page.Locator("#search").FillAsync("");

        var columns = await page.EvaluateAsync<int>("() => getComputedStyle(document.querySelector('.cards')).gridTemplateColumns.split(' ').length");
        await page.Locator(".card-link").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".card-link").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(".card-link").Nth(1 + columns)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".card-link").First).ToBeFocusedAsync();

        // Far down, rows that are not rendered yet are rendered on the way.
        for (var i = 0; i < 12; i++)
        {
            var before = await page.EvaluateAsync<string>("() => document.activeElement.href");
            await page.Keyboard.PressAsync("ArrowDown");
            await page.WaitForFunctionAsync("b => document.activeElement.href !== b", before);
        }

        var title = await page.EvaluateAsync<string>("() => document.activeElement.querySelector('h3').innerText");
        Assert.Equal($"Wonder {SeededServer.CreateWord((12 * columns) - 3)}", title);     // the three “Lost” films come first
        await page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Heading(title)).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Library_AsAList_HasEveryColumnUnderItsHead()
    {
        await using var visitor = await SignInAsync();
        var page = visitor.Page;
        await visitor.NavigateAsync("/library?sort=title&view=list");
        await Expect(page.Locator(".row-title").First).ToBeVisibleAsync();

        var apart = await page.EvaluateAsync<string[]>("""
            () => {
                const left = cell => Math.round(cell.getBoundingClientRect().left);
                const heads = [...document.querySelectorAll('.rows thead th')], cells = document.querySelector('.rows tbody .row').children;
                return heads.filter((head, i) => left(head) !== left(cells[i])).map(head => head.innerText);
            }
            """);
        Assert.Empty(apart);
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('.rows').getBoundingClientRect().right <= innerWidth"));

        // The whole cell links to the item.
        var cell = (await page.Locator(".row-title").Nth(1).BoundingBoxAsync())!;
        var title = await page.Locator(".row-title bdi").Nth(1).InnerTextAsync();
        await page.Mouse.ClickAsync(cell.X + cell.Width - 6, cell.Y + cell.Height - 6);
        await Expect(visitor.Heading(title)).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Connection_CutAndBack_KeepsFiltersAndPlace()
    {
        await using var visitor = await SignInAsync();
        var page = visitor.Page;
        var (open, cut) = (new List<IWebSocketRoute>(), false);
        await page.RouteWebSocketAsync(url => url.Contains("/_blazor", StringComparison.Ordinal), socket =>
        {
            if (cut)
            {
                _ = socket.CloseAsync();
                return;
            }

            socket.ConnectToServer();
            open.Add(socket);
        });
        // Otherwise the circuit would fall back to long polling.
        await page.RouteAsync("**/_blazor/**", route => cut ? route.AbortAsync() : route.ContinueAsync());
        await visitor.NavigateAsync("/library?sort=title&type=movie");
        await Expect(page.Locator(".cards-first")).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => { window.sameDocument = true; scrollTo(0, 5000); }");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.card-link')].filter(a => { const r = a.getBoundingClientRect(); return r.top > 64 && r.bottom < innerHeight; }).length > 3");
        var shown = await FindFirstVisibleAsync(page);

        await visitor.IgnoreErrorsDuringAsync(async () =>
        {
            cut = true;
            await Task.WhenAll(open.Select(s => s.CloseAsync()));
            await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
            await Expect(page.Locator(".connection-lost")).ToBeVisibleAsync();
            Assert.Equal(shown, await FindFirstVisibleAsync(page));
            cut = false;
            await Expect(page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        });

        Assert.Equal(shown, await FindFirstVisibleAsync(page));
        Assert.EndsWith("/library?sort=title&type=movie", page.Url, StringComparison.Ordinal);
        await page.Locator(".page-actions select").SelectOptionAsync("-title");
        await Expect(page).ToHaveURLAsync("/library?type=movie&sort=-title");
        await Expect(page.Locator(".card-title").First).ToHaveTextAsync($"Wonder {SeededServer.CreateWord(SeededServer.FilmCount - 1)}");
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
    }

    private static Task<string> FindFirstVisibleAsync(IPage page) =>
        page.EvaluateAsync<string>("() => scrollY + ' ' + [...document.querySelectorAll('.card-link')].find(a => a.getBoundingClientRect().top > 64).href");

    private Task<Visitor> SignInAsync() => Chromium.VisitAsync(seeded.Address, "anna", AccountsFixture.GoodPassword);
}
