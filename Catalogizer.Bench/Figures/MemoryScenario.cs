using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>Resident memory with the home page open in a browser, compared with a bare app with its page open; and peak memory of the largest scan.</summary>
internal sealed class MemoryScenario : IScenario
{
    public string Name => "memory";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000));
        var data = await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "memory");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchChromiumAsync();

        var (ours, floor) = (new List<double>(), new List<double>());
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            floor.Add(await MeasureOpenPageAsync(browser, () => BareApp.StartAsync(bare), (page, _) => page.Locator("#alive").WaitForAsync()));
            ours.Add(await MeasureOpenPageAsync(browser, () => ServedApp.StartAsync(app, data), OpenHomePageAsync));
        }

        var scanned = (await app.ScanAsync(tree.Path, BenchFolder.CreateEmpty("memory"))).Took.PeakBytes;
        var at = string.Create(CultureInfo.InvariantCulture, $"{tree.FileCount:N0} files");
        return
        [
            CreateRow($"resident memory with the home page open, {at}, after a collection", ours, floor, Limit.Maximum(5, 3)),
            CreateRow($"the most resident memory of the first scan of {at}", [scanned], floor, Limit.Maximum(8, 5)),
        ];
    }

    private static async Task<double> MeasureOpenPageAsync(IBrowser browser, Func<Task<ServedApp>> start, Func<IPage, ServedApp, Task> isOpen)
    {
        await using var server = await start();
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await isOpen(page, server);
        return await server.MeasureSettledBytesAsync();
    }

    private static async Task OpenHomePageAsync(IPage page, ServedApp server)
    {
        await page.SignInAsync(server);
        await page.GotoAsync("/");
        await page.Locator(".card").First.WaitForAsync();
    }

    private static ResultRow CreateRow(string what, List<double> ours, List<double> floor, Limit limit)
    {
        var (used, bare) = (Spread.From(ours), Spread.From(floor));
        var ratio = new Spread(used.Median / bare.Median, used.Min / bare.Max, used.Max / bare.Min, used.Count);
        return new ResultRow("P13", what, "a bare Blazor Server app with its page open") { Detail = $"{ResultFormatter.FormatMegabytes((long)used.Median)} against {ResultFormatter.FormatMegabytes((long)bare.Median)}" }
            .WithRatio(ratio).WithVerdict(limit);
    }
}
