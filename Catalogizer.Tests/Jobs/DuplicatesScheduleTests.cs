using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Jobs;

/// <summary>Duplicates are looked for once a scan ends, without waiting for the hour.</summary>
public sealed class DuplicatesScheduleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ScanEnds_WithChanges_StartsTheJob()
    {
        using var folder = new TemporaryFolder();
        folder.Write("media/A/Quiet Water (2001).epub", "the same");
        folder.Write("media/B/Quiet Water (2001).epub", "the same");
        await using var app = CatalogizerApp.Create([
            "--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={folder.PathOf("data")}"]);
        await app.StartAsync();
        using var groups = app.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is DuplicatesChanged);
        var source = (await app.Services.GetRequiredService<SourceService>().AddAsync(
            Actor.System, new SourceDraft { Name = "Media", Protocol = "local", Path = folder.PathOf("media") }, default)).Value;

        await app.Services.GetRequiredService<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default);

        using var patience = new CancellationTokenSource(Patience);
        await using var told = groups.ReadAsync(TimeSpan.Zero, patience.Token).GetAsyncEnumerator();
        Assert.True(await told.MoveNextAsync());
        await app.StopAsync();
    }
}
