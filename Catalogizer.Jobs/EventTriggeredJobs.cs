using Catalogizer.Domain.Events;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>
/// Runs jobs, one after the other, once something happened that they are about, so that it need not wait for their hour. What happens
/// while they run is met by one more round; a paused job stays paused.
/// </summary>
internal sealed class EventTriggeredJobs(QuartzJobScheduler scheduler, EventStreamer events, TimeProvider time, ILogger<EventTriggeredJobs> logger, JobEventTrigger trigger) : BackgroundService
{
    /// <summary>The pause after a round, in times of what it took: however much happens, a tenth of one processor is the most it costs.</summary>
    private const int PauseFactor = 9;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRunDuration = TimeSpan.FromHours(1);

    /// <summary>How long to rest after a round.</summary>
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
            // The schedule's run comes anyhow.
        }
    }
}

/// <summary>Jobs that are run one after the other when something happens.</summary>
/// <param name="IsRelevant">Whether an event asks for a round.</param>
/// <param name="BatchDelay">How long to wait for more of the same before a round.</param>
/// <param name="MaxPause">The most time between the end of a round and the next one.</param>
internal sealed record JobEventTrigger(Func<CatalogEvent, bool> IsRelevant, TimeSpan BatchDelay, TimeSpan MaxPause, IReadOnlyList<JobKind> Jobs);
