using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Scans of a share, compared with Samba's own client listing it. The file server shares the machine's cores with both.</summary>
internal sealed class ShareScanScenario : IScenario
{
    private const string ListCommand = "recurse;ls";

    public string Name => "share";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(100_000));
        await using var server = await FileServer.CreateAsync(tree.Path);
        var data = BenchFolder.CreateEmpty("share");
        await app.ScanAsync(server.Address, data);      // also warms the disk cache
        var pairs = quick ? 2 : 6;
        var first = await PairedRuns.MeasureAsync(
            pairs, () => server.RunClientAsync(ListCommand), async () => (await app.ScanAsync(server.Address, BenchFolder.CreateEmpty("share-first"))).Took);
        var again = await PairedRuns.MeasureAsync(
            pairs, () => server.RunClientAsync(ListCommand), async () => (await app.ScanAsync(server.Address, data, "--quick")).Took);
        return
        [
            CreateRow("P7", string.Create(CultureInfo.InvariantCulture, $"first scan of {tree.FileCount:N0} files in {tree.FolderCount:N0} folders on a share: speed"), first, Limit.Minimum(0.8, 1.1)),
            CreateRow("P8", string.Create(CultureInfo.InvariantCulture, $"unchanged quick rescan of {tree.FileCount:N0} files on a share: time"), again, Limit.Maximum(0.25, 0.2)),
        ];
    }

    private static ResultRow CreateRow(string id, string what, PairedRuns runs, Limit limit) => ResultRow.FromRuns(id, what, "`smbclient -c 'recurse;ls'`", runs, limit);
}
