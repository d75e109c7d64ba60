using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>By itself, as what other tests hold in memory would count too.</summary>
[CollectionDefinition(nameof(RedetectionMemoryTests), DisableParallelization = true)]
[Collection(nameof(RedetectionMemoryTests))]
public sealed class RedetectionMemoryTests
{
    [FullRunFact]
    public async Task Run_TwentyThousandFiles_InBoundedMemory()
    {
        await using var catalogue = new TestCatalogue();
        await using (var connection = catalogue.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            MadeCatalogue.Fill(connection, 20_000);
        }

        var redetection = catalogue.Services.GetRequiredService<Redetection>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var report = await redetection.RunAsync(null, false, new AtPercent(0, () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before)), default);

        Assert.True(report.Items > 1000);
        Assert.True(most < 150_000_000, $"{most} bytes");
        Assert.False((await redetection.RunAsync(null, false, new AtPercent(101, () => { }), default)).HasChanges);
        CatalogueTruth.Check(catalogue);
    }
}
