using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A rescan that finds one file in a hundred replaced, against one of the same kind that finds nothing.</summary>
internal sealed class Changed : IFigure
{
    private const int OneIn = 100;

    // Each change sets another time, so that it is one.
    private int _changes;

    public string Name => "changed";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(1_000_000));
        var data = await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "changed");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();

        // A watch would look at the replaced files as well, at the same time.
        await server.PutAsync("/api/v1/sources/1", new { watch = false });
        await server.ScanAsync(1, "full");
        return [await RowAsync(tree, server, "quick", quick), await RowAsync(tree, server, "full", quick)];
    }

    private async Task<FigureRow> RowAsync(MediaTree tree, ServedApp server, string kind, bool quick)
    {
        Task<Sample> Unchanged() => server.ScanAsync(1, kind);
        Task<Sample> Replaced()
        {
            Change(tree);
            return server.ScanAsync(1, kind);
        }

        // A server rescans again and again: what is told is not the first time, whose code is still being compiled.
        await Unchanged();
        await Replaced();
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 4, Unchanged, Replaced);
        return FigureRow.Of(
            "P6",
            string.Create(CultureInfo.InvariantCulture, $"{kind} rescan of {tree.Files:N0} files, 1 % of them replaced, in a running server: time"),
            $"unchanged {kind} rescan",
            runs,
            Limit.NoMore(2, 1.3));
    }

    /// <summary>As a file that is replaced looks: its own time and its folder's are new.</summary>
    private void Change(MediaTree tree)
    {
        _changes++;
        var now = DateTime.UtcNow.AddHours(-1).AddSeconds(_changes);
        foreach (var (_, path) in tree.Paths.Index().Where(p => p.Index % OneIn == _changes % OneIn))
        {
            var file = Path.Combine(tree.Path, path);
            File.SetLastWriteTimeUtc(file, now);
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(file)!, now);
        }
    }
}
