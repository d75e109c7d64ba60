using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Runs alone, because what other tests hold in memory would count too.</summary>
[CollectionDefinition(nameof(RedetectionMemoryTests), DisableParallelization = true)]
[Collection(nameof(RedetectionMemoryTests))]
public sealed class RedetectionMemoryTests
{
    [FullRunFact]
    public async Task Run_TwentyThousandFiles_InBoundedMemory()
    {
        await using var catalog = new TestCatalog();
        await using (var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SyntheticCatalog.Fill(connection, 20_000);
        }

        var redetection = catalog.Services.GetRequiredService<Redetection>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var max = 0L;
        var report = await redetection.RunAsync(null, false, new PercentTrigger(0, () => max = Math.Max(max, GC.GetTotalMemory(forceFullCollection: false) - before)), default);

        Assert.True(report.Items > 1000);
        Assert.True(max < 150_000_000, $"{max} bytes");
        Assert.False((await redetection.RunAsync(null, false, new PercentTrigger(101, () => { }), default)).HasChanges);
        CatalogInvariants.Check(catalog);
    }
}
