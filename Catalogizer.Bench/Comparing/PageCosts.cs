using System.Net;
using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Rig;
using Microsoft.Playwright;

namespace Catalogizer.Bench.Comparing;

/// <summary>Time from the start of the process to the home page, for a signed-in user.</summary>
internal sealed class StartCost : IBuildCost
{
    public string Name => "start";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        var data = await build.CopyCatalogAsync();
        CookieContainer signedIn;
        await using (var first = await ServedApp.StartAsync(build.App, data))
        {
            signedIn = await first.SignInAsync();
        }

        var starts = new List<Sample>();
        for (var run = 0; run < 3; run++)
        {
            starts.Add(await StartupScenario.MeasureFirstPageAsync(cookies => ServedApp.StartAsync(build.App, data, cookies), signedIn));
        }

        return
        [
            new Cost("start of the process to the home page", "s", Spread.From(starts.Select(s => s.Seconds)).Median),
            new Cost("start of the process to the home page, CPU", "s", Spread.From(starts.Select(s => s.CpuSeconds)).Median),
        ];
    }
}

/// <summary>Pages over HTTP, requested one after the other.</summary>
internal sealed class PageCost : IBuildCost
{
    private const int WarmUpCalls = 200;

    public string Name => "pages";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        var calls = quick ? 300 : 1000;
        await using var server = await build.StartServerAsync();
        await server.LogInAsync();
        await server.SignInAsync();
        var json = await MeasureRequestsAsync(server.Client, "/api/v1/media?limit=50", calls);
        var html = await MeasureRequestsAsync(server.BrowserClient, "/library", calls / 4);
        return
        [
            new Cost("a page of 50 items over HTTP: p50", "s", json.Median), new Cost("a page of 50 items over HTTP: p99", "s", json.P99),
            new Cost("the library's HTML: p50", "s", html.Median), new Cost("the library's HTML: p99", "s", html.P99),
        ];
    }

    private static async Task<Latencies> MeasureRequestsAsync(HttpClient client, string address, int calls)
    {
        Task RequestAsync(int _) => client.GetByteArrayAsync(new Uri(address, UriKind.Relative));
        await Latencies.MeasureAsync(Enumerable.Range(0, WarmUpCalls), RequestAsync);
        return await Latencies.MeasureAsync(Enumerable.Range(0, calls), RequestAsync);
    }
}

/// <summary>The library page in a browser without cache.</summary>
internal sealed class BrowserCost : IBuildCost
{
    public string Name => "browser";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.LaunchChromiumAsync();
        await using var server = await build.StartServerAsync();
        var (shown, live) = (new List<double>(), new List<double>());
        for (var round = -3; round < (quick ? 5 : 15); round++)
        {
            var opened = await BrowserScenario.MeasureOpenAsync(browser, server, "/library", signIn: true);
            if (round >= 0)    // warm-up: a fresh server is still compiling its code
            {
                shown.Add(opened.Shown);
                live.Add(opened.Live);
            }
        }

        return
        [
            new Cost("the library in an empty browser, until its first cards are painted", "s", Spread.From(shown).Median),
            new Cost("the library in an empty browser, until its circuit has drawn it", "s", Spread.From(live).Median),
        ];
    }
}
