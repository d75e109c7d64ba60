using Catalogizer.Domain.Events;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>
/// Runs jobs, one after the other, soon after an event that concerns them, so that they need not wait for their schedule. Events during
/// a round cause one more round; a paused job stays paused.
/// </summary>
internal sealed class EventTriggeredJobs(QuartzJobScheduler scheduler, EventStreamer events, TimeProvider time, ILogger<EventTriggeredJobs> logger, JobEventTrigger trigger) : BackgroundService
{
    /// <summary>The pause after a round, as a multiple of its duration: however much happens, the jobs use at most a tenth of one processor.</summary>
    private const int PauseFactor = 9;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRunDuration = TimeSpan.FromHours(1);

    internal static TimeSpan PauseAfter(TimeSpan elapsed, TimeSpan maxPause) => elapsed * PauseFactor < MinPause ? MinPause : elapsed * PauseFactor < maxPause ? elapsed * PauseFactor : maxPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(trigger.IsRelevant, isInternal: true);
        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            await Task.Delay(trigger.BatchDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var startedAt = time.GetTimestamp();
            foreach (var job in trigger.Jobs)
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
                    logger.LogError(exception, "The job {Job} could not be run in time; its schedule does it", job.Name);
                }
            }

            await Task.Delay(PauseAfter(time.GetElapsedTime(startedAt), trigger.MaxPause), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(JobKind kind, CancellationToken cancellation)
    {
        var scheduled = await scheduler.ScheduledAsync(cancellation);
        if (scheduled.Any(p => p.Paused && p.Job.Kind == kind.Name))
        {
            return;
        }

        using var ends = events.Subscribe(e => e is JobChanged { Job: var job, State: "succeeded" or "failed" or "cancelled" } && job == kind.Name, isInternal: true);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(MaxRunDuration);
        await scheduler.RunAsync(kind.Type, new JobId(kind.Name, ""), null, cancellation);
        try
        {
            await foreach (var _ in ends.ReadAsync(TimeSpan.Zero, timeout.Token))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The scheduled run follows anyway.
        }
    }
}

/// <summary>Jobs that run one after the other when an event occurs.</summary>
/// <param name="IsRelevant">Whether an event triggers a round.</param>
/// <param name="BatchDelay">How long to wait for further events before a round.</param>
/// <param name="MaxPause">The longest pause between the end of a round and the start of the next one.</param>
internal sealed record JobEventTrigger(Func<CatalogEvent, bool> IsRelevant, TimeSpan BatchDelay, TimeSpan MaxPause, IReadOnlyList<JobKind> Jobs);
