using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Cost of encryption for a first scan, and for the loader in C.</summary>
internal sealed class EncryptionScenario : IScenario
{
    public string Name => "encryption";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(100_000));
        var plain = await app.CopyUnencryptedAsync();
        var pairs = quick ? 2 : 6;
        var scans = await PairedRuns.MeasureAsync(
            pairs,
            async () => (await plain.ScanAsync(tree.Path, BenchFolder.CreateEmpty("plain"))).Took,
            async () => (await app.ScanAsync(tree.Path, BenchFolder.CreateEmpty("keyed"))).Took);
        var loader = await RowLoader.CreateAsync(BenchFolder.WorkPathOf("keyed"));
        var loads = await PairedRuns.MeasureAsync(pairs, () => loader.LoadAsync(encrypted: false), () => loader.LoadAsync());
        var share = loads.CalculateSpread((p, k) => k.Seconds / p.Seconds);
        return
        [
            ResultRow.FromRuns(
                "P19",
                string.Create(CultureInfo.InvariantCulture, $"first scan of {tree.FileCount:N0} local files, encrypted: time"),
                "the same program with a library that leaves its files plain",
                scans,
                Limit.Maximum(1.3, 1.15),
                $"; the C loader alone {ResultFormatter.Format(share)}"),
        ];
    }
}
