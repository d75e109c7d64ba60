using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// The first scan of a disk that nothing of is in memory, against listing it. The disk is a file with a file system of its own,
/// so that a new mount makes only this tree cold; mounting needs root and loop devices.
/// </summary>
internal sealed class ColdScan : IFigure
{
    private const int Files = 100_000;

    public string Name => "cold";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (image, at) = (BenchFolder.PathOf("trees/cold.ext4"), Directory.CreateDirectory(BenchFolder.PathOf("cold")).FullName);
        var what = string.Create(CultureInfo.InvariantCulture, $"first scan of {Files:N0} local files, none of them in memory: speed");
        var limit = Limit.NoLess(0.7, 1.5);
        try
        {
            await MountAsync(image, at);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return [new FigureRow("P3", what, "`find -printf`, cold") { Detail = "not measured: no loop device can be mounted here", Must = limit.Told(limit.Must), Goal = limit.Told(limit.Goal) }];
        }

        try
        {
            var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Under(at, Files));
            await app.ScanAsync(tree.Path, BenchFolder.Fresh("cold"));   // the program itself is warm
            var runs = await PairedRuns.MeasureAsync(
                quick ? 2 : 6,
                async () =>
                {
                    await ChillAsync(image, at);
                    return await Tool.FindAsync(tree.Path);
                },
                async () =>
                {
                    await ChillAsync(image, at);
                    return (await app.ScanAsync(tree.Path, BenchFolder.Fresh("cold"))).Took;
                });
            return [FigureRow.Of("P3", what, "`find -printf`, cold", runs, limit)];
        }
        finally
        {
            await Tool.RunAsync("umount", [at]);
        }
    }

    private static async Task MountAsync(string image, string at)
    {
        if (!File.Exists(image))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(image)!);
            await Tool.RunAsync("truncate", ["--size=1G", $"{image}.part"]);
            await Tool.RunAsync("mkfs.ext4", ["-q", "-N", "200000", $"{image}.part"]);
            File.Move($"{image}.part", image);
        }

        await Tool.RunAsync("mount", ["-o", "loop", image, at]);
    }

    private static async Task ChillAsync(string image, string at)
    {
        await Tool.RunAsync("umount", [at]);
        await Tool.RunAsync("sync", []);
        await Tool.RunAsync("dd", [$"if={image}", "iflag=nocache", "count=0", "status=none"]);
        await MountAsync(image, at);
    }
}
