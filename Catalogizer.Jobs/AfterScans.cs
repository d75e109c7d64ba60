using Catalogizer.Domain.Events;
using Catalogizer.Jobs.Analytics;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>
/// Runs jobs, one after the other, once a scan changed something, so that what is new need not wait for their hour. Scans that end while
/// they run are met by one more round; a paused job stays paused.
/// </summary>
/// <param name="most">The most files that a scan may have brought: what is more waits for the schedule, and leaves the machine to those who look at it.</param>
/// <param name="jobs">What is run.</param>
internal sealed class AfterScans(QuartzJobScheduler scheduler, EventStreamer events, TimeProvider time, ILogger<AfterScans> logger, long most, IReadOnlyList<JobKind> jobs) : BackgroundService
{
    /// <summary>The pause after a run, in times of what it took: however many scans end, a tenth of one processor is the most it costs.</summary>
    private const int Pause = 9;

    /// <summary>A scan seldom comes alone: those of a moment are met together.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var scans = events.Subscribe(e => e is ScanProgressed { Scan: var scan } && SnapshotSchedule.HasChanged(scan) && scan.Added + scan.Changed <= most, isOwn: true);
        await foreach (var _ in scans.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            await Task.Delay(Moment, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var began = time.GetTimestamp();
            foreach (var job in jobs)
            {
                try
                {
                    await RunAsync(job, stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    logger.LogError(exception, "The job {Job} could not be run after a scan; its schedule does it", job.Name);
                }
            }

            var took = time.GetElapsedTime(began);
            await Task.Delay(took * Pause > LongestRun ? LongestRun : took * Pause > LeastPause ? took * Pause : LeastPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(JobKind kind, CancellationToken cancellation)
    {
        var planned = await scheduler.ScheduledAsync(cancellation);
        if (planned.Any(p => p.Paused && p.Job.Kind == kind.Name))
        {
            return;
        }

        using var ends = events.Subscribe(e => e is JobChanged { Job: var job, State: "succeeded" or "failed" or "cancelled" } && job == kind.Name, isOwn: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestRun);
        await scheduler.RunAsync(kind.Type, new JobId(kind.Name, ""), null, cancellation);
        try
        {
            await foreach (var _ in ends.ReadAsync(TimeSpan.Zero, limit.Token))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The schedule's run comes anyhow.
        }
    }
}
