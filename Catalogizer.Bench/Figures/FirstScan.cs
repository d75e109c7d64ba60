using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>The first scan of a tree into an empty catalogue, against listing it and loading the same rows in C.</summary>
internal sealed class FirstScan(string name, string id, int files, int pairs, Limit limit) : IFigure
{
    public string Name => name;

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick) => [await MeasureAsync(await PublishedApp.BuildAsync(), quick ? 2 : pairs)];

    /// <summary>The same for a program that is built already.</summary>
    public async Task<FigureRow> MeasureAsync(PublishedApp app, int wanted)
    {
        var tree = MediaTree.Of(files);
        var nothing = (await app.ScanAsync(BenchFolder.Fresh("nothing"), BenchFolder.Fresh("scan"))).Took;
        var finished = BenchFolder.Fresh("finished");
        await app.ScanAsync(tree.Path, finished);   // also warms the disk cache
        var loader = await RowLoader.FromAsync(finished);
        var runs = await PairedRuns.MeasureAsync(
            wanted,
            async () => await Tool.FindAsync(tree.Path) + await loader.LoadAsync(),
            async () => (await app.ScanAsync(tree.Path, BenchFolder.Fresh("scan"))).Took);
        var whole = runs.Of((b, o) => b.WholeSeconds / o.WholeSeconds);
        return FigureRow.Of(
            id,
            string.Create(CultureInfo.InvariantCulture, $"first scan, {tree.Files:N0} local files in {tree.Folders:N0} folders, everything on, encrypted: speed"),
            "`find -printf`, then the same rows loaded in C",
            runs,
            limit,
            $"; whole process {Write.Told(whole)}, of which {Write.Seconds(nothing.WholeSeconds)} and {Write.Seconds(nothing.CpuSeconds)} of CPU without a file; at most {Write.Megabytes(runs.Pairs.Max(p => p.Ours.PeakBytes))} resident");
    }
}
