namespace Catalogizer.Jobs;

/// <summary>A job in the schedule.</summary>
/// <param name="Cron">Null for a requested run that is queued.</param>
internal sealed record ScheduledJob(JobId Job, string? Cron, bool Paused, DateTimeOffset? NextRunAt, string RunId, string? RequestedBy);

/// <summary>The schedule, independent of the library behind it. It is stored encrypted and survives restarts.</summary>
public interface IJobScheduler
{
    /// <summary>Runs a job soon, once.</summary>
    Task EnqueueAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    /// <summary>
    /// Runs a job by a cron expression in local time from now on; each job and argument has one schedule. Missed runs are made up
    /// for by one. A paused schedule stays paused.
    /// </summary>
    Task AddOrUpdateAsync<TJob>(string argument, string cron, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    Task RemoveAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    /// <summary>
    /// The arguments that a job is scheduled for, with their cron expressions. The expression is empty where the next run is later
    /// than it should be, so that the job must be scheduled again.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> ScheduledAsync<TJob>(CancellationToken cancellation)
        where TJob : class, IBackgroundJob;
}
