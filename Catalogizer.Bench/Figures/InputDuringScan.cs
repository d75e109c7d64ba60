using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// How soon the browser shows what is typed into the search of an open library while a scan adds to it: the browser's own measure
/// from a key to the next frame (W3C Event Timing). Frames that came sooner than it tells of count as its least.
/// </summary>
internal sealed class InputDuringScan : IFigure
{
    private const double MostSeconds = 0.1;
    private const double Untold = 0.016;
    private const string Card = ".card:not(.card-waiting)";
    private const string Typed = "the silver harbor ";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private const string Watch = """
        () => {
          window.keysTold = [];
          new PerformanceObserver(list => list.getEntries().filter(e => e.name === 'keydown').forEach(e => window.keysTold.push(e.duration)))
            .observe({ type: 'event', durationThreshold: 16 });
        }
        """;

    public string Name => "input-during-scan";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree, added) = (await PublishedApp.BuildAsync(), MediaTree.Of(200_000), MediaTree.Of(quick ? 100_000 : 1_000_000));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.ChromiumAsync();
        await using var server = await ServedApp.StartAsync(app, await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "input"));
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.SignInAsync(server);
        await server.LogInAsync();
        var source = (await server.PostAsync("/api/v1/sources", new { name = "Added", protocol = "local", path = added.Path })).GetProperty("id").GetInt64();
        await page.GotoAsync("/library");
        await page.Locator(Card).First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.EvaluateAsync(Watch);

        var atRest = await TypeAsync(page, Task.Delay(TimeSpan.FromSeconds(quick ? 3 : 10)));
        var scan = (await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{source}/scan"), new { kind = "full" })).GetProperty("scanId").GetInt64();
        var watch = Stopwatch.StartNew();
        var busy = await TypeAsync(page, EndedAsync(server, scan));
        var rate = (await server.ScanAsync(scan)).GetProperty("added").GetInt64() / watch.Elapsed.TotalSeconds;

        var (p95, resting) = (Percentile.Of(busy, 0.95), Percentile.Of(atRest, 0.95));
        return
        [
            new FigureRow("UI·scan", "typing into the search of an open library while a scan adds to it, from a key until the browser has painted: p95", "the same page at rest")
            {
                Ratio = p95 / resting,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{Write.Seconds(p95)} against {Write.Seconds(resting)}, {busy.Count} keys, {rate:N0} files added a second"),
                Must = $"≤ {Write.Seconds(MostSeconds)}",
                Reached = p95 <= MostSeconds ? "must" : FigureRow.Missed,
            },
        ];
    }

    /// <summary>Types, letter by letter, until something ends; answers how long each key took to show.</summary>
    private static async Task<IReadOnlyList<double>> TypeAsync(IPage page, Task until)
    {
        var search = page.Locator("#search");
        await search.FocusAsync();
        await page.EvaluateAsync("() => { window.keysTold.length = 0; }");
        using var pace = new PeriodicTimer(Pace);
        var keys = 0;
        while (!until.IsCompleted && await pace.WaitForNextTickAsync())
        {
            if (keys % Typed.Length == 0)
            {
                await search.FillAsync("");
            }

            await page.Keyboard.PressAsync(Typed[keys++ % Typed.Length].ToString());
        }

        await until;
        await page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        var told = await page.EvaluateAsync<JsonElement>("() => window.keysTold");
        var shown = told.EnumerateArray().Select(milliseconds => milliseconds.GetDouble() / 1000).ToList();
        return [.. shown, .. Enumerable.Repeat(Untold, Math.Max(0, keys - shown.Count))];
    }

    private static async Task EndedAsync(ServedApp server, long scan)
    {
        var watch = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (watch.Elapsed < Longest && await pace.WaitForNextTickAsync() && (await server.ScanAsync(scan)).GetProperty("finishedAt").ValueKind != JsonValueKind.String)
        {
        }
    }
}
