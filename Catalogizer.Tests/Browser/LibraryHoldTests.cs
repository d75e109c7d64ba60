using Catalogizer.Tests.Accounts;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Works that come while somebody looks at a library far down.</summary>
[Trait("Category", "Browser")]
public sealed class LibraryHoldTests(LibraryHoldTests.Site site) : IClassFixture<LibraryHoldTests.Site>
{
    private const int Arrivals = 30;

    /// <summary>The work at the upper edge and how far from it, in pixels.</summary>
    private const string AtTheTop = """
        () => {
            const edge = document.querySelector('.bar').getBoundingClientRect().bottom;
            const top = [...document.querySelectorAll('.card, .row')].find(card => card.getBoundingClientRect().bottom > edge && card.querySelector('a'));
            return top.querySelector('a').getAttribute('href') + ' at ' + Math.round(top.getBoundingClientRect().left) + ',' + Math.round(top.getBoundingClientRect().top);
        }
        """;

    /// <summary>The works sent with the page have given way to the wall, and the window is full of works that are drawn.</summary>
    private const string Settled = """
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
        await using var visitor = await Chromium.VisitAsync(site.Seeded.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await visitor.GoAsync($"/library?view={layout}{(sort == "title" ? "&sort=title" : "")}");
        await page.WaitForFunctionAsync("() => document.documentElement.scrollHeight > 40000");
        await page.EvaluateAsync("depth => scrollTo({ top: depth, behavior: 'instant' })", depth);
        await page.WaitForFunctionAsync(Settled);
        await visitor.AliveAsync();
        var before = await page.EvaluateAsync<string>(AtTheTop);

        await site.ArriveAsync(Arrivals);

        await Expect(page.Locator(".results-new")).ToContainTextAsync($"{Arrivals} new");
        Assert.Equal(before, await page.EvaluateAsync<string>(AtTheTop));
        await page.EvaluateAsync("() => scrollBy({ top: 300, behavior: 'instant' })");
        await page.EvaluateAsync("() => scrollBy({ top: -300, behavior: 'instant' })");
        await visitor.AliveAsync();
        Assert.Equal(before, await page.EvaluateAsync<string>(AtTheTop));

        await visitor.FitsAsync($"library-new-{layout}");
        await page.Locator(".results-new button").ClickAsync();
        await Expect(page.Locator(".results-new")).ToHaveCountAsync(0);
        await Expect(page.Locator(".card-title, .row-title").First).ToContainTextAsync(sort == "title" ? "Aardvark" : $"Aardvark {site.Bursts}");
        await page.WaitForFunctionAsync("() => scrollY === 0");
        visitor.AssertNoComplaints();
    }

    public sealed class Site : IAsyncLifetime
    {
        internal SeededServer Seeded { get; } = new();

        /// <summary>How often works came.</summary>
        public int Bursts { get; private set; }

        public Task InitializeAsync() => Seeded.InitializeAsync();

        public Task DisposeAsync() => Seeded.DisposeAsync();

        /// <summary>Adds works that are the newest and the first by title.</summary>
        public async Task ArriveAsync(int count)
        {
            Bursts++;
            var folder = Seeded.PathOf($"burst-{Bursts}");
            Directory.CreateDirectory(folder);
            for (var i = 0; i < count; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"Aardvark {Bursts} {SeededServer.Word(i)} (2003).mkv"), $"{Bursts} {i}");
            }

            await Seeded.ScanAsync($"Burst {Bursts}", folder);
        }
    }
}
