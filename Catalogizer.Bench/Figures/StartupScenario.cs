using System.Diagnostics;
using System.Globalization;
using System.Net;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Time from the start of the process to the first page with a large catalogue, compared with a nearly empty app.</summary>
internal sealed class StartupScenario : IScenario
{
    public string Name => "start";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000));
        var data = await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "start");
        CookieContainer signedIn;
        await using (var first = await ServedApp.StartAsync(app, data))
        {
            signedIn = await first.SignInAsync();
        }

        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => MeasureFirstPageAsync(() => BareApp.StartAsync(bare), new CookieContainer()),
            () => MeasureFirstPageAsync(cookies => ServedApp.StartAsync(app, data, cookies), signedIn));
        return
        [
            ResultRow.FromRuns(
                "P14",
                string.Create(CultureInfo.InvariantCulture, $"start of the process to the home page served to a signed-in user, {tree.FileCount:N0} files: time"),
                "a bare Blazor Server app",
                runs,
                Limit.Maximum(6, 3)),
        ];
    }

    private static Task<Sample> MeasureFirstPageAsync(Func<Task<ServedApp>> start, CookieContainer cookies) => MeasureFirstPageAsync(_ => start(), cookies);

    /// <summary>Starts a server, requests its home page and stops it.</summary>
    public static async Task<Sample> MeasureFirstPageAsync(Func<CookieContainer, Task<ServedApp>> start, CookieContainer cookies)
    {
        // Cookies are not bound to a port, so those of the first start also work for later ones; each start has its own copy.
        var ownCookies = new CookieContainer();
        ownCookies.Add(cookies.GetAllCookies());
        var watch = Stopwatch.StartNew();
        await using var server = await start(ownCookies);
        using var page = await server.Client.GetAsync("/");
        var seconds = watch.Elapsed.TotalSeconds;
        return page.StatusCode == HttpStatusCode.OK
            ? new Sample(seconds, seconds, server.CpuSeconds, 0)
            : throw new InvalidOperationException($"The first page answered {page.StatusCode}.");
    }
}
