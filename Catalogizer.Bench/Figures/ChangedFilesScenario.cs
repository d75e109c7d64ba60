using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A rescan that finds one file in a hundred replaced, compared with a rescan of the same kind without changes.</summary>
internal sealed class ChangedFilesScenario : IScenario
{
    private const int ChangeInterval = 100;

    // Gives each change a different file time, so that it is detected as a change.
    private int _changeCount;

    public string Name => "changed";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000));
        var data = await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "changed");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();

        // Watching would scan the replaced files at the same time.
        await server.PutAsync("/api/v1/sources/1", new { watch = false });
        await server.ScanAsync(1, "full");
        return [await MeasureRowAsync(tree, server, "quick", quick), await MeasureRowAsync(tree, server, "full", quick)];
    }

    private async Task<ResultRow> MeasureRowAsync(MediaTree tree, ServedApp server, string kind, bool quick)
    {
        Task<Sample> RescanUnchangedAsync() => server.ScanAsync(1, kind);
        Task<Sample> RescanReplacedAsync()
        {
            ChangeFiles(tree);
            return server.ScanAsync(1, kind);
        }

        // Warm-up: the first rescan still compiles its code, and a server rescans many times.
        await RescanUnchangedAsync();
        await RescanReplacedAsync();
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 4, RescanUnchangedAsync, RescanReplacedAsync);
        return ResultRow.FromRuns(
            "P6",
            string.Create(CultureInfo.InvariantCulture, $"{kind} rescan of {tree.FileCount:N0} files, 1 % of them replaced, in a running server: time"),
            $"unchanged {kind} rescan",
            runs,
            Limit.Maximum(2, 1.3));
    }

    /// <summary>Gives files and their folders new times, as replacing a file does.</summary>
    private void ChangeFiles(MediaTree tree)
    {
        _changeCount++;
        var now = DateTime.UtcNow.AddHours(-1).AddSeconds(_changeCount);
        foreach (var (_, path) in tree.Paths.Index().Where(p => p.Index % ChangeInterval == _changeCount % ChangeInterval))
        {
            var file = Path.Combine(tree.Path, path);
            File.SetLastWriteTimeUtc(file, now);
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(file)!, now);
        }
    }
}
