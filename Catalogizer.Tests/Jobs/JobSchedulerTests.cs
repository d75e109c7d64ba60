using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Catalogizer.Jobs;
using Catalogizer.Jobs.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Tests.Jobs;

/// <summary>The stored schedule in the running program.</summary>
public sealed class JobSchedulerTests : IAsyncLifetime
{
    private const string EveryNight = "0 0 3 * * ?";
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;

    private IJobScheduler Scheduler => _app.Services.GetRequiredService<IJobScheduler>();

    private SourceService Sources => _app.Services.GetRequiredService<SourceService>();

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Align_SourceWithSchedule_IsScheduledAndOutlivesTheProcess()
    {
        var source = await AddSourceAsync(EveryNight);
        await AlignAsync();
        Assert.Equal(EveryNight, (await Scheduler.ScheduledAsync<RecurringScan>(default))[source]);

        await StopAsync();
        await StartAsync();

        Assert.Equal(EveryNight, (await Scheduler.ScheduledAsync<RecurringScan>(default))[source]);
    }

    [Fact]
    public async Task Align_ScheduleTakenAway_IsRemoved()
    {
        var source = await AddSourceAsync(EveryNight);
        await AlignAsync();
        await Sources.UpdateAsync(Actor.System, long.Parse(source, CultureInfo.InvariantCulture), new SourceDraft { Schedule = "" }, default);

        await AlignAsync();

        Assert.Empty(await Scheduler.ScheduledAsync<RecurringScan>(default));
    }

    [Fact]
    public async Task Enqueue_Scan_RunsItSoon()
    {
        _folder.Write("media/A Film (2001).mkv", "x");
        var source = await AddSourceAsync(null);
        using var subscription = _app.Services.GetRequiredService<EventStreamer>().Subscribe();
        using var timeout = new CancellationTokenSource(WaitTimeout);

        await Scheduler.EnqueueAsync<RecurringScan>(source, default);

        var ended = false;
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            ended = batch.OfType<ScanProgressed>().Any(p => p.Scan.FinishedAt is not null);
            if (ended)
            {
                break;
            }
        }

        Assert.True(ended);
        Assert.Equal(1, (await _app.Services.GetRequiredService<MediaService>().PageAsync(Actor.System, new MediaQuery(), default)).Value.Total);
    }

    [Theory]
    [InlineData("0 0 3 * * ?", true)]
    [InlineData("0 15 10 ? * MON-FRI", true)]
    [InlineData("every night", false)]
    [InlineData("0 0 25 * * ?", false)]
    public void Problem_CronExpression_TellsTheUsableOnes(string cron, bool usable) =>
        Assert.Equal(usable, _app.Services.GetRequiredService<ICronValidator>().Validate(cron) is null);

    [Fact]
    public void Store_OnDisk_IsEncrypted()
    {
        using var file = new FileStream(_folder.PathOf("data/jobs.db"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var start = new byte[15];
        file.ReadExactly(start);

        Assert.NotEqual("SQLite format 3"u8.ToArray(), start);
    }

    private async Task StartAsync()
    {
        _app = CatalogizerApp.Create(["--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={_folder.PathOf("data")}"]);
        await _app.StartAsync();
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<string> AddSourceAsync(string? schedule)
    {
        Directory.CreateDirectory(_folder.PathOf("media"));
        var added = await Sources.AddAsync(Actor.System, new SourceDraft { Name = "Films", Protocol = "local", Path = _folder.PathOf("media"), Schedule = schedule }, default);
        return added.Value.Id.ToString(CultureInfo.InvariantCulture);
    }

    private Task AlignAsync() => _app.Services.GetServices<IHostedService>().OfType<SourceSchedules>().Single().AlignAsync(default);
}
