using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A backup of a catalogue while a server answers page requests from it, compared with SQLite's own copy of the same file.</summary>
internal sealed class BackupScenario : IScenario
{
    private const int IdleSamples = 500;
    private const double MaxSlowdown = 5;

    public string Name => "backup";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(quick ? 100_000 : 1_000_000));
        var data = await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "backup");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await PageDuringScanScenario.MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), IdleSamples);   // warm-up
        var (resting, reading) = (new List<double>(), new List<double>());
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => MeasureVacuumAsync(server, data),
            async () =>
            {
                resting.Add((await PageDuringScanScenario.MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), IdleSamples)).P99);
                var (took, pages) = await MeasureBackupAsync(server, app, data);
                reading.Add(pages.P99);
                return took;
            });
        var size = new FileInfo(Path.Combine(data, "catalogizer.db")).Length;
        var slower = Spread.From(reading.Zip(resting, (busy, rest) => busy / rest));
        return
        [
            ResultRow.FromRuns(
                "P20", string.Create(CultureInfo.InvariantCulture, $"backup of a catalogue of {tree.FileCount:N0} files ({size / 1e6:N0} MB) that is being read, written and read back: time"), "`VACUUM INTO` in C, not read back", runs, Limit.Maximum(1.5, 1.1)),
            new ResultRow("P20", "a page of 50 over HTTP during the backup: p99", "the same server at rest")
            {
                Pairs = slower.Count,
                Detail = $"{ResultFormatter.FormatSeconds(Spread.From(reading).Median)} against {ResultFormatter.FormatSeconds(Spread.From(resting).Median)}",
                Must = $"≤ {ResultFormatter.FormatRatio(MaxSlowdown)}",
                Reached = slower.Median <= MaxSlowdown ? "must" : ResultRow.Missed,
            }.WithRatio(slower),
        ];
    }

    private static async Task<(Sample Took, Latencies Pages)> MeasureBackupAsync(ServedApp server, PublishedApp app, string data)
    {
        var file = Path.Combine(BenchFolder.CreateEmpty("backup-made"), "catalogue.backup");
        var backup = ProcessRunner.MeasureAsync("/dev/null", "dotnet", [app.AssemblyPath, "backup", file], PublishedApp.CreateEnvironment(data));
        var latencies = await PageDuringScanScenario.MeasureRequestsAsync(server, backup, int.MaxValue);
        return (await backup, latencies);
    }

    private static async Task<Sample> MeasureVacuumAsync(ServedApp server, string data)
    {
        var (query, file) = (BenchFolder.WorkPathOf("vacuum.sql"), BenchFolder.WorkPathOf("vacuum.txt"));
        await File.WriteAllTextAsync(query, "VACUUM INTO ?1");
        await File.WriteAllTextAsync(file, Path.Combine(BenchFolder.CreateEmpty("vacuum"), "copy.db"));
        var copy = ProcessRunner.MeasureAsync("/dev/null", await NativeTools.CompileRowToolAsync(), ["ask", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, query, file]);
        await PageDuringScanScenario.MeasureRequestsAsync(server, copy, int.MaxValue);
        return await copy;
    }
}
