using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Figures;

/// <summary>Resident memory with the home page open in a browser, against a bare app with its page open; and of the largest scan.</summary>
internal sealed class Memory : IFigure
{
    public string Name => "memory";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.Of(1_000_000));
        var data = await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "memory");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.ChromiumAsync();

        var (ours, floor) = (new List<double>(), new List<double>());
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            floor.Add(await OpenAsync(browser, () => BareApp.StartAsync(bare), (page, _) => page.Locator("#alive").WaitForAsync()));
            ours.Add(await OpenAsync(browser, () => ServedApp.StartAsync(app, data), HomeAsync));
        }

        var scanned = (await app.ScanAsync(tree.Path, BenchFolder.Fresh("memory"))).Took.PeakBytes;
        var at = string.Create(CultureInfo.InvariantCulture, $"{tree.Files:N0} files");
        return
        [
            Row($"resident memory with the home page open, {at}, after a collection", ours, floor, Limit.NoMore(5, 3)),
            Row($"the most resident memory of the first scan of {at}", [scanned], floor, Limit.NoMore(8, 5)),
        ];
    }

    private static async Task<double> OpenAsync(IBrowser browser, Func<Task<ServedApp>> start, Func<IPage, ServedApp, Task> isOpen)
    {
        await using var server = await start();
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await isOpen(page, server);
        return await server.SettledBytesAsync();
    }

    private static async Task HomeAsync(IPage page, ServedApp server)
    {
        await page.SignInAsync(server);
        await page.GotoAsync("/");
        await page.Locator(".card").First.WaitForAsync();
    }

    private static FigureRow Row(string what, List<double> ours, List<double> floor, Limit limit)
    {
        var (used, bare) = (Spread.Of(ours), Spread.Of(floor));
        var ratio = new Spread(used.Median / bare.Median, used.Least / bare.Most, used.Most / bare.Least, used.Count);
        return new FigureRow("P13", what, "a bare Blazor Server app with its page open") { Detail = $"{Write.Megabytes((long)used.Median)} against {Write.Megabytes((long)bare.Median)}" }
            .With(ratio).Judged(limit);
    }
}
