using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs;
using Catalogizer.Jobs.Health;
using Catalogizer.Jobs.Quartz;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Tests.Jobs;

/// <summary>Administration of jobs, in the running program with its stored schedule.</summary>
public sealed class JobServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);
    private static readonly Actor Anna = new(7, "anna", Permission.All, "127.0.0.9");
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;

    private JobService Jobs => _app.Services.GetRequiredService<JobService>();

    private BlockingJob.Controls Controls => _app.Services.GetRequiredService<BlockingJob.Controls>();

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task List_NewCatalog_HasTheStandingJobsWithTheirSchedules()
    {
        var jobs = (await Jobs.ListAsync(Anna, default)).Jobs;

        Assert.Superset(new HashSet<string> { "analytics-snapshot", "integrity-check", "patient", "retention" }, jobs.Select(j => j.Name).ToHashSet());
        Assert.Null(jobs.Single(j => j.Name == "redetection").Schedule);     // runs after an update, or on request
        Assert.All(jobs.Where(j => j.Schedule is not null), j => Assert.True(j.NextRunAt > DateTimeOffset.UtcNow, $"{j.Name}: {j.NextRunAt}"));
        Assert.Equal("every day at 03:30", jobs.Single(j => j.Name == "integrity-check").ScheduleInWords);
    }

    [Fact]
    public async Task List_Source_IsAJobOfItsOwnAlsoWithoutASchedule()
    {
        var source = await AddSourceAsync();

        var job = Assert.Single((await Jobs.ListAsync(Anna, default)).Jobs, j => j.Name == $"scan:{source}");

        Assert.Equal(("Scan of Films", null, "only when asked"), (job.Title, job.Schedule, job.ScheduleInWords));
    }

    [Fact]
    public async Task List_SourceScannedWithoutTheJob_TellsWhenAndHowItEnded()
    {
        var source = await AddSourceAsync();
        Assert.Null((await FindScanJobAsync(source)).Last);
        var scans = _app.Services.GetRequiredService<ScanService>();
        var scan = (await scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await scans.WaitAsync(scan.Id, default).WaitAsync(WaitTimeout);

        var last = (await FindScanJobAsync(source)).Last!;

        Assert.Equal((JobState.Succeeded, $"scan:{source}"), (last.State, last.Job));
        Assert.InRange(last.DurationSeconds!.Value, 0, 30);

        async Task<JobView> FindScanJobAsync(long id) => (await Jobs.ListAsync(Anna, default)).Jobs.Single(j => j.Name == $"scan:{id}");
    }

    [Fact]
    public async Task History_ScansBegunWithoutTheJob_AreRunsToo()
    {
        var source = await AddSourceAsync();
        var scans = _app.Services.GetRequiredService<ScanService>();
        using var listener = Listen();
        foreach (var (actor, kind) in ((Actor, ScanKind)[])[(Actor.System, ScanKind.Full), (Anna, ScanKind.Quick)])
        {
            var scan = (await scans.StartAsync(actor, source, kind, default)).Value;
            await listener.WaitForAsync(e => e.Run == $"scan-{scan.Id}" && e.State == "succeeded");
        }

        var run = Assert.Single((await Jobs.HistoryAsync(Anna, new JobHistoryQuery($"scan:{source}"), default)).Runs);

        Assert.Equal((JobState.Succeeded, $"scan:{source}", "Scan of Films", "anna"), (run.State, run.Job, run.Title, run.By));
        Assert.StartsWith("Completed: 0 listed", run.Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await Jobs.ListAsync(Anna, default)).Running, r => r.Job == run.Job);
    }

    [Fact]
    public async Task Run_Job_TellsItsProgressAndEndsInTheHistory()
    {
        using var listener = Listen();

        await Jobs.RunAsync(Anna, "patient", default);
        Controls.Send(new ProgressUpdate(40, "halfway"));
        var halfway = await listener.WaitForAsync(e => e is { State: "running", Percent: 40 });
        var running = Assert.Single((await Jobs.ListAsync(Anna, default)).Running, r => r.Job == "patient");
        Assert.Contains(running, Jobs.ListRunning(Anna));
        Assert.Throws<PermissionDeniedException>(() => Jobs.ListRunning(new Actor(8, "vera", Permission.For(Role.Viewer))));
        Controls.Send("Did 3 things.");
        await listener.WaitForAsync(e => e.State == "succeeded");

        Assert.Equal("halfway", halfway.Message);
        Assert.Equal((JobState.Running, 40, "halfway", "anna", "Patient work"), (running.State, running.Percent, running.Message, running.By, running.Title));
        var past = Assert.Single((await Jobs.HistoryAsync(Anna, new JobHistoryQuery("patient"), default)).Runs);
        Assert.Equal((running.Id, JobState.Succeeded, "Did 3 things.", "anna"), (past.Id, past.State, past.Message, past.By));
        Assert.NotNull(past.DurationSeconds);
    }

    [Fact]
    public async Task History_AfterARestart_IsStillThere()
    {
        await RunToAsync("Did 3 things.", "succeeded");
        await RestartAsync();

        var past = Assert.Single((await Jobs.HistoryAsync(Anna, new JobHistoryQuery("patient"), default)).Runs);

        Assert.Equal((JobState.Succeeded, "Did 3 things.", "anna"), (past.State, past.Message, past.By));
    }

    [Fact]
    public async Task Run_JobFails_SaysWhyAndCanBeRetried()
    {
        await RunToAsync(new JobFailedException("The disk was full."), "failed");
        var job = await FindJobAsync("patient");
        Assert.Equal((JobState.Failed, "The disk was full."), (job.Last!.State, job.Last.Message));

        using var listener = Listen();
        Assert.Null((await Jobs.RetryAsync(Anna, "patient", default)).Error);
        Controls.Send("Fine now.");
        await listener.WaitForAsync(e => e.State == "succeeded");

        Assert.IsType<ConflictError>((await Jobs.RetryAsync(Anna, "patient", default)).Error);
        Assert.Equal("The disk was full.", Assert.Single((await Jobs.HistoryAsync(Anna, new JobHistoryQuery(State: JobState.Failed), default)).Runs).Message);
    }

    [Fact]
    public async Task Run_JobThrows_IsAFailedRunWithTheReason()
    {
        await RunToAsync(new InvalidOperationException("Something odd."), "failed");

        Assert.Equal("Something odd.", (await FindJobAsync("patient")).Last!.Message);
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsIt()
    {
        using var listener = Listen();
        await Jobs.RunAsync(Anna, "patient", default);
        await listener.WaitForAsync(e => e.State == "running");

        Assert.Null((await Jobs.CancelAsync(Anna, "patient", default)).Error);
        await listener.WaitForAsync(e => e.State == "cancelled");

        Assert.Equal(JobState.Cancelled, (await FindJobAsync("patient")).Last!.State);
        Assert.IsType<ConflictError>((await Jobs.CancelAsync(Anna, "patient", default)).Error);
    }

    [Fact]
    public async Task Run_WhileItRuns_WaitsForItsTurnAndCanBeTakenAway()
    {
        using var listener = Listen();
        await Jobs.RunAsync(Anna, "patient", default);
        await listener.WaitForAsync(e => e.State == "running");
        await Jobs.RunAsync(Anna, "patient", default);

        var waiting = Assert.Single((await Jobs.ListAsync(Anna, default)).Queued);
        Assert.Equal((JobState.Queued, "patient", "anna"), (waiting.State, waiting.Job, waiting.By));
        Controls.Send("One.");
        Controls.Send("Two.");
        await listener.WaitForAsync(e => e is { State: "succeeded", Message: "Two." });
    }

    [Fact]
    public async Task Pause_ThenRestartThenResume_KeepsAndEndsThePause()
    {
        Assert.True((await Jobs.PauseAsync(Anna, "retention", default)).Value.Paused);
        await RestartAsync();
        Assert.True((await FindJobAsync("retention")).Paused);

        // Another schedule does not end the pause.
        Assert.True((await Jobs.SetScheduleAsync(Anna, "retention", "0 0 6 * * ?", default)).Value.Paused);

        var resumed = (await Jobs.ResumeAsync(Anna, "retention", default)).Value;
        Assert.False(resumed.Paused);
        Assert.True(resumed.NextRunAt > DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task SetSchedule_ChosenOne_OutlivesARestartUntilTheUsualOneIsWanted()
    {
        Assert.Equal("every 15 minutes", (await Jobs.SetScheduleAsync(Anna, "patient", "0 0/15 * * * ?", default)).Value.ScheduleInWords);
        await RestartAsync();
        Assert.Equal("0 0/15 * * * ?", (await FindJobAsync("patient")).Schedule);

        Assert.Null((await Jobs.SetScheduleAsync(Anna, "patient", "", default)).Value.Schedule);
        await RestartAsync();
        Assert.Null((await FindJobAsync("patient")).NextRunAt);

        Assert.Equal(BlockingJob.Schedule, (await Jobs.SetScheduleAsync(Anna, "patient", null, default)).Value.Schedule);
    }

    [Theory]
    [InlineData("every night")]
    [InlineData("0 0 25 * * ?")]
    [InlineData("0 99 3 * * ?")]
    [InlineData("0 0 3 * 13 ?")]
    [InlineData("* *")]
    public async Task SetSchedule_Unusable_IsRefusedInPlainWords(string cron)
    {
        var error = (await Jobs.SetScheduleAsync(Anna, "patient", cron, default)).Error;

        Assert.Equal("schedule", error?.Field);
        Assert.Contains(cron, error!.Message, StringComparison.Ordinal);
        Assert.Equal(BlockingJob.Schedule, (await FindJobAsync("patient")).Schedule);
    }

    [Fact]
    public async Task SetSchedule_OfAScan_IsTheSourcesOwn()
    {
        var source = await AddSourceAsync();

        await Jobs.SetScheduleAsync(Anna, $"scan:{source}", "0 0 2 * * ?", default);

        var sources = _app.Services.GetRequiredService<SourceService>();
        Assert.Equal("0 0 2 * * ?", (await sources.GetAsync(Anna, source, default)).Value.Schedule);
    }

    [Fact]
    public async Task EveryDeed_IsInTheAuditLog()
    {
        await Jobs.PauseAsync(Anna, "retention", default);
        await Jobs.SetScheduleAsync(Anna, "retention", "0 0 6 * * ?", default);
        await Jobs.ResumeAsync(Anna, "retention", default);
        await RunToAsync("Done.", "succeeded");

        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        var rows = await db.AuditLogs.AsNoTracking().Where(e => e.Action.StartsWith("jobs.")).OrderBy(e => e.Id).ToListAsync();
        Assert.Equal(["jobs.pause", "jobs.schedule", "jobs.resume", "jobs.run"], rows.Select(r => r.Action));
        Assert.All(rows, r => Assert.Equal((7L, "anna", "127.0.0.9"), (r.UserId, r.UserName, r.Address)));
        Assert.Contains("0 0 6 * * ?", rows[1].After, StringComparison.Ordinal);
        Assert.Contains("0 45 3 * * ?", rows[1].Before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_WithoutThePermission_IsRefused()
    {
        var vera = new Actor(8, "vera", Permission.For(Role.Editor));

        await Assert.ThrowsAsync<PermissionDeniedException>(() => Jobs.ListAsync(vera, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Jobs.HistoryAsync(vera, new JobHistoryQuery(), default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Jobs.RunAsync(vera, "retention", default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Jobs.SetScheduleAsync(vera, "retention", "", default));
    }

    [Fact]
    public async Task Run_IntegrityCheckAndClearingUp_WorkOnTheRealCatalog()
    {
        using var listener = Listen();
        await Jobs.RunAsync(Anna, IntegrityJob.Name, default);
        Assert.Equal("Everything is in order.", (await listener.WaitForAsync(e => e.State is "succeeded" or "failed")).Message);
        await Jobs.RunAsync(Anna, "retention", default);
        Assert.Equal("Nothing was old enough to go.", (await listener.WaitForAsync(e => e is { Job: "retention", State: "succeeded" or "failed" })).Message);
    }

    [Fact]
    public async Task Start_PlanOfAnEarlierVersion_IsReplaced()
    {
        await _app.Services.GetRequiredService<IJobScheduler>().AddOrUpdateAsync<IntegrityJob>("nightly", "0 30 3 * * ?", default);
        await RestartAsync();

        var scheduled = await _app.Services.GetRequiredService<QuartzJobScheduler>().ScheduledAsync(default);

        // A single run may be there too: it is scheduled when the last process left the database open.
        Assert.Single(scheduled, s => s.Job.Kind == IntegrityJob.Name && s.Cron is not null);
    }

    private async Task<JobView> FindJobAsync(string name) => (await Jobs.ListAsync(Anna, default)).Jobs.Single(j => j.Name == name);

    private async Task RunToAsync(object command, string state)
    {
        using var listener = Listen();
        await Jobs.RunAsync(Anna, "patient", default);
        Controls.Send(command);
        await listener.WaitForAsync(e => e.State == state);
    }

    private async Task<long> AddSourceAsync()
    {
        Directory.CreateDirectory(_folder.PathOf("media"));
        var sources = _app.Services.GetRequiredService<SourceService>();
        // Not watched: a watch starts with a scan, and requesting another scan meanwhile would return that one.
        return (await sources.AddAsync(Actor.System, new SourceDraft { Name = "Films", Protocol = "local", Path = _folder.PathOf("media"), Watch = false }, default)).Value.Id;
    }

    private async Task StartAsync()
    {
        _app = CatalogizerApp.Create(["--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={_folder.PathOf("data")}", "--Logging:LogLevel:Default=Warning"], BlockingJob.Register);
        await _app.StartAsync();
        foreach (var planning in _app.Services.GetServices<IHostedService>().Where(s => s is RecurringJobs or IntegritySchedule).Cast<BackgroundService>())
        {
            await planning.ExecuteTask!;
        }
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    private JobEventListener Listen() => new(_app.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is JobChanged { Run: not null }));

    private sealed class JobEventListener(EventSubscription subscription) : IDisposable
    {
        private readonly CancellationTokenSource _timeout = new(WaitTimeout);
        private readonly Queue<JobChanged> _received = [];
        private IAsyncEnumerator<IReadOnlyCollection<CatalogEvent>>? _batches;

        public async Task<JobChanged> WaitForAsync(Func<JobChanged, bool> predicate)
        {
            _batches ??= subscription.ReadAsync(TimeSpan.Zero, _timeout.Token).GetAsyncEnumerator();
            while (true)
            {
                while (_received.TryDequeue(out var next))
                {
                    if (predicate(next))
                    {
                        return next;
                    }
                }

                Assert.True(await _batches.MoveNextAsync(), "Not told in time.");
                foreach (var received in _batches.Current.Cast<JobChanged>())
                {
                    _received.Enqueue(received);
                }
            }
        }

        public void Dispose()
        {
            subscription.Dispose();
            _timeout.Dispose();
        }
    }
}
