using Catalogizer.Tests.Support;
using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>A new user's first steps, from the printed setup link to a power failure.</summary>
[Trait("Category", "Browser")]
public sealed class FirstDayTests
{
    [Fact]
    public async Task FirstDay_SetUpScanSearchAndAPowerCut_LosesNothing()
    {
        await using var server = new ServerProcess();
        for (var i = 0; i < 40; i++)
        {
            server.Write($"media/Films/Wonder {SeededServer.CreateWord(i)} ({1980 + i}) 1080p.mkv");
        }

        server.Write("media/Films/The Matrix (1999) 2160p.mkv");
        await server.StartAsync(firstTime: true);
        await using var visitor = await Chromium.VisitAsync(server.Address);
        var page = visitor.Page;

        await SetupAsync(visitor, server.SetupLink!);
        await AddAndScanAsync(visitor, server.PathOf("media"));
        await SearchAsync(visitor);

        await visitor.NavigateAsync("/library");
        var summary = await page.Locator(".page-summary [role=status]").InnerTextAsync();
        Assert.Equal("41 works", summary);
        await Assertions.Expect(page.Locator(".cards-first")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".card").First).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { window.sameDocument = true; }");
        await visitor.IgnoreErrorsDuringAsync(() => SimulatePowerCutAsync(visitor, server));
        await visitor.WaitUntilInteractiveAsync();
        await Assertions.Expect(page.Locator(".page-summary [role=status]")).ToHaveTextAsync(summary);
        await Assertions.Expect(page.Locator(".card").First).ToBeVisibleAsync();
        await visitor.NavigateAsync("/sources");
        await Assertions.Expect(page.Locator(".source .numbers")).ToContainTextAsync("41");
        visitor.AssertNoErrors();
    }

    private static async Task SetupAsync(Visitor visitor, string link)
    {
        await visitor.Page.GotoAsync(link);
        await visitor.Page.FillAsync("#username", "anna");
        await visitor.Page.FillAsync("#password", ServerProcess.Password);
        await visitor.Page.FillAsync("#repeat", ServerProcess.Password);
        await visitor.Button("Make the account").ClickAsync();
        await Assertions.Expect(visitor.Link("Add your first source")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await visitor.Link("Add your first source").ClickAsync();
        await visitor.Page.GetByText("This machine", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#path")).ToBeVisibleAsync();
    }

    private static async Task AddAndScanAsync(Visitor visitor, string folder)
    {
        var library = await visitor.OpenTabAsync("/library");
        await Assertions.Expect(library.GetByText("Your library begins with a folder")).ToBeVisibleAsync();
        await library.EvaluateAsync("() => { window.sameDocument = true; }");

        await visitor.Page.FillAsync("#path", Path.GetDirectoryName(folder)!);
        await visitor.Button("Browse").ClickAsync();
        var dialog = visitor.Page.Locator("dialog.dialog-picker");
        await dialog.GetByRole(AriaRole.Button, new() { Name = Path.GetFileName(folder), Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.Locator(".picker-path")).ToHaveTextAsync(folder);
        await dialog.GetByText("Take this folder").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#path")).ToHaveValueAsync(folder);
        await visitor.Button("Test it").ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("It can be read: 1 folders and 0 files at the top.")).ToBeVisibleAsync();
        await visitor.Button("Continue").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".look-count")).ToHaveTextAsync("41 files in all");
        await visitor.Button("Continue").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#name")).ToHaveValueAsync(Path.GetFileName(folder));
        await visitor.Button("Save and scan").ClickAsync();
        await Assertions.Expect(visitor.Heading("Sources")).ToBeVisibleAsync();

        await Assertions.Expect(library.Locator(".card").First).ToBeVisibleAsync();
        await Assertions.Expect(library.Locator(".page-summary [role=status]")).ToHaveTextAsync("41 works");
        Assert.True(await library.EvaluateAsync<bool>("() => window.sameDocument === true"));
        await library.CloseAsync();
    }

    private static async Task SearchAsync(Visitor visitor)
    {
        var search = visitor.Page.Locator("#search");
        await search.PressSequentiallyAsync("matr");
        await Assertions.Expect(visitor.Page.Locator("#suggestion-0")).ToContainTextAsync("The Matrix");
        await search.PressAsync("ArrowDown");
        await Assertions.Expect(visitor.Page.Locator("#suggestion-0")).ToHaveAttributeAsync("aria-selected", "true");
        await search.PressAsync("Enter");
        await Assertions.Expect(visitor.Heading("The Matrix")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".versions")).ToContainTextAsync("Films/The Matrix (1999) 2160p.mkv");
    }

    private static async Task SimulatePowerCutAsync(Visitor visitor, ServerProcess server)
    {
        var modal = visitor.Page.Locator("#components-reconnect-modal");
        await server.KillAsync();
        await Assertions.Expect(modal).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".card").First).ToBeVisibleAsync();

        await server.StartAsync();
        // Clicks each offered reconnect button once, by script: a button can disappear before a mouse click reaches it.
        await visitor.Page.WaitForFunctionAsync(
            """
            () => {
                const way = [...document.querySelectorAll('#components-reconnect-modal [data-reconnect]')].find(b => b.checkVisibility() && !b.taken);
                if (way) { way.taken = true; way.click(); }
                return window.sameDocument === undefined;
            }
            """);
        await Assertions.Expect(modal).ToBeHiddenAsync();
    }
}
