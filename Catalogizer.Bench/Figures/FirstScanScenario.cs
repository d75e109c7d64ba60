using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>The first scan of a tree into an empty catalogue, compared with listing it and loading the same rows in C.</summary>
internal sealed class FirstScanScenario(string name, string id, int files, int pairs, Limit limit) : IScenario
{
    public string Name => name;

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick) => [await MeasureAsync(await PublishedApp.BuildAsync(), quick ? 2 : pairs)];

    /// <summary>Measures an app that is already built.</summary>
    public async Task<ResultRow> MeasureAsync(PublishedApp app, int pairCount)
    {
        var tree = MediaTree.GetOrCreate(files);
        var emptyScan = (await app.ScanAsync(BenchFolder.CreateEmpty("nothing"), BenchFolder.CreateEmpty("scan"))).Took;
        var finished = BenchFolder.CreateEmpty("finished");
        await app.ScanAsync(tree.Path, finished);   // also warms the disk cache
        var loader = await RowLoader.CreateAsync(finished);
        var runs = await PairedRuns.MeasureAsync(
            pairCount,
            async () => await ProcessRunner.MeasureFindAsync(tree.Path) + await loader.LoadAsync(),
            async () => (await app.ScanAsync(tree.Path, BenchFolder.CreateEmpty("scan"))).Took);
        var whole = runs.CalculateSpread((b, o) => b.WholeSeconds / o.WholeSeconds);
        return ResultRow.FromRuns(
            id,
            string.Create(CultureInfo.InvariantCulture, $"first scan, {tree.FileCount:N0} local files in {tree.FolderCount:N0} folders, everything on, encrypted: speed"),
            "`find -printf`, then the same rows loaded in C",
            runs,
            limit,
            $"; whole process {ResultFormatter.Format(whole)}, of which {ResultFormatter.FormatSeconds(emptyScan.WholeSeconds)} and {ResultFormatter.FormatSeconds(emptyScan.CpuSeconds)} of CPU without a file; at most {ResultFormatter.FormatMegabytes(runs.Pairs.Max(p => p.Ours.PeakBytes))} resident");
    }
}
