using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Thousands of circuits on the library, each of which sets a filter every ten seconds, and what they cost other users meanwhile.</summary>
internal sealed class HeldCircuitsScenario : IScenario
{
    private const double MaxSeconds = 0.1;
    private const int IdleSamples = 200;
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(500);

    public string Name => "circuits";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (count, held) = quick ? (100, TimeSpan.FromSeconds(30)) : (2000, TimeSpan.FromMinutes(10));
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.GetOrCreate(quick ? 100_000 : 200_000));
        var floor = await MeasureBareAppAsync(bare, Math.Min(count, 500));
        await using var server = await ServedApp.StartAsync(app, await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "circuits"));
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await server.SignInAsync();
        double alone;
        await using (var one = await BlazorCircuitPool.OpenAsync(server, "/library", BlazorCircuitPool.CardMarker, 10))
        {
            alone = Percentile.Calculate(await one.BrowseAsync(TimeSpan.FromSeconds(quick ? 15 : 60)), 0.99);
        }

        var resting = await Latencies.MeasureAsync(Enumerable.Range(0, IdleSamples), _ => RequestPageAsync(server));
        var before = await server.MeasureSettledBytesAsync();
        await using var circuits = await BlazorCircuitPool.OpenAsync(server, "/library", BlazorCircuitPool.CardMarker, count);
        var opened = (await server.MeasureSettledBytesAsync() - before) / count;
        var browsed = circuits.BrowseAsync(held);
        var first = await MeasureRequestsAsync(server, browsed);
        var (events, alive) = (await browsed, circuits.AliveCount);
        var each = (await server.MeasureSettledBytesAsync() - before) / count;
        return
        [
            CreateMemoryRow(count, held, alive, opened, each, floor),
            CreateFilterRow(count, events, alone),
            CreatePageRow(count, first, resting),
        ];
    }

    /// <summary>Memory in bytes of a circuit in a bare app whose page has as many cards, each with two event handlers.</summary>
    private static async Task<long> MeasureBareAppAsync(string bare, int count)
    {
        await using var server = await BareApp.StartAsync(bare);
        await using (await BlazorCircuitPool.OpenAsync(server, "/cards", "card/36", 10, signIn: false))
        {
        }

        var before = await server.MeasureSettledBytesAsync();
        await using var circuits = await BlazorCircuitPool.OpenAsync(server, "/cards", "card/36", count, signIn: false);
        return (await server.MeasureSettledBytesAsync() - before) / count;
    }

    private static async Task<Latencies> MeasureRequestsAsync(ServedApp server, Task until)
    {
        using var timer = new PeriodicTimer(RequestInterval);
        var seconds = new List<double>();
        while (!until.IsCompleted && await timer.WaitForNextTickAsync())
        {
            seconds.AddRange((await Latencies.MeasureAsync([server], RequestPageAsync)).Seconds);
        }

        return new Latencies(seconds);
    }

    private static Task RequestPageAsync(ServedApp server) => server.BrowserClient.GetByteArrayAsync(new Uri("/library", UriKind.Relative));

    private static ResultRow CreateMemoryRow(int count, TimeSpan held, int alive, long opened, long each, long floor)
    {
        var (limit, ratio) = (Limit.Maximum(2, 2), (double)opened / floor);
        return new ResultRow("P17", string.Create(CultureInfo.InvariantCulture, $"memory of each of {count:N0} circuits on the library, held for {held.TotalMinutes:0.#} minutes"), "a bare page of 36 cards with two handlers each")
        {
            Ratio = ratio,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{opened / 1e3:0} kB against {floor / 1e3:0} kB, {each / 1e3:0} kB at the end; {alive:N0} of {count:N0} alive at the end"),
            Must = $"{limit.Format(limit.Must)}, none dropped",
            Reached = alive == count && limit.IsMet(ratio, limit.Must) ? "must" : ResultRow.Missed,
        };
    }

    private static ResultRow CreateFilterRow(int count, IReadOnlyList<double> events, double alone)
    {
        var p99 = Percentile.Calculate(events, 0.99);
        return new ResultRow("P17", string.Create(CultureInfo.InvariantCulture, $"a filter chosen every 10 seconds on each of {count:N0} circuits, until its cards come: p99"), "the same with 10 circuits")
        {
            Ratio = p99 / alone,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{ResultFormatter.FormatSeconds(p99)} against {ResultFormatter.FormatSeconds(alone)}; p50 {ResultFormatter.FormatSeconds(Percentile.Calculate(events, 0.5))}, {events.Count:N0} choices"),
            Must = $"≤ {ResultFormatter.FormatSeconds(MaxSeconds)}",
            Reached = p99 <= MaxSeconds ? "must" : ResultRow.Missed,
        };
    }

    private static ResultRow CreatePageRow(int count, Latencies busy, Latencies resting) =>
        new("P17", string.Create(CultureInfo.InvariantCulture, $"the library's page over HTTP while {count:N0} circuits are browsed: p99"), "the same server before")
        {
            Ratio = busy.P99 / resting.P99,
            Detail = $"{ResultFormatter.FormatSeconds(busy.P99)} against {ResultFormatter.FormatSeconds(resting.P99)}; p50 {ResultFormatter.FormatSeconds(busy.Median)} against {ResultFormatter.FormatSeconds(resting.Median)}",
        };
}
