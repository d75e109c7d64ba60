using Catalogizer.Domain.Events;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>
/// Runs jobs, one after the other, once something happened that they are about, so that it need not wait for their hour. What happens
/// while they run is met by one more round; a paused job stays paused.
/// </summary>
internal sealed class AfterEvents(QuartzJobScheduler scheduler, EventStreamer events, TimeProvider time, ILogger<AfterEvents> logger, JobRound round) : BackgroundService
{
    /// <summary>The pause after a round, in times of what it took: however much happens, a tenth of one processor is the most it costs.</summary>
    private const int Pause = 9;

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);

    /// <summary>How long to rest after a round.</summary>
    internal static TimeSpan PauseAfter(TimeSpan took, TimeSpan longest) => took * Pause < LeastPause ? LeastPause : took * Pause < longest ? took * Pause : longest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(round.Concerns, isOwn: true);
        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            await Task.Delay(round.Moment, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var began = time.GetTimestamp();
            foreach (var job in round.Jobs)
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

            await Task.Delay(PauseAfter(time.GetElapsedTime(began), round.LongestPause), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

/// <summary>Jobs that are run one after the other when something happens.</summary>
/// <param name="Concerns">Whether an event asks for a round.</param>
/// <param name="Moment">How long to wait for more of the same before a round.</param>
/// <param name="LongestPause">The most time between the end of a round and the next one.</param>
internal sealed record JobRound(Func<CatalogueEvent, bool> Concerns, TimeSpan Moment, TimeSpan LongestPause, IReadOnlyList<JobKind> Jobs);
