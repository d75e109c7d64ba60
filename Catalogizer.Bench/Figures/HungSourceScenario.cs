using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// What a share whose file server hangs costs a library page and the scan of a local source, compared with the same server when the share
/// is back.
/// </summary>
internal sealed class HungSourceScenario : IScenario
{
    private const int IdleSamples = 500;

    public string Name => "hung-source";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, localTree, shareTree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(100_000), MediaTree.GetOrCreate(1_000));
        await using var files = await FileServer.CreateAsync(shareTree.Path);
        await using var server = await ServedApp.StartAsync(app, BenchFolder.CreateEmpty("hung"));
        await server.LogInAsync();
        var local = await AddSourceAsync(server, new { name = "Here", protocol = "local", path = localTree.Path });
        var share = await AddSourceAsync(server, new { name = "Away", protocol = "smb", host = "127.0.0.1", port = files.Port, share = "tree" });
        await server.ScanAsync(share, "full");
        await server.ScanAsync(local, "full");
        await MeasurePagesAndScanAsync(server, local);     // warm-up
        var rounds = new List<HungSourceTimes>();
        for (var round = 0; round < (quick ? 1 : 4); round++)
        {
            rounds.Add(new HungSourceTimes(await MeasurePagesAndScanAsync(server, local), await MeasureWhileHungAsync(files, server, share, local), await MeasureWhileHungAsync(files, server, share, local), await MeasurePagesAndScanAsync(server, local)));
        }

        return
        [
            CreatePageRow(string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP, {localTree.FileCount:N0} files, while a share's server hangs: p99"), rounds),
            ResultRow.FromRuns("R4", string.Create(CultureInfo.InvariantCulture, $"full rescan of {localTree.FileCount:N0} local files while a share's server hangs: speed"), "the same server with the share back",
                new PairedRuns([.. rounds.Select(r => new PairedRound(r.FirstBaseline.Scan, r.FirstHung.Scan, r.SecondHung.Scan, r.SecondBaseline.Scan))]), Limit.Minimum(0.9, 0.95)),
        ];
    }

    private static ResultRow CreatePageRow(string what, List<HungSourceTimes> rounds)
    {
        var pairs = rounds.SelectMany(r => new[] { (Calm: r.FirstBaseline.Pages, Hung: r.FirstHung.Pages), (Calm: r.SecondBaseline.Pages, Hung: r.SecondHung.Pages) }).ToList();
        var ratio = Spread.From(pairs.Select(p => p.Hung.P99 / p.Calm.P99));
        string FormatComparison(Func<Latencies, double> selector) => $"{ResultFormatter.FormatSeconds(Spread.From(pairs.Select(p => selector(p.Hung))).Median)} against {ResultFormatter.FormatSeconds(Spread.From(pairs.Select(p => selector(p.Calm))).Median)}";
        return new ResultRow("R4", what, "the same server with the share back") { Pairs = pairs.Count, Detail = $"{FormatComparison(l => l.P99)}; p50 {FormatComparison(l => l.Median)}" }
            .WithRatio(ratio).WithVerdict(Limit.Maximum(1.2, 1.05));
    }

    private static async Task<long> AddSourceAsync(ServedApp server, object source) => (await server.PostAsync("/api/v1/sources", source)).GetProperty("id").GetInt64();

    private static async Task<PageAndScanTimes> MeasurePagesAndScanAsync(ServedApp server, long local) =>
        new(await PageDuringScanScenario.MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), IdleSamples), await server.ScanAsync(local, "full"));

    /// <summary>A scan of the share hangs during the measurement, or until the app detects that the file server hangs.</summary>
    private static async Task<PageAndScanTimes> MeasureWhileHungAsync(FileServer files, ServedApp server, long share, long local)
    {
        await files.FreezeAsync();
        long hung;
        PageAndScanTimes measured;
        try
        {
            hung = (await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/scan"), new { kind = "full" })).GetProperty("scanId").GetInt64();
            measured = await MeasurePagesAndScanAsync(server, local);
        }
        finally
        {
            await files.ThawAsync();
        }

        await WaitForScanAsync(server, hung);
        var back = await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/reconnect"), new { });
        await WaitForScanAsync(server, back.GetProperty("scanId").GetInt64());
        return measured;
    }

    private static async Task WaitForScanAsync(ServedApp server, long scan)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(timeout.Token))
        {
            var status = await server.Client.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/api/v1/scans/{scan}"), timeout.Token);
            if (status.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                return;
            }
        }
    }

    private sealed record PageAndScanTimes(Latencies Pages, Sample Scan);

    /// <summary>Measured in the order baseline, hung, hung, baseline, so that slow drift affects both alike.</summary>
    private sealed record HungSourceTimes(PageAndScanTimes FirstBaseline, PageAndScanTimes FirstHung, PageAndScanTimes SecondHung, PageAndScanTimes SecondBaseline);
}
