using Catalogizer.Tests.Accounts;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>New items arrive while a user has scrolled far down in the library.</summary>
[Trait("Category", "Browser")]
public sealed class LibraryScrollPositionTests(LibraryScrollPositionTests.ServerFixture fixture) : IClassFixture<LibraryScrollPositionTests.ServerFixture>
{
    private const int NewItemCount = 30;

    /// <summary>The item at the upper edge, with the left and top of its card in pixels.</summary>
    private const string TopCardScript = """
        () => {
            const edge = document.querySelector('.bar').getBoundingClientRect().bottom;
            const top = [...document.querySelectorAll('.card, .row')].find(card => card.getBoundingClientRect().bottom > edge && card.querySelector('a'));
            return top.querySelector('a').getAttribute('href') + ' at ' + Math.round(top.getBoundingClientRect().left) + ',' + Math.round(top.getBoundingClientRect().top);
        }
        """;

    /// <summary>The grid has replaced the prerendered items, and rendered items fill the window.</summary>
    private const string IsSettledScript = """
        () => {
            const drawn = [...document.querySelectorAll('.card, .row')].filter(card => card.querySelector('a')).map(card => card.getBoundingClientRect());
            return scrollY > 2000
                && !document.querySelector('.cards-first, .results .skeleton')
                && drawn.some(card => card.top <= document.querySelector('.bar').getBoundingClientRect().bottom)
                && drawn.some(card => card.bottom >= innerHeight);
        }
        """;

    [Theory]
    [InlineData("grid", "addeddown", 2500)]
    [InlineData("list", "addeddown", 2500)]
    [InlineData("grid", "addeddown", 60_000)]
    [InlineData("list", "addeddown", 60_000)]
    [InlineData("grid", "title", 2500)]
    public async Task Arrivals_WhileScrolledDown_MoveNothingAndWaitAtTheTop(string layout, string sort, int depth)
    {
        await using var visitor = await Chromium.VisitAsync(fixture.SeededServer.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await visitor.NavigateAsync($"/library?view={layout}{(sort == "title" ? "&sort=title" : "")}");
        await page.WaitForFunctionAsync("() => document.documentElement.scrollHeight > 40000");
        await page.EvaluateAsync("depth => scrollTo({ top: depth, behavior: 'instant' })", depth);
        await page.WaitForFunctionAsync(IsSettledScript);
        await visitor.WaitUntilInteractiveAsync();
        var before = await page.EvaluateAsync<string>(TopCardScript);

        await fixture.AddItemsAsync(NewItemCount);

        // How many is shown in MediaBrowserLiveTests: on a busy machine the page may also count items that came just before it was opened.
        await Expect(page.Locator(".results-new")).ToContainTextAsync("0 new");
        Assert.Equal(before, await page.EvaluateAsync<string>(TopCardScript));
        await page.EvaluateAsync("() => scrollBy({ top: 300, behavior: 'instant' })");
        await page.EvaluateAsync("() => scrollBy({ top: -300, behavior: 'instant' })");
        await visitor.WaitUntilInteractiveAsync();
        Assert.Equal(before, await page.EvaluateAsync<string>(TopCardScript));

        await visitor.AssertFitsAsync($"library-new-{layout}");
        await page.Locator(".results-new button").ClickAsync();
        await Expect(page.Locator(".results-new")).ToHaveCountAsync(0);
        await Expect(page.Locator(".card-title, .row-title").First).ToContainTextAsync(sort == "title" ? "Aardvark" : $"Aardvark {fixture.BatchCount}");
        await page.WaitForFunctionAsync("() => scrollY === 0");
        visitor.AssertNoErrors();
    }

    public sealed class ServerFixture : IAsyncLifetime
    {
        internal SeededServer SeededServer { get; } = new();

        public int BatchCount { get; private set; }

        public Task InitializeAsync() => SeededServer.InitializeAsync();

        public Task DisposeAsync() => SeededServer.DisposeAsync();

        /// <summary>Adds items that are both the newest and the first by title.</summary>
        public async Task AddItemsAsync(int count)
        {
            BatchCount++;
            var folder = SeededServer.PathOf($"burst-{BatchCount}");
            Directory.CreateDirectory(folder);
            for (var i = 0; i < count; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"Aardvark {BatchCount} {SeededServer.CreateWord(i)} (2003).mkv"), $"{BatchCount} {i}");
            }

            await SeededServer.ScanAsync($"Burst {BatchCount}", folder);
        }
    }
}
