using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed while it scans: the scan goes on where it was.</summary>
[Trait("Category", "Server")]
public sealed class KilledScanTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task FirstScan_Killed_GoesOnToTheSameCatalogue()
    {
        FaultTree.Make(Tree, Films);
        List<string> expected;
        await using (var undisturbed = new TestCatalogue())
        {
            await FinishAsync(undisturbed, asServer: false);
            expected = CataloguePicture.Take(undisturbed, null);
        }

        using var measured = new TemporaryFolder();
        var writes = await KillRun.CountWritesAsync(measured, "scan", Media, "--json");

        await LoopAsync(16, writes, null, ["scan", Media, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckTruth(copy);
            Compare(expected, CataloguePicture.Take(copy, null));
            if (copy.Count("SELECT sum(added) FROM scans") != copy.Count("SELECT count(*) FROM files"))
            {
                Totals.CountersOff++;
                Totals.Problems.Add("The scans' tallies are not the files.");
            }
        });
    }

    [Fact]
    public async Task Rescan_Killed_GoesOnToTheSameCatalogue()
    {
        using var before = await ScannedAsync();
        var (names, expected) = await UndisturbedRescanAsync(before);
        using var measured = CopyOf(before);
        var writes = await KillRun.CountWritesAsync(measured, "scan", Media, "--json");

        await LoopAsync(16, writes, before, ["scan", Media, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckTruth(copy);
            Compare(expected, CataloguePicture.Take(copy, names));
        });
    }
}
