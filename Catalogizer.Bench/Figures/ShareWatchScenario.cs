using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>Time from adding a file on a share until it appears on a page that is open in a browser.</summary>
internal sealed class ShareWatchScenario : IScenario
{
    private const double MaxSeconds = 2;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(1);

    public string Name => "share-live";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var folder = BenchFolder.CreateEmpty("share-live-files");
        await File.WriteAllTextAsync(Path.Combine(folder, "Before (2000).mkv"), "there from the beginning");
        await using var files = await FileServer.CreateAsync(folder);
        await using var app = await ServedApp.StartAsync(await PublishedApp.BuildAsync(), BenchFolder.CreateEmpty("share-live"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchChromiumAsync();
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = app.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.SignInAsync(app);
        await app.LogInAsync();
        var source = (await app.PostAsync("/api/v1/sources", new { name = "Share", protocol = "smb", host = "127.0.0.1", port = files.Port, share = "tree", watch = true })).GetProperty("id").GetInt64();
        await app.ScanAsync(source, "full");
        await WaitForWatchAsync(app);
        await page.GotoAsync("/library");
        await page.GetByText("Before").First.WaitForAsync();

        var (seen, put) = (new List<double>(), new List<double>());
        for (var round = 0; round < (quick ? 5 : 30); round++)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"Arrival {round + 1}");
            var shown = page.GetByText(title, new PageGetByTextOptions { Exact = true }).First.WaitForAsync(new LocatorWaitForOptions { Timeout = (float)WaitTimeout.TotalMilliseconds });
            var watch = Stopwatch.StartNew();
            put.Add((await files.RunClientAsync($"put \"{Path.Combine(folder, "Before (2000).mkv")}\" \"{title} (2001).mkv\"")).WholeSeconds);
            await shown;
            seen.Add(watch.Elapsed.TotalSeconds);
        }

        var (shownAfter, putTook) = (new Latencies(seen), new Latencies(put));
        var worst = seen.Max();
        return
        [
            new ResultRow("live", "a file put on a share, until it stands on a page that is open", "the putting itself, by `smbclient put`")
            {
                Ratio = shownAfter.Median / putTook.Median,
                Detail = $"{ResultFormatter.FormatSeconds(shownAfter.Median)} against {ResultFormatter.FormatSeconds(putTook.Median)}; the slowest of {seen.Count} {ResultFormatter.FormatSeconds(worst)}",
                Must = $"≤ {MaxSeconds:0} s",
                Reached = worst <= MaxSeconds ? "must" : ResultRow.Missed,
            },
        ];
    }

    private static async Task WaitForWatchAsync(ServedApp app)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(timeout.Token))
        {
            var status = await app.Client.GetFromJsonAsync<JsonElement>("/api/v1/sources/status", timeout.Token);
            if (status.GetProperty("sources")[0].GetProperty("watching").GetString() == "live")
            {
                return;
            }
        }
    }
}
