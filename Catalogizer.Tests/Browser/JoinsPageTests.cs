using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Duplicates, the item, its copies side by side; and works joined and parted, seen in a second tab, in a real browser.</summary>
[Trait("Category", "Browser")]
[Collection(BrowserCollection.Name)]
public sealed class JoinsPageTests(Chromium chromium) : IAsyncLifetime
{
    private const int Films = 2000;

    private readonly TestServer _server = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
    };

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        for (var i = 0; i < Films; i++)
        {
            var title = $"{SeededServer.Word(i)} Wonder";
            var year = 1950 + (i % 70);
            _server.Write($"films/{i % 20:00}/{title} ({year}) 1080p BluRay x264.mkv", new string('a', 40_000 + (i * 7)));
            if (i % 10 == 0)
            {
                _server.Write($"drawer/{title} ({year}) 720p WEB-DL x265.mkv", new string('b', 9_000 + i));
                _server.Write($"drawer/copy/{title} ({year}) 1080p BluRay x264.mkv", new string('a', 40_000 + (i * 7)));
            }
        }

        _server.Write("films/Long/The Way of a Title That Goes On and On Until It Needs a Second Line (1994) 2160p Remux HDR x265.mkv", new string('c', 200_000));
        _server.Write("drawer/The Way of a Title That Goes On and On Until It Needs a Second Line (1994) 480p.avi", new string('d', 150_000));
        _server.Write("films/Silver Harbor (1994) 720p.mkv");
        _server.Write("films/Silver Harbour (1994) 1080p.mkv");
        foreach (var (name, folder, purpose) in ((string, string, string)[])[("Films", "films", "main"), ("Drawer", "drawer", "archive")])
        {
            var source = (await _server.Get<SourceService>().AddAsync(
                Actor.System, new SourceDraft { Name = name, Protocol = "local", Path = _server.PathOf(folder), Purpose = purpose }, default)).Value;
            var scan = (await _server.Get<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default)).Value;
            await _server.Get<ScanService>().WaitAsync(scan.Id, default);
        }

        await _server.Get<Fingerprints>().SampleAsync(new Progress<WorkProgress>(), default);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("material", 1440)]
    [InlineData("material-dark", 390)]
    [InlineData("material-dark", 1440)]
    [InlineData("material", 390)]
    public async Task Duplicates_ToItemToCompare(string theme, int width)
    {
        await using var visitor = await chromium.VisitAsync(_server.Address, theme);
        var page = visitor.Page;
        await page.SetViewportSizeAsync(width, 900);
        await visitor.SignInAsync("anna", AccountsFixture.GoodPassword);
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();

        await visitor.GoAsync("/duplicates");
        await LookAsync(page, $"duplicates-{theme}-{width}");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Kinds of duplicates" }).GetByText("Lesser copies").ClickAsync();
        await Expect(page.Locator(".duplicates > li")).ToHaveCountAsync(30);
        await LookAsync(page, $"lesser-{theme}-{width}");
        await page.Locator(".duplicates h2 a").First.ClickAsync();
        await visitor.AliveAsync();
        await LookAsync(page, $"item-{theme}-{width}");
        await visitor.Link("Compare copies").ClickAsync();
        await Expect(visitor.Heading("Compare copies")).ToBeVisibleAsync();
        await Expect(page.Locator(".compare-differs").First).ToBeVisibleAsync();
        await LookAsync(page, $"compare-{theme}-{width}");
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task MergeAndSplit_InOneTab_ShowInTheOther()
    {
        await using var visitor = await chromium.VisitAsync(_server.Address, "material");
        var page = visitor.Page;
        await visitor.SignInAsync("anna", AccountsFixture.GoodPassword);
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();
        var (went, stays) = (await IdAsync("harbor"), await IdAsync("harbour"));
        var other = await visitor.AnotherPageAsync();
        await other.GotoAsync($"/item/{stays}");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "The copy", Exact = true })).ToBeVisibleAsync();

        await visitor.GoAsync($"/item/{went}");
        await visitor.Button("Same as another work").ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Work" }).FillAsync("silver harbour");
        await LookAsync(page, "merge");
        await visitor.Button("These are one Silver Harbour 1994").ClickAsync();

        await Expect(visitor.Heading("Silver Harbour")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/item/{stays}$"));
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "2 copies", Exact = true })).ToBeVisibleAsync();
        await visitor.GoAsync($"/item/{went}");
        await Expect(visitor.Heading("Silver Harbour")).ToBeVisibleAsync();
        await LookAsync(page, "merged");

        await page.GetByRole(AriaRole.Button, new() { Name = "Of another work", Exact = true }).Last.ClickAsync();
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Silver Harbour: The Making");
        await LookAsync(page, "split");
        await visitor.Button("Make it a work of its own").ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "The copy", Exact = true })).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Link, new() { Name = "Silver Harbour: The Making" })).ToBeVisibleAsync();

        var back = page.GetByRole(AriaRole.Button, new() { Name = "Take it back" });
        await Expect(back).ToHaveCountAsync(2);
        await back.First.ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "2 copies", Exact = true })).ToBeVisibleAsync();
        await Expect(back).ToHaveCountAsync(1);
        await back.ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "The copy", Exact = true })).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "By decision" })).ToHaveCountAsync(0);
        await visitor.GoAsync($"/item/{went}");
        await Expect(visitor.Heading("Silver Harbor")).ToBeVisibleAsync();
        visitor.AssertNoComplaints();
    }

    private async Task<long> IdAsync(string word) =>
        Assert.Single((await _server.Get<MediaService>().PageAsync(Actor.System, new MediaQuery { Query = word, Limit = 10 }, default)).Value.Items).Id;

    private static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CATALOGIZER_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }

        Assert.Empty(await Axe.ViolationsAsync(page));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }
}
