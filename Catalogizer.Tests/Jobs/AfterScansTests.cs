using System.Diagnostics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Jobs;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Jobs;

/// <summary>A scan's changes are processed when it ends, without waiting for the jobs' schedules.</summary>
public sealed class AfterScansTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ScanEnds_WithChanges_DuplicatesAreLookedForAndTheNewIsLookedInto()
    {
        using var folder = new TemporaryFolder();
        folder.Write("media/A/Quiet Water (2001).epub", "the same");
        folder.Write("media/B/Quiet Water (2001).epub", "the same");
        await using var app = CatalogizerApp.Create([
            "--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={folder.PathOf("data")}"]);
        await app.StartAsync();
        using var subscription = app.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is DuplicatesChanged or JobChanged { State: "succeeded" });
        var source = (await app.Services.GetRequiredService<SourceService>().AddAsync(
            Actor.System, new SourceDraft { Name = "Media", Protocol = "local", Path = folder.PathOf("media") }, default)).Value;

        await app.Services.GetRequiredService<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default);

        using var timeout = new CancellationTokenSource(WaitTimeout);
        var (groups, expected) = (0, new Queue<string>(["pictures", "quality", "pictures"]));
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            groups += batch.OfType<DuplicatesChanged>().Count();
            foreach (var job in batch.OfType<JobChanged>().Select(e => e.Job))
            {
                // Other jobs may run meanwhile, on their schedules.
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

    [Fact]
    public async Task ScanEnds_RightAfterAnother_ItsWorksAreLookedUpWithinAMinute()
    {
        await using var provider = await TestProvider.StartAsync();
        provider.Bodies["/search/movie"] = """{"results":[]}""";
        using var folder = new TemporaryFolder();
        folder.Write("first/Quiet Water (2001).mkv", "first");
        folder.Write("second/Silver Harbor (1994).mkv", "second");
        await using var app = CatalogizerApp.Create([
            "--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={folder.PathOf("data")}",
            $"--Catalogizer:Metadata:Tmdb:BaseAddress={provider.Address}", "--Catalogizer:Metadata:Tmdb:ApiKey=a.b.c"]);
        await app.StartAsync();
        using var subscription = app.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is JobChanged { Job: "metadata-enrich", State: "succeeded" });

        await ScanAsync(app, "first", folder.PathOf("first"));
        await WaitForRequestAsync(subscription, provider, "Quiet%20Water");
        var began = Stopwatch.GetTimestamp();
        await ScanAsync(app, "second", folder.PathOf("second"));
        await WaitForRequestAsync(subscription, provider, "Silver%20Harbor");

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"{Stopwatch.GetElapsedTime(began)}");
        await app.StopAsync();
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(2, 18)]
    [InlineData(24, 20)]
    [InlineData(400, 20)]
    public void Pause_AfterALookup_IsNeverLong(int took, int pause) =>
        Assert.Equal(TimeSpan.FromSeconds(pause), EventTriggeredJobs.PauseAfter(TimeSpan.FromSeconds(took), JobsRegistration.MaxEnrichmentPause));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(24, 216)]
    [InlineData(4000, 3600)]
    public void Pause_AfterOtherRounds_IsNineTimesWhatTheyTook(int took, int pause) =>
        Assert.Equal(TimeSpan.FromSeconds(pause), EventTriggeredJobs.PauseAfter(TimeSpan.FromSeconds(took), TimeSpan.FromHours(1)));

    private static async Task ScanAsync(WebApplication app, string name, string path)
    {
        var source = (await app.Services.GetRequiredService<SourceService>().AddAsync(Actor.System, new SourceDraft { Name = name, Protocol = "local", Path = path, Watch = false }, default)).Value;
        var scans = app.Services.GetRequiredService<ScanService>();
        await scans.WaitAsync((await scans.StartAsync(Actor.System, source.Id, ScanKind.Full, default)).Value.Id, default);
    }

    private static async Task WaitForRequestAsync(EventSubscription ended, TestProvider provider, string title)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await foreach (var _ in ended.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            if (provider.RequestedUrls.Any(asked => asked.Contains(title, StringComparison.Ordinal)))
            {
                return;
            }
        }
    }
}
