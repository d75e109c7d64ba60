using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A backup of a catalogue that a server reads and pages are asked of meanwhile, against SQLite's own copy of the same file.</summary>
internal sealed class Backup : IFigure
{
    private const int AtRest = 500;
    private const double MostSlower = 5;

    public string Name => "backup";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(quick ? 100_000 : 1_000_000));
        var data = await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "backup");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await PageDuringScan.AskAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), AtRest);   // warm
        var (resting, reading) = (new List<double>(), new List<double>());
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => VacuumAsync(server, data),
            async () =>
            {
                resting.Add((await PageDuringScan.AskAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), AtRest)).P99);
                var (took, pages) = await BackUpAsync(server, app, data);
                reading.Add(pages.P99);
                return took;
            });
        var size = new FileInfo(Path.Combine(data, "catalogizer.db")).Length;
        var slower = Spread.Of(reading.Zip(resting, (busy, rest) => busy / rest));
        return
        [
            FigureRow.Of(
                "P20", string.Create(CultureInfo.InvariantCulture, $"backup of a catalogue of {tree.Files:N0} files ({size / 1e6:N0} MB) that is being read, written and read back: time"), "`VACUUM INTO` in C, not read back", runs, Limit.NoMore(1.5, 1.1)),
            new FigureRow("P20", "a page of 50 over HTTP during the backup: p99", "the same server at rest")
            {
                Pairs = slower.Count,
                Detail = $"{Write.Seconds(Spread.Of(reading).Median)} against {Write.Seconds(Spread.Of(resting).Median)}",
                Must = $"≤ {Write.Times(MostSlower)}",
                Reached = slower.Median <= MostSlower ? "must" : FigureRow.Missed,
            }.With(slower),
        ];
    }

    private static async Task<(Sample Took, Latencies Pages)> BackUpAsync(ServedApp server, PublishedApp app, string data)
    {
        var file = Path.Combine(BenchFolder.Fresh("backup-made"), "catalogue.backup");
        var backup = Tool.MeasureAsync("/dev/null", "dotnet", [app.Assembly, "backup", file], PublishedApp.Environment(data));
        var pages = await PageDuringScan.AskAsync(server, backup, int.MaxValue);
        return (await backup, pages);
    }

    private static async Task<Sample> VacuumAsync(ServedApp server, string data)
    {
        var (query, file) = (BenchFolder.WorkPathOf("vacuum.sql"), BenchFolder.WorkPathOf("vacuum.txt"));
        await File.WriteAllTextAsync(query, "VACUUM INTO ?1");
        await File.WriteAllTextAsync(file, Path.Combine(BenchFolder.Fresh("vacuum"), "copy.db"));
        var copy = Tool.MeasureAsync("/dev/null", await NativeTools.RowsAsync(), ["ask", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, query, file]);
        await PageDuringScan.AskAsync(server, copy, int.MaxValue);
        return await copy;
    }
}
