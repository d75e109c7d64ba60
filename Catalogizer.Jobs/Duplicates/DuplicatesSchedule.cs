using Catalogizer.Domain.Events;
using Catalogizer.Jobs.Analytics;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Duplicates;

/// <summary>
/// Has duplicates looked for once a scan changed something, so that groups need not wait for the hour. Scans that end while it is being
/// done are met by one more run; a paused job stays paused.
/// </summary>
internal sealed class DuplicatesSchedule(QuartzJobScheduler jobs, EventStreamer events, TimeProvider time, ILogger<DuplicatesSchedule> logger) : BackgroundService
{
    /// <summary>The pause after a run, in times of what it took: however many scans end, a tenth of one processor is the most it costs.</summary>
    private const int Pause = 9;

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var scans = events.Subscribe(e => e is ScanProgressed { Scan: var scan } && SnapshotSchedule.HasChanged(scan), isOwn: true);
        await foreach (var _ in scans.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            var began = time.GetTimestamp();
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "Duplicates could not be looked for after a scan; the hourly run does it");
            }

            var took = time.GetElapsedTime(began);
            await Task.Delay(took * Pause > LongestRun ? LongestRun : took * Pause > LeastPause ? took * Pause : LeastPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var planned = await jobs.ScheduledAsync(cancellation);
        if (planned.Any(p => p is { Job.Kind: var kind, Paused: true } && kind == DuplicatesJob.Name))
        {
            return;
        }

        using var ends = events.Subscribe(e => e is JobChanged { Job: var job, State: "succeeded" or "failed" or "cancelled" } && job == DuplicatesJob.Name, isOwn: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestRun);
        await jobs.EnqueueAsync<DuplicatesJob>("", cancellation);
        try
        {
            await foreach (var _ in ends.ReadAsync(TimeSpan.Zero, limit.Token))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The hourly run comes anyhow.
        }
    }
}
