using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>What encryption costs a first scan, and what it costs the loader in C.</summary>
internal sealed class Encryption : IFigure
{
    public string Name => "encryption";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(100_000));
        var plain = await app.PlainAsync();
        var pairs = quick ? 2 : 6;
        var scans = await PairedRuns.MeasureAsync(
            pairs,
            async () => (await plain.ScanAsync(tree.Path, BenchFolder.Fresh("plain"))).Took,
            async () => (await app.ScanAsync(tree.Path, BenchFolder.Fresh("keyed"))).Took);
        var loader = await RowLoader.FromAsync(BenchFolder.WorkPathOf("keyed"));
        var loads = await PairedRuns.MeasureAsync(pairs, () => loader.LoadAsync(encrypted: false), () => loader.LoadAsync());
        var share = loads.Of((p, k) => k.Seconds / p.Seconds);
        return
        [
            FigureRow.Of(
                "P19",
                string.Create(CultureInfo.InvariantCulture, $"first scan of {tree.Files:N0} local files, encrypted: time"),
                "the same program with a library that leaves its files plain",
                scans,
                Limit.NoMore(1.3, 1.15),
                $"; the loader in C by itself {Write.Told(share)}"),
        ];
    }
}
