using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Quick and full scans without changes, compared with listing the tree.</summary>
internal sealed class RescanScenario : IScenario
{
    private const int WalSamples = 5;

    public string Name => "rescan";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(100_000));
        var data = BenchFolder.CreateEmpty("rescan");
        await app.ScanAsync(tree.Path, data);
        var alone = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            alone.Add((await app.ScanAsync(tree.Path, data, "--quick")).Took.Seconds);
        }

        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        var scheduledWalBytes = await MeasureScheduledWalAsync(server, data);
        var note = string.Create(CultureInfo.InvariantCulture, $"; {scheduledWalBytes} bytes of WAL when nobody asked for it (median of {WalSamples} by the clock); {ResultFormatter.FormatSeconds(Spread.From(alone).Median)} in a process that does nothing else");
        return
        [
            await MeasureRowAsync("P4", "quick", tree, data, quick, Limit.Maximum(0.3, 0.12), server, note),
            await MeasureRowAsync("P5", "full", tree, data, quick, Limit.Maximum(1.5, 0.8), server, ""),
        ];
    }

    /// <summary>Median of the WAL bytes that a scheduled scan writes. Some samples include the metrics that the server saves itself.</summary>
    private static async Task<long> MeasureScheduledWalAsync(ServedApp server, string data)
    {
        await server.PutAsync("/api/v1/sources/1", new { schedule = "* * * * * ?" });
        await server.WaitForNextScanAsync();
        var bytes = new List<double>();
        for (var sample = 0; sample < WalSamples; sample++)
        {
            using var observer = WalObserver.Create(data);
            await server.WaitForNextScanAsync();
            bytes.Add(observer.WalBytes);
        }

        await server.PutAsync("/api/v1/sources/1", new { schedule = "" });
        return (long)Spread.From(bytes).Median;
    }

    private static async Task<ResultRow> MeasureRowAsync(string id, string kind, MediaTree tree, string data, bool quick, Limit limit, ServedApp server, string note)
    {
        // Warm-up: the first rescans still compile their code, and a server rescans many times.
        Func<Task<Sample>> scan = () => server.ScanAsync(1, kind);
        for (var warm = 0; warm < 3; warm++)
        {
            await scan();
        }

        var before = await WalObserver.DumpRowsAsync(data, "rows-before");
        long wal;
        using (var observer = WalObserver.Create(data))
        {
            await scan();
            wal = observer.WalBytes;
        }

        var same = await WalObserver.HaveSameContentAsync(before, await WalObserver.DumpRowsAsync(data, "rows-after"));
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => ProcessRunner.MeasureFindAsync(tree.Path), scan);
        var row = ResultRow.FromRuns(
            id,
            string.Create(CultureInfo.InvariantCulture, $"unchanged {kind} rescan of {tree.FileCount:N0} local files, in a running server: time"),
            "`find -printf`",
            runs,
            limit,
            string.Create(CultureInfo.InvariantCulture, $"; {(same ? "no row changed" : "ROWS CHANGED")}, {wal / 1024} KiB of WAL for the record of who asked for it{note}"));
        return same ? row : row with { Reached = ResultRow.Missed };
    }
}
