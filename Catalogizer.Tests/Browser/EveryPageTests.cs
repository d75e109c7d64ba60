using Catalogizer.Tests.Accounts;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Each page as first opened: no wider than its window, and accessible in both themes.</summary>
[Trait("Category", "Browser")]
public sealed class EveryPageTests(EveryPageTests.Reader reader) : IClassFixture<EveryPageTests.Reader>
{
    private Visitor Visitor => reader.Visitor;

    [Theory]
    [InlineData("home", "/")]
    [InlineData("library", "/library?sort=title")]
    [InlineData("library-list", "/library?sort=title&view=list")]
    [InlineData("library-filtered", "/library?type=movie&year=1999&presence=present")]
    [InlineData("library-nothing", "/library?query=nothing+at+all")]
    [InlineData("library-ignored", "/library?type=bogus&tpye=movie")]
    [InlineData("series", "/library?query=some+show")]
    [InlineData("item", "/item/1")]
    [InlineData("item-not-there", "/item/999999")]
    [InlineData("compare", "/item/1/compare")]
    [InlineData("compare-not-there", "/item/999999/compare")]
    [InlineData("duplicates", "/duplicates")]
    [InlineData("analytics", "/analytics")]
    [InlineData("sources", "/sources")]
    [InlineData("source-add", "/sources/add")]
    [InlineData("source-add-server", "/sources/add?step=server")]
    [InlineData("source-edit", "/sources/1/edit")]
    [InlineData("files", "/sources/1/files")]
    [InlineData("files-many", "/sources/1/files?path=00")]
    [InlineData("files-not-there", "/sources/1/files?path=no")]
    [InlineData("scan", "/sources/scans/1")]
    [InlineData("failed-files", "/failed-files")]
    [InlineData("matches", "/matches")]
    [InlineData("jobs", "/admin/jobs")]
    [InlineData("health", "/admin/health")]
    [InlineData("errors", "/admin/errors")]
    [InlineData("audit", "/admin/audit")]
    [InlineData("metrics", "/admin/metrics")]
    [InlineData("users", "/admin/users")]
    [InlineData("providers", "/admin/providers")]
    [InlineData("account", "/account")]
    [InlineData("denied", "/denied")]
    public async Task Page_Opened_FitsAndHasNoViolations(string name, string path)
    {
        if (name == "denied" || name.EndsWith("-not-there", StringComparison.Ordinal))
        {
            Visitor.ExpectFailedRequest(path);
        }

        await Visitor.NavigateAsync(path);

        await Visitor.AssertFitsAsync(name);
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(Visitor));
        Visitor.AssertNoErrors();
    }

    [Theory]
    [InlineData("sign-in", "/sign-in")]
    [InlineData("set-up", "/setup")]
    public async Task Page_BeforeSignIn_FitsAndHasNoViolations(string name, string path)
    {
        await using var visitor = await Chromium.VisitAsync(reader.Address);
        visitor.ExpectFailedRequest("/setup");
        await visitor.NavigateAsync(path);

        await visitor.AssertFitsAsync(name);
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(visitor));
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task ItemAndLibrary_WithWhatOpensOnThem_FitAndHaveNoViolations()
    {
        await Visitor.NavigateAsync("/item/1");
        await Visitor.Page.Locator(".version > .why > summary").First.ClickAsync();
        await Expect(Visitor.Page.Locator(".clues").First).ToContainTextAsync("film title (year)");
        await Visitor.AssertFitsAsync("item-why");
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(Visitor));

        await Visitor.NavigateAsync("/library");
        await Visitor.Button("Filters").ClickAsync();
        await Expect(Visitor.Page.Locator("#filters")).ToBeVisibleAsync();
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(Visitor));
        await Visitor.Page.Keyboard.PressAsync("Escape");
        await Visitor.Page.Keyboard.PressAsync("?");
        await Expect(Visitor.Page.Locator("#keys")).ToBeVisibleAsync();
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(Visitor));
        Visitor.AssertNoErrors();
    }

    [Theory]
    [InlineData("material", false)]
    [InlineData("material-dark", true)]
    public async Task Theme_ChosenEarlier_ColoursThePage(string theme, bool isDark)
    {
        await using var visitor = await Chromium.VisitAsync(reader.Address, theme);
        await visitor.AddSessionCookieAsync("anna", AccountsFixture.GoodPassword);
        await visitor.NavigateAsync("/library");

        Assert.Equal(isDark, await visitor.Page.EvaluateAsync<bool>("() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).slice(0, 3).reduce((a, b) => a + b) < 384"));
    }

    /// <summary>A seeded server and one visitor who opens page after page.</summary>
    public sealed class Reader : IAsyncLifetime
    {
        private readonly SeededServer _seededServer = new();

        public Uri Address => _seededServer.Address;

        internal Visitor Visitor { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await _seededServer.InitializeAsync();
            Visitor = await Chromium.VisitAsync(Address, "anna", AccountsFixture.GoodPassword);
        }

        public async Task DisposeAsync()
        {
            await Visitor.DisposeAsync();
            await _seededServer.DisposeAsync();
        }
    }
}
