using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A scan that finds nothing new, quick and full, against listing the tree.</summary>
internal sealed class Rescan : IFigure
{
    private const int Looks = 5;

    public string Name => "rescan";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(100_000));
        var data = BenchFolder.Fresh("rescan");
        await app.ScanAsync(tree.Path, data);
        var alone = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            alone.Add((await app.ScanAsync(tree.Path, data, "--quick")).Took.Seconds);
        }

        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        var unasked = await UnaskedAsync(server, data);
        var beside = string.Create(CultureInfo.InvariantCulture, $"; {unasked} bytes of WAL when nobody asked for it (median of {Looks} by the clock); {Write.Seconds(Spread.Of(alone).Median)} in a process that does nothing else");
        return
        [
            await RowAsync("P4", "quick", tree, data, quick, Limit.NoMore(0.3, 0.12), server, beside),
            await RowAsync("P5", "full", tree, data, quick, Limit.NoMore(1.5, 0.8), server, ""),
        ];
    }

    /// <summary>The bytes of WAL that a scan by the schedule writes; now and then the server's own measurements are among them.</summary>
    private static async Task<long> UnaskedAsync(ServedApp server, string data)
    {
        await server.PutAsync("/api/v1/sources/1", new { schedule = "* * * * * ?" });
        await server.NextScanAsync();
        var bytes = new List<double>();
        for (var look = 0; look < Looks; look++)
        {
            using var witness = Witness.Of(data);
            await server.NextScanAsync();
            bytes.Add(witness.WalBytes);
        }

        await server.PutAsync("/api/v1/sources/1", new { schedule = "" });
        return (long)Spread.Of(bytes).Median;
    }

    private static async Task<FigureRow> RowAsync(string id, string kind, MediaTree tree, string data, bool quick, Limit limit, ServedApp server, string beside)
    {
        // A server rescans again and again: what is told is not the first time, whose code is still being compiled.
        Func<Task<Sample>> scan = () => server.ScanAsync(1, kind);
        for (var warm = 0; warm < 3; warm++)
        {
            await scan();
        }

        var before = await Witness.RowsAsync(data, "rows-before");
        long wal;
        using (var witness = Witness.Of(data))
        {
            await scan();
            wal = witness.WalBytes;
        }

        var same = await Witness.AreSameAsync(before, await Witness.RowsAsync(data, "rows-after"));
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => Tool.FindAsync(tree.Path), scan);
        var row = FigureRow.Of(
            id,
            string.Create(CultureInfo.InvariantCulture, $"unchanged {kind} rescan of {tree.Files:N0} local files, in a running server: time"),
            "`find -printf`",
            runs,
            limit,
            string.Create(CultureInfo.InvariantCulture, $"; {(same ? "no row changed" : "ROWS CHANGED")}, {wal / 1024} KiB of WAL for the record of who asked for it{beside}"));
        return same ? row : row with { Reached = FigureRow.Missed };
    }
}
