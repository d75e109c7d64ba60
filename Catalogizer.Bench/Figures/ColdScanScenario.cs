using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// The first scan of a disk of which nothing is in memory, compared with listing it. The disk is a file with a file system of its own, so
/// that mounting it again makes only this tree cold. Mounting needs root and loop devices.
/// </summary>
internal sealed class ColdScanScenario : IScenario
{
    private const int FileCount = 100_000;

    public string Name => "cold";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (image, mountPoint) = (BenchFolder.PathOf("trees/cold.ext4"), Directory.CreateDirectory(BenchFolder.PathOf("cold")).FullName);
        var description = string.Create(CultureInfo.InvariantCulture, $"first scan of {FileCount:N0} local files, none of them in memory: speed");
        var limit = Limit.Minimum(0.7, 1.5);
        try
        {
            await MountAsync(image, mountPoint);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return [new ResultRow("P3", description, "`find -printf`, cold") { Detail = "not measured: no loop device can be mounted here", Must = limit.Format(limit.Must), Goal = limit.Format(limit.Goal) }];
        }

        try
        {
            var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreateIn(mountPoint, FileCount));
            await app.ScanAsync(tree.Path, BenchFolder.CreateEmpty("cold"));   // only the app itself is warmed up
            var runs = await PairedRuns.MeasureAsync(
                quick ? 2 : 6,
                async () =>
                {
                    await DropCacheAsync(image, mountPoint);
                    return await ProcessRunner.MeasureFindAsync(tree.Path);
                },
                async () =>
                {
                    await DropCacheAsync(image, mountPoint);
                    return (await app.ScanAsync(tree.Path, BenchFolder.CreateEmpty("cold"))).Took;
                });
            return [ResultRow.FromRuns("P3", description, "`find -printf`, cold", runs, limit)];
        }
        finally
        {
            await ProcessRunner.RunAsync("umount", [mountPoint]);
        }
    }

    private static async Task MountAsync(string image, string mountPoint)
    {
        if (!File.Exists(image))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(image)!);
            await ProcessRunner.RunAsync("truncate", ["--size=1G", $"{image}.part"]);
            await ProcessRunner.RunAsync("mkfs.ext4", ["-q", "-N", "200000", $"{image}.part"]);
            File.Move($"{image}.part", image);
        }

        await ProcessRunner.RunAsync("mount", ["-o", "loop", image, mountPoint]);
    }

    private static async Task DropCacheAsync(string image, string mountPoint)
    {
        await ProcessRunner.RunAsync("umount", [mountPoint]);
        await ProcessRunner.RunAsync("sync", []);
        await ProcessRunner.RunAsync("dd", [$"if={image}", "iflag=nocache", "count=0", "status=none"]);
        await MountAsync(image, mountPoint);
    }
}
