using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A library page over HTTP during the scan of another source, compared with the same server at rest.</summary>
internal sealed class PageDuringScanScenario : IScenario
{
    private const double MaxMilliseconds = 20;
    private const int IdleSamples = 500;
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(10);

    public string Name => "page-during-scan";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, large, added) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000), MediaTree.GetOrCreate(100_000));
        var catalog = await BenchCatalog.GetOrScanAsync(app, large);
        return
        [
            await MeasureRowAsync(app, quick, () => BenchCatalog.CopyAsync(catalog, "busy"), added,
                string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP, {large.FileCount:N0} files, while a source of {added.FileCount:N0} is added: p99")),
            await MeasureRowAsync(app, quick, () => Task.FromResult(BenchFolder.CreateEmpty("busy")), large,
                string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP during the first scan of {large.FileCount:N0} files: p99")),
        ];
    }

    private static async Task<ResultRow> MeasureRowAsync(PublishedApp app, bool quick, Func<Task<string>> data, MediaTree tree, string what)
    {
        var measured = new List<(Latencies Idle, Latencies Busy)>();
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            await using var server = await ServedApp.StartAsync(app, await data());
            await server.LogInAsync();
            await MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), IdleSamples);   // warm-up
            var source = (await server.PostAsync("/api/v1/sources", new { name = "Added", protocol = "local", path = tree.Path })).GetProperty("id").GetInt64();
            var busy = await MeasureRequestsAsync(server, server.ScanAsync(source, "full"), int.MaxValue);
            measured.Add((await MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), IdleSamples), busy));
        }

        var limit = Limit.Maximum(10, 4);
        var ratio = Spread.From(measured.Select(m => m.Busy.P99 / m.Idle.P99));
        var p99 = Spread.From(measured.Select(m => m.Busy.P99)).Median;
        return new ResultRow("P16", what, "the same server at rest")
        {
            Detail = $"{ResultFormatter.FormatSeconds(p99)} against {ResultFormatter.FormatSeconds(Spread.From(measured.Select(m => m.Idle.P99)).Median)}; p50 {ResultFormatter.FormatSeconds(Spread.From(measured.Select(m => m.Busy.Median)).Median)} against {ResultFormatter.FormatSeconds(Spread.From(measured.Select(m => m.Idle.Median)).Median)}",
            Must = $"{limit.Format(limit.Must)} and ≤ {MaxMilliseconds:0} ms",
            Goal = limit.Format(limit.Goal),
            Reached = 1000 * p99 > MaxMilliseconds ? ResultRow.Missed : limit.Evaluate(ratio.Median),
        }.WithRatio(ratio);
    }

    /// <summary>Requests pages at a constant rate until <paramref name="until"/> completes or there are <paramref name="max"/> samples.</summary>
    public static async Task<Latencies> MeasureRequestsAsync(ServedApp server, Task until, int max)
    {
        using var timer = new PeriodicTimer(RequestInterval);
        var seconds = new List<double>();
        while (!until.IsCompleted && seconds.Count < max && await timer.WaitForNextTickAsync())
        {
            seconds.AddRange((await Latencies.MeasureAsync([""], _ => server.Client.GetByteArrayAsync(new Uri("/api/v1/media?limit=50", UriKind.Relative)))).Seconds);
        }

        if (max == int.MaxValue)
        {
            await until;
        }

        return new Latencies(seconds);
    }
}
