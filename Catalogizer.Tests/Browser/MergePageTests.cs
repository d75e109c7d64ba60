using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Duplicates, the item, its versions side by side, and merges and splits as seen in a second tab, in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class MergePageTests(MergePageTests.Library library) : IClassFixture<MergePageTests.Library>
{
    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Duplicates_ToItemToCompare(int width)
    {
        await using var visitor = await VisitAsync();
        var page = visitor.Page;
        await page.SetViewportSizeAsync(width, 900);

        await visitor.NavigateAsync("/duplicates");
        await visitor.AssertUsableAsync("duplicates-some");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Kinds of duplicates" }).GetByText("Lesser copies").ClickAsync();
        await Expect(page.Locator(".duplicates > li")).ToHaveCountAsync(30);
        await visitor.AssertUsableAsync("duplicates-lesser");
        await page.Locator(".duplicates h2 a").First.ClickAsync();
        await Expect(visitor.Link("Compare copies")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await visitor.AssertUsableAsync("item-copies");
        await visitor.Link("Compare copies").ClickAsync();
        await Expect(visitor.Heading("Compare copies")).ToBeVisibleAsync();
        await Expect(page.Locator(".compare-differs").First).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("compare-copies");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task MergeAndSplit_InOneTab_ShowInTheOther()
    {
        await using var visitor = await VisitAsync();
        var page = visitor.Page;
        var (went, stays) = (await FindIdAsync("harbor"), await FindIdAsync("harbour"));
        var other = await visitor.OpenTabAsync($"/item/{stays}");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "The copy", Exact = true })).ToBeVisibleAsync();

        await visitor.NavigateAsync($"/item/{went}");
        await visitor.Button("Same as another work").ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Work" }).FillAsync("silver harbour");
        await visitor.AssertUsableAsync("merge");
        await visitor.Button("These are one Silver Harbour 1994").ClickAsync();

        await Expect(visitor.Heading("Silver Harbour")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/item/{stays}$"));
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "2 copies", Exact = true })).ToBeVisibleAsync();
        await visitor.NavigateAsync($"/item/{went}");
        await Expect(visitor.Heading("Silver Harbour")).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("merged");

        await page.GetByRole(AriaRole.Button, new() { Name = "Of another work", Exact = true }).Last.ClickAsync();
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Silver Harbour: The Making");
        await visitor.AssertUsableAsync("split");
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
        await visitor.NavigateAsync($"/item/{went}");
        await Expect(visitor.Heading("Silver Harbor")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    private Task<Visitor> VisitAsync() => Chromium.VisitAsync(library.Server.Address, "anna", AccountsFixture.GoodPassword);

    private async Task<long> FindIdAsync(string word) =>
        Assert.Single((await library.Server.Get<MediaService>().PageAsync(Actor.System, new MediaQuery { Query = word, Limit = 10 }, default)).Value.Items).Id;

    /// <summary>Two sources that share some of their films, as identical files and as files of lower quality.</summary>
    public sealed class Library : IAsyncLifetime
    {
        private const int Films = 400;

        internal TestServer Server { get; } = new()
        {
            Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
        };

        public async Task InitializeAsync()
        {
            await Server.StartAsync();
            for (var i = 0; i < Films; i++)
            {
                var title = $"{SeededServer.CreateWord(i)} Wonder";
                var year = 1950 + (i % 70);
                Server.Write($"films/{i % 20:00}/{title} ({year}) 1080p BluRay x264.mkv", new string('a', 40_000 + (i * 7)));
                if (i % 10 == 0)
                {
                    Server.Write($"drawer/{title} ({year}) 720p WEB-DL x265.mkv", new string('b', 9_000 + i));
                    Server.Write($"drawer/copy/{title} ({year}) 1080p BluRay x264.mkv", new string('a', 40_000 + (i * 7)));
                }
            }

            Server.Write("films/Long/The Way of a Title That Goes On and On Until It Needs a Second Line (1994) 2160p Remux HDR x265.mkv", new string('c', 200_000));
            Server.Write("drawer/The Way of a Title That Goes On and On Until It Needs a Second Line (1994) 480p.avi", new string('d', 150_000));
            Server.Write("films/Silver Harbor (1994) 720p.mkv");
            Server.Write("films/Silver Harbour (1994) 1080p.mkv");
            await SeededServer.ScanAsync(Server, "Films", Server.PathOf("films"));
            await SeededServer.ScanAsync(Server, "Drawer", Server.PathOf("drawer"), "archive");
            await Server.Get<FingerprintService>().SampleAsync(new Progress<ProgressUpdate>(), default);
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
