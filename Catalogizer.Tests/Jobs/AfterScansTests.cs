using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Jobs;

/// <summary>What a scan brought is looked into once it ends, without waiting for the jobs' hours.</summary>
public sealed class AfterScansTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ScanEnds_WithChanges_DuplicatesAreLookedForAndTheNewIsLookedInto()
    {
        using var folder = new TemporaryFolder();
        folder.Write("media/A/Quiet Water (2001).epub", "the same");
        folder.Write("media/B/Quiet Water (2001).epub", "the same");
        await using var app = CatalogizerApp.Create([
            "--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={folder.PathOf("data")}"]);
        await app.StartAsync();
        using var told = app.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is DuplicatesChanged or JobChanged { State: "succeeded" });
        var source = (await app.Services.GetRequiredService<SourceService>().AddAsync(
            Actor.System, new SourceDraft { Name = "Media", Protocol = "local", Path = folder.PathOf("media") }, default)).Value;

        await app.Services.GetRequiredService<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default);

        using var patience = new CancellationTokenSource(Patience);
        var (groups, expected) = (0, new Queue<string>(["pictures", "metadata-enrich", "quality", "pictures"]));
        await foreach (var batch in told.ReadAsync(TimeSpan.Zero, patience.Token))
        {
            groups += batch.OfType<DuplicatesChanged>().Count();
            foreach (var job in batch.OfType<JobChanged>().Select(e => e.Job))
            {
                // Others may run by their hours meanwhile.
                if (expected.TryPeek(out var next) && job == next)
                {
                    expected.Dequeue();
                }
            }

            if (groups > 0 && expected.Count == 0)
            {
                break;
            }
        }

        Assert.Empty(expected);
        await app.StopAsync();
    }
}
