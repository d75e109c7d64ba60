using System.Diagnostics;
using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>What users wait for in a browser, and what an open page costs the server.</summary>
internal sealed class BrowserScenario : IScenario
{
    private const string CardSelector = ".card:not(.card-waiting)";
    private static readonly TimeSpan IdleDuration = TimeSpan.FromMinutes(1);

    /// <summary>Records when the page's main content is painted (shown), and when the circuit has rendered it again and handles events (live).</summary>
    private const string ObserveOpenScript = """
        (() => {
          const opening = window.opening = {};
          new MutationObserver(() => {
            const card = document.querySelector('.card:not(.card-waiting), #alive');
            if (!card) return;
            opening.first ??= card;
            opening.shown ??= performance.now();
            if (card !== opening.first || card.id === 'alive') opening.live ??= performance.now();
          }).observe(document, { subtree: true, childList: true });
        })();
        """;

    private const string ReadOpenTimesScript = """
        () => new Promise(requestAnimationFrame).then(() => [
          Math.max(window.opening.shown, performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0), window.opening.live])
        """;

    /// <summary>Clicks a tab or changes the sort order, and waits in the page itself until another first card is painted. Returns milliseconds.</summary>
    private const string ActAndWaitScript = """
        async act => {
          const first = () => document.querySelector('.card:not(.card-waiting)')?.innerText;
          const before = first(), began = performance.now();
          act === 'sort'
            ? (() => { const s = document.querySelector('.select select'); s.value = s.value === 'title' ? '-title' : 'title'; s.dispatchEvent(new Event('change', { bubbles: true })); })()
            : document.querySelector(`.tab[href*="type=${act}"]`).click();
          await new Promise((done, fail) => {
            const look = () => { const now = first(); if (now && now !== before) { eye.disconnect(); done(); } };
            setTimeout(() => fail(new Error(`After “${act}” the first card stayed “${before}”.`)), 20000);
            const eye = new MutationObserver(look);
            eye.observe(document.body, { subtree: true, childList: true, characterData: true });
          });
          await new Promise(requestAnimationFrame);
          return performance.now() - began;
        }
        """;

    /// <summary>Scrolls at a constant speed. Returns the longest time in milliseconds that a visible position had no card.</summary>
    private const string ScrollScript = """
        async ([speed, seconds]) => {
          const began = performance.now();
          let blankSince = null, longest = 0, last = began;
          while (performance.now() - began < seconds * 1000) {
            const now = await new Promise(requestAnimationFrame);
            window.scrollBy(0, speed * (now - last) / 1000);
            last = now;
            const blank = [...document.querySelectorAll('.card-waiting')].some(c => { const r = c.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; });
            blankSince = blank ? blankSince ?? now : null;
            longest = Math.max(longest, blank ? now - blankSince : 0);
          }
          return longest;
        }
        """;

    public string Name => "browser";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        // About 100,000 items: pictures, subtitles and NFO files belong to an item.
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.GetOrCreate(200_000));
        var data = await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "browser");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchChromiumAsync();
        await using var floor = await BareApp.StartAsync(bare);
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        await server.PauseJobsAsync();
        var rows = new List<ResultRow>();

        var (shown, live, theirs) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -3; round < (quick ? 3 : 15); round++)
        {
            var bareOne = await MeasureOpenAsync(browser, floor, "/", signIn: false);
            var ourOne = await MeasureOpenAsync(browser, server, "/library", signIn: true);
            if (round >= 0)    // warm-up: a fresh server is still compiling its code
            {
                theirs.Add(bareOne.Live);
                shown.Add(ourOne.Shown);
                live.Add(ourOne.Live);
            }
        }

        rows.Add(CreateRow("the library in an empty browser, until its first cards are painted", "a bare Blazor Server app's page, until its circuit has drawn it", shown, theirs, 0.6));
        rows.Add(CreateRow("the library in an empty browser, until its circuit has drawn it and everything on it can be used", "a bare Blazor Server app's page, until its circuit has drawn it", live, theirs, 0.6));

        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.SignInAsync(server);
        var bytes = await MeasureBytesAsync(page, "/library");
        rows.Add(CreateSingleValueRow("UI", "bytes over the wire of the first visit to the library", Math.Round(bytes / 1024), "KiB", 700));

        var (filter, sort) = (new List<double>(), new List<double>());
        // Switches between two types, because the library without a filter may start with the same card as one of them.
        await page.GotoAsync("/library?type=music");
        await page.Locator(CardSelector).First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        for (var round = 0; round < (quick ? 5 : 25); round++)
        {
            filter.Add(await page.EvaluateAsync<double>(ActAndWaitScript, "movie") / 1000);
            sort.Add(await page.EvaluateAsync<double>(ActAndWaitScript, "sort") / 1000);
            filter.Add(await page.EvaluateAsync<double>(ActAndWaitScript, "music") / 1000);
        }

        rows.Add(CreateRow("a filter, from the click until the first card of the answer is painted", "the opening of the bare page", filter, theirs, 0.15));
        rows.Add(CreateRow("another order, from the choice until the first card of the answer is painted", "the opening of the bare page", sort, theirs, 0.15));

        await page.GotoAsync("/library");
        await page.Locator(CardSelector).First.WaitForAsync();
        var blank = await page.EvaluateAsync<double>(ScrollScript, new[] { 4000, quick ? 5 : 20 });
        rows.Add(CreateSingleValueRow("UI", "scrolling through the library at 4,000 pixels a second: the longest that a place stays empty", Math.Round(blank), "ms", 100));

        await page.GotoAsync("/library");
        await page.Locator(CardSelector).First.WaitForAsync();
        await Task.Delay(TimeSpan.FromSeconds(quick ? 5 : 30));    // lets compilations and garbage collections caused by the scrolling end
        var (cpu, watch) = (server.CpuSeconds, Stopwatch.StartNew());
        await Task.Delay(IdleDuration);
        var share = (server.CpuSeconds - cpu) / watch.Elapsed.TotalSeconds;
        rows.Add(CreateSingleValueRow("UI", "the processor with the library open and nothing going on", 100 * share, "% of a core", 1));

        rows.Add(await MeasureCircuitMemoryAsync(context, server, quick ? 20 : 200));
        rows.Add(await MeasureFirstCardAsync(browser, app, quick));
        return rows;
    }

    /// <summary>Opens a page in a browser without cache. Both times are in seconds since the request.</summary>
    public static async Task<(double Shown, double Live)> MeasureOpenAsync(IBrowser browser, ServedApp server, string address, bool signIn)
    {
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        if (signIn)
        {
            await page.SignInAsync(server);
        }

        await page.AddInitScriptAsync(ObserveOpenScript);
        await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => window.opening.live");
        var milliseconds = await page.EvaluateAsync<double[]>(ReadOpenTimesScript);
        return (milliseconds[0] / 1000, milliseconds[1] / 1000);
    }

    /// <summary>Bytes over the wire, compressed, until the cards are shown and the network is idle.</summary>
    private static async Task<double> MeasureBytesAsync(IPage page, string address)
    {
        var bytes = 0.0;
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        network.Event("Network.loadingFinished").OnEvent += (_, message) => bytes += message!.Value.GetProperty("encodedDataLength").GetDouble();
        await page.GotoAsync(address);
        await page.Locator(CardSelector).First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        return bytes;
    }

    private static async Task<ResultRow> MeasureCircuitMemoryAsync(IBrowserContext context, ServedApp server, int count)
    {
        var before = await server.MeasureSettledBytesAsync();
        for (var opened = 0; opened < count; opened++)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync("/library");
            await page.Locator(CardSelector).First.WaitForAsync();
        }

        var each = (await server.MeasureSettledBytesAsync() - before) / (double)count;
        return CreateSingleValueRow("P17", string.Create(CultureInfo.InvariantCulture, $"memory of each of {count} circuits that hold the library open"), Math.Round(each / 1024), "KiB", 600);
    }

    /// <summary>Time from the request for a source's first scan until the first card appears on a page that was already open.</summary>
    private static async Task<ResultRow> MeasureFirstCardAsync(IBrowser browser, PublishedApp app, bool quick)
    {
        var (seconds, trips) = (new List<double>(), new List<double>());
        for (var round = 0; round < (quick ? 1 : 5); round++)
        {
            await using var server = await ServedApp.StartAsync(app, BenchFolder.CreateEmpty("first-card"));
            await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
            var page = await context.NewPageAsync();
            await page.SignInAsync(server);
            await server.LogInAsync();
            var source = (await server.PostAsync("/api/v1/sources", new { name = "Added", protocol = "local", path = MediaTree.GetOrCreate(100_000).Path })).GetProperty("id").GetInt64();
            await page.GotoAsync("/library");
            await page.Locator(".results .face").First.WaitForAsync();
            await page.ReloadAsync();
            var trip = Stopwatch.StartNew();
            await page.GotoAsync("/library");
            trips.Add(trip.Elapsed.TotalSeconds);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var shown = page.Locator(CardSelector).First.WaitForAsync();
            var watch = Stopwatch.StartNew();
            var scan = server.ScanAsync(source, "full");
            await shown;
            seconds.Add(watch.Elapsed.TotalSeconds);
            await scan;
        }

        var row = CreateRow("the first scan of 100,000 files, until the first card stands on an open page", "a round trip of the same page at rest", seconds, trips, 1);
        return row with { Id = "P15" };
    }

    private static ResultRow CreateRow(string what, string against, List<double> ours, List<double> theirs, double max)
    {
        var (mine, other) = (Spread.From(ours), Spread.From(theirs));
        return new ResultRow("UI", what, against)
        {
            Ratio = mine.Median / other.Median,
            Detail = $"{ResultFormatter.FormatSeconds(mine.Median)} ({ResultFormatter.FormatSeconds(mine.Min)}–{ResultFormatter.FormatSeconds(mine.Max)}) against {ResultFormatter.FormatSeconds(other.Median)}",
            Must = $"≤ {ResultFormatter.FormatSeconds(max)}",
            Reached = mine.Median <= max ? "must" : ResultRow.Missed,
        };
    }

    /// <summary>A result without a baseline.</summary>
    private static ResultRow CreateSingleValueRow(string id, string what, double value, string unit, double max) => new(id, what, "")
    {
        Value = value,
        Unit = unit,
        Must = string.Create(CultureInfo.InvariantCulture, $"≤ {max} {unit.Split(' ')[0]}"),
        Reached = value <= max ? "must" : ResultRow.Missed,
    };
}
