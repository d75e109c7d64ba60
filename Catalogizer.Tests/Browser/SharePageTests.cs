using System.Globalization;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>A network share from its first setup to the day its server is off, with a real browser and a real file server.</summary>
[Trait("Category", "Browser")]
public sealed partial class SharePageTests : IAsyncLifetime
{
    private const int PhotoCount = 1200;

    private readonly TestServer _app = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
    };

    private SmbServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await SmbServer.StartAsync();
        for (var i = 0; i < PhotoCount; i++)
        {
            _server.Write($"auth/Photos/IMG_{i:00000}.jpg");
        }

        _server.Write("auth/Films/100% Wonder #1 [x] & y/A Wonder (2001) 1080p.mkv");
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Share_AddedByThePagesAndItsServerStopped_StaysBrowsable()
    {
        await using var visitor = await Chromium.VisitAsync(_app.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;

        await AddAsync(visitor);
        await Expect(page.Locator(".source .state")).ToHaveTextAsync("connected");
        await Expect(page.Locator(".source .numbers")).ToContainTextAsync((PhotoCount + 1).ToString("N0", CultureInfo.InvariantCulture));

        await _server.StopAsync();

        // The card may already have detected the outage; then the button is Retry instead of Scan.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = ScanOrRetryRegex() }).ClickAsync();
        await Expect(page.Locator(".source .state")).Not.ToHaveTextAsync("connected", new() { Timeout = 60_000 });
        await Expect(page.Locator(".source-trouble")).ToContainTextAsync("Everything on it stays browsable");
        await visitor.AssertFitsAsync("sources-away");

        await BrowseAsync(visitor);
        await MarkRemovableAsync(visitor);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Share_ItsServerKilledAndStarted_IsBackWithWhatChangedWithoutAReload()
    {
        await using var visitor = await Chromium.VisitAsync(_app.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await AddAsync(visitor);
        var (state, numbers) = (page.Locator(".source .state"), page.Locator(".source .numbers"));
        await Expect(page.Locator(".source .facts")).ToContainTextAsync("Live", new() { Timeout = 60_000 });
        await page.EvaluateAsync("() => { window.wasNotReloaded = true; }");

        await _server.UploadAsync("Films/Live Wonder (2003).mkv", _server.PathOf("auth/Photos/IMG_00000.jpg"));
        await Expect(numbers).ToContainTextAsync(FormatCount(PhotoCount + 2), new() { Timeout = 60_000 });

        await _server.KillAsync();
        await Expect(state).ToHaveTextAsync("interrupted", new() { Timeout = 60_000 });
        _server.Write("auth/Films/While It Was Away (2004).mkv");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(new Uri(_app.Address, "/?query=wonder").ToString());
        await Expect(other.Locator(".card")).ToHaveCountAsync(2);

        await _server.LaunchAsync();
        await Expect(state).ToHaveTextAsync("connected", new() { Timeout = 60_000 });
        await Expect(numbers).ToContainTextAsync(FormatCount(PhotoCount + 3), new() { Timeout = 60_000 });
        await Expect(page.Locator(".source .is-danger")).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>("() => window.wasNotReloaded === true"));
    }

    private static string FormatCount(int files) => files.ToString("N0", CultureInfo.InvariantCulture);

    private async Task AddAsync(Visitor visitor)
    {
        var page = visitor.Page;
        await visitor.NavigateAsync("/sources/add");
        await page.GetByText("Network share", new() { Exact = true }).ClickAsync();

        // A wrong input does not discard the correct ones.
        await page.FillAsync("#host", $"smb://{SmbServer.Host}:{_server.Port}/closed/a folder");
        await page.PressAsync("#host", "Tab");
        await Expect(page.Locator("#host")).ToHaveValueAsync(SmbServer.Host);
        await Expect(page.Locator("#port")).ToHaveValueAsync(_server.Port.ToString(CultureInfo.InvariantCulture));
        await page.FillAsync("#username", SmbServer.User);
        await page.FillAsync("#password", "not the password");
        await visitor.Button("Continue").ClickAsync();
        await AssertErrorShownOnceAsync(visitor, "does not accept this user name or password");
        await visitor.AssertFitsAsync("wizard-server-refuses");
        await page.FillAsync("#password", SmbServer.Password);
        await page.PressAsync("#password", "Enter");

        await Expect(page.Locator(".share-options")).ToBeVisibleAsync();
        await Expect(page.Locator("#share")).ToHaveValueAsync("closed");
        await visitor.Button("Continue").ClickAsync();
        await AssertErrorShownOnceAsync(visitor, "not for the share “closed”");
        await page.GetByText("auth", new() { Exact = true }).ClickAsync();
        await visitor.Button("Continue").ClickAsync();

        await page.FillAsync("#folder", "not there");
        await visitor.Button("Continue").ClickAsync();
        await AssertErrorShownOnceAsync(visitor, "has no folder “not there”");
        await page.FillAsync("#folder", "");
        await visitor.Button("Browse").ClickAsync();
        var dialog = page.Locator("dialog.dialog-picker");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Films", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "One folder up" }).ClickAsync();
        await Expect(dialog.Locator(".picker-path")).ToHaveTextAsync(@"\\127.0.0.1\auth");
        await dialog.GetByText("Take this folder").ClickAsync();
        await visitor.Button("Test it").ClickAsync();
        await Expect(page.Locator(".test-ok")).ToContainTextAsync("It can be read: 2 folders and 0 files at the top.");
        await visitor.Button("Continue").ClickAsync();
        await Expect(page.Locator(".look-count")).ToHaveTextAsync($"{PhotoCount + 1:N0} files in all");
        await visitor.AssertFitsAsync("wizard-look");

        // Back and forward with the browser's own buttons.
        await page.GoBackAsync();
        await page.GoBackAsync();
        await Expect(page.Locator("#share")).ToHaveValueAsync("auth");
        await page.GoBackAsync();
        await Expect(page.Locator("#username")).ToHaveValueAsync(SmbServer.User);
        await Expect(page.Locator("#password")).ToHaveValueAsync("");
        await page.GoForwardAsync();
        await page.GoForwardAsync();
        await page.GoForwardAsync();
        await visitor.Button("Continue").ClickAsync();
        await page.FillAsync("#name", "NAS");
        await visitor.AssertFitsAsync("wizard-details");
        Assert.DoesNotContain(SmbServer.Password, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(SmbServer.Password, page.Url, StringComparison.Ordinal);
        await visitor.Button("Save and scan").ClickAsync();
        await Expect(page.Locator(".source")).ToContainTextAsync("Last scan done");
    }

    /// <summary>Asserts that an error is shown next to its field and nowhere else, and is in view on a phone and on a desktop.</summary>
    private static async Task AssertErrorShownOnceAsync(Visitor visitor, string words)
    {
        var (page, size) = (visitor.Page, visitor.Page.ViewportSize!);
        var errorMessage = page.Locator(".field .field-error", new() { HasText = words });
        await Expect(errorMessage).ToBeInViewportAsync();
        await Expect(page.Locator(".content").GetByText(words)).ToHaveCountAsync(1);
        foreach (var (width, height) in new[] { (390, 844), (1440, 900) })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EvaluateAsync("() => scrollTo(0, 0)");
            await visitor.Button("Continue").ClickAsync();
            await Expect(errorMessage).ToBeInViewportAsync();
        }

        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    private static async Task BrowseAsync(Visitor visitor)
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Browse", Exact = true }).ClickAsync();
        await Expect(visitor.Heading("NAS")).ToBeVisibleAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("does not answer right now");
        await visitor.AssertFitsAsync("files-away");

        await visitor.Link("Photos").ClickAsync();
        await Expect(page.Locator(".entry-name").GetByText("IMG_00000.jpg")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.documentElement.scrollHeight > 60000");
        await page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        await Expect(page.Locator(".entry-name").GetByText($"IMG_{PhotoCount - 1:00000}.jpg")).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".entry").CountAsync(), 1, 200);
        await page.FillAsync(".find input", "0077");
        await page.PressAsync(".find input", "Enter");
        await Expect(page.Locator(".page-summary")).ToContainTextAsync("11 files");

        await page.Locator(".crumbs").GetByText("NAS").ClickAsync();
        await visitor.Link("Films").ClickAsync();
        await visitor.Link("100% Wonder #1 [x] & y").ClickAsync();
        await Expect(visitor.Heading("100% Wonder #1 [x] & y")).ToBeVisibleAsync();
        await visitor.AssertFitsAsync("files-film");
        await page.GetByText("A Wonder (2001) 1080p.mkv").ClickAsync();
        await Expect(visitor.Heading("A Wonder")).ToBeVisibleAsync();
    }

    /// <summary>The same state is normal for a removable source: nothing is red, and nothing warns.</summary>
    private static async Task MarkRemovableAsync(Visitor visitor)
    {
        var page = visitor.Page;
        await visitor.NavigateAsync("/sources");
        await visitor.Link("Edit").ClickAsync();
        await page.GetByText("Mostly offline", new() { Exact = true }).ClickAsync();
        await visitor.Button("Save").ClickAsync();

        await Expect(page.Locator(".source .state-quiet")).ToHaveTextAsync("put away");
        await Expect(page.Locator(".source .is-warning, .source .is-danger")).ToHaveCountAsync(0);
        await visitor.AssertFitsAsync("sources-put-away");
    }

    [GeneratedRegex("^(Scan|Retry) now$")]
    private static partial Regex ScanOrRetryRegex();
}
