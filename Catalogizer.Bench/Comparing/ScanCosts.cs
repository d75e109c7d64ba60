using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Comparing;

/// <summary>The first scan of a local tree, with the scan command.</summary>
internal sealed class FirstScanCost : IBuildCost
{
    public string Name => "scan-100k";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        var took = (await build.App.ScanAsync(Build.Tree.Path, BenchFolder.CreateEmpty("compared-scan"))).Took;
        var description = string.Create(CultureInfo.InvariantCulture, $"first scan of {Build.Tree.FileCount:N0} files");
        return
        [
            new Cost(description, "s", took.Seconds), new Cost($"{description}, whole process", "s", took.WholeSeconds),
            new Cost($"{description}, CPU", "s", took.CpuSeconds), new Cost($"{description}, most resident memory", "MB", took.PeakBytes / 1e6),
        ];
    }
}

/// <summary>Rescans without changes in a running server.</summary>
internal sealed class RescanCost : IBuildCost
{
    public string Name => "rescan";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        await using var server = await build.StartServerAsync();
        await server.LogInAsync();
        return [await RescanAsync(server, "quick", quick), await RescanAsync(server, "full", quick)];
    }

    private static async Task<Cost> RescanAsync(ServedApp server, string kind, bool quick)
    {
        var seconds = new List<double>();
        for (var run = -2; run < (quick ? 3 : 5); run++)
        {
            var took = (await server.ScanAsync(1, kind)).Seconds;
            if (run >= 0)   // warm-up: the code is still being compiled
            {
                seconds.Add(took);
            }
        }

        return new Cost(string.Create(CultureInfo.InvariantCulture, $"unchanged {kind} rescan of {Build.Tree.FileCount:N0} files"), "s", Spread.From(seconds).Median);
    }
}
