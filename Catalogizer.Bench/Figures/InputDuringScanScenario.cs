using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// How soon the browser shows what is typed into the search of an open library while a scan adds to it: the browser's own measurement
/// from a key to the next frame (W3C Event Timing). Frames too fast to be reported count as the smallest reported duration.
/// </summary>
internal sealed class InputDuringScanScenario : IScenario
{
    private const double MaxSeconds = 0.1;
    private const double UnreportedSeconds = 0.016;
    private const string CardSelector = ".card:not(.card-waiting)";
    private const string TypedText = "the silver harbor ";
    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(40);

    private const string ObserveKeysScript = """
        () => {
          window.keysTold = [];
          new PerformanceObserver(list => list.getEntries().filter(e => e.name === 'keydown').forEach(e => window.keysTold.push(e.duration)))
            .observe({ type: 'event', durationThreshold: 16 });
        }
        """;

    public string Name => "input-during-scan";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree, added) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(200_000), MediaTree.GetOrCreate(quick ? 100_000 : 1_000_000));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchChromiumAsync();
        await using var server = await ServedApp.StartAsync(app, await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "input"));
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.SignInAsync(server);
        await server.LogInAsync();
        var source = (await server.PostAsync("/api/v1/sources", new { name = "Added", protocol = "local", path = added.Path })).GetProperty("id").GetInt64();
        await page.GotoAsync("/library");
        await page.Locator(CardSelector).First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.EvaluateAsync(ObserveKeysScript);

        var atRest = await TypeAsync(page, Task.Delay(TimeSpan.FromSeconds(quick ? 3 : 10)));
        var scan = (await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{source}/scan"), new { kind = "full" })).GetProperty("scanId").GetInt64();
        var watch = Stopwatch.StartNew();
        var busy = await TypeAsync(page, WaitForScanAsync(server, scan));
        var rate = (await server.ScanAsync(scan)).GetProperty("added").GetInt64() / watch.Elapsed.TotalSeconds;

        var (p95, resting) = (Percentile.Calculate(busy, 0.95), Percentile.Calculate(atRest, 0.95));
        return
        [
            new ResultRow("UI·scan", "typing into the search of an open library while a scan adds to it, from a key until the browser has painted: p95", "the same page at rest")
            {
                Ratio = p95 / resting,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{ResultFormatter.FormatSeconds(p95)} against {ResultFormatter.FormatSeconds(resting)}, {busy.Count} keys, {rate:N0} files added a second"),
                Must = $"≤ {ResultFormatter.FormatSeconds(MaxSeconds)}",
                Reached = p95 <= MaxSeconds ? "must" : ResultRow.Missed,
            },
        ];
    }

    /// <summary>Types letter by letter until <paramref name="until"/> completes. Returns the seconds until each key was shown.</summary>
    private static async Task<IReadOnlyList<double>> TypeAsync(IPage page, Task until)
    {
        var search = page.Locator("#search");
        await search.FocusAsync();
        await page.EvaluateAsync("() => { window.keysTold.length = 0; }");
        using var timer = new PeriodicTimer(KeyInterval);
        var keys = 0;
        while (!until.IsCompleted && await timer.WaitForNextTickAsync())
        {
            if (keys % TypedText.Length == 0)
            {
                await search.FillAsync("");
            }

            await page.Keyboard.PressAsync(TypedText[keys++ % TypedText.Length].ToString());
        }

        await until;
        await page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        var durations = await page.EvaluateAsync<JsonElement>("() => window.keysTold");
        var shown = durations.EnumerateArray().Select(milliseconds => milliseconds.GetDouble() / 1000).ToList();
        return [.. shown, .. Enumerable.Repeat(UnreportedSeconds, Math.Max(0, keys - shown.Count))];
    }

    private static async Task WaitForScanAsync(ServedApp server, long scan)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (watch.Elapsed < MaxDuration && await timer.WaitForNextTickAsync() && (await server.ScanAsync(scan)).GetProperty("finishedAt").ValueKind != JsonValueKind.String)
        {
        }
    }
}
