using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed during a scan: the scan resumes where it was.</summary>
[Trait("Category", "Server")]
public sealed class KilledScanTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task FirstScan_Killed_GoesOnToTheSameCatalog()
    {
        SampleTree.Create(Tree, FilmCount);
        List<string> expected;
        await using (var undisturbed = new TestCatalog())
        {
            await FinishAsync(undisturbed, asServer: false);
            expected = CatalogSnapshot.Capture(undisturbed, null);
        }

        using var measured = new TemporaryFolder();
        var writes = await KillRun.CountWritesAsync(measured, "scan", MediaPath, "--json");

        await LoopAsync(16, writes, null, ["scan", MediaPath, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckInvariants(copy);
            Compare(expected, CatalogSnapshot.Capture(copy, null));
            if (copy.Count("SELECT sum(added) FROM scans") != copy.Count("SELECT count(*) FROM files"))
            {
                Totals.WrongCounters++;
                Totals.Problems.Add("The scans' tallies are not the files.");
            }
        });
    }

    [Fact]
    public async Task Rescan_Killed_GoesOnToTheSameCatalog()
    {
        using var before = await CreateScannedHomeAsync();
        var (names, expected) = await RescanUndisturbedAsync(before);
        using var measured = CopyHome(before);
        var writes = await KillRun.CountWritesAsync(measured, "scan", MediaPath, "--json");

        await LoopAsync(16, writes, before, ["scan", MediaPath, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckInvariants(copy);
            Compare(expected, CatalogSnapshot.Capture(copy, names));
        });
    }
}
