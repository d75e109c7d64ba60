using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Scans of a share against Samba's own client listing it. The file server shares the machine's cores with both.</summary>
internal sealed class Share : IFigure
{
    private const string List = "recurse;ls";

    public string Name => "share";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(100_000));
        await using var server = await FileServer.OfAsync(tree.Path);
        var data = BenchFolder.Fresh("share");
        await app.ScanAsync(server.Address, data);      // also warms the disk cache
        var pairs = quick ? 2 : 6;
        var first = await PairedRuns.MeasureAsync(
            pairs, () => server.ClientAsync(List), async () => (await app.ScanAsync(server.Address, BenchFolder.Fresh("share-first"))).Took);
        var again = await PairedRuns.MeasureAsync(
            pairs, () => server.ClientAsync(List), async () => (await app.ScanAsync(server.Address, data, "--quick")).Took);
        return
        [
            Row("P7", string.Create(CultureInfo.InvariantCulture, $"first scan of {tree.Files:N0} files in {tree.Folders:N0} folders on a share: speed"), first, Limit.NoLess(0.8, 1.1)),
            Row("P8", string.Create(CultureInfo.InvariantCulture, $"unchanged quick rescan of {tree.Files:N0} files on a share: time"), again, Limit.NoMore(0.25, 0.2)),
        ];
    }

    private static FigureRow Row(string id, string what, PairedRuns runs, Limit limit) => FigureRow.Of(id, what, "`smbclient -c 'recurse;ls'`", runs, limit);
}
