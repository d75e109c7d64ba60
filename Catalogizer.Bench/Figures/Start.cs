using System.Diagnostics;
using System.Globalization;
using System.Net;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>From the start of the process to the first page, with a large catalogue, against an app with next to nothing in it.</summary>
internal sealed class Start : IFigure
{
    public string Name => "start";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.Of(1_000_000));
        var data = await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "start");
        CookieContainer signedIn;
        await using (var first = await ServedApp.StartAsync(app, data))
        {
            signedIn = await first.SignInAsync();
        }

        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => FirstPageAsync(() => BareApp.StartAsync(bare), new CookieContainer()),
            () => FirstPageAsync(cookies => ServedApp.StartAsync(app, data, cookies), signedIn));
        return
        [
            FigureRow.Of(
                "P14",
                string.Create(CultureInfo.InvariantCulture, $"start of the process to the home page served to somebody signed in, {tree.Files:N0} files: time"),
                "a bare Blazor Server app",
                runs,
                Limit.NoMore(6, 3)),
        ];
    }

    private static Task<Sample> FirstPageAsync(Func<Task<ServedApp>> start, CookieContainer cookies) => FirstPageAsync(_ => start(), cookies);

    /// <summary>Starts a server, asks for its home page and ends it.</summary>
    public static async Task<Sample> FirstPageAsync(Func<CookieContainer, Task<ServedApp>> start, CookieContainer cookies)
    {
        // Cookies know no ports, so those of the first start do for the next; each start has its own copy.
        var kept = new CookieContainer();
        kept.Add(cookies.GetAllCookies());
        var watch = Stopwatch.StartNew();
        await using var server = await start(kept);
        using var page = await server.Client.GetAsync("/");
        var seconds = watch.Elapsed.TotalSeconds;
        return page.StatusCode == HttpStatusCode.OK
            ? new Sample(seconds, seconds, server.CpuSeconds, 0)
            : throw new InvalidOperationException($"The first page answered {page.StatusCode}.");
    }
}
