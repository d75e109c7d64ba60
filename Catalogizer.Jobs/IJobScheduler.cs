namespace Catalogizer.Jobs;

/// <summary>A job as it stands in the schedule.</summary>
/// <param name="Cron">Null for a run that was asked for and waits for its turn.</param>
internal sealed record ScheduledJob(JobId Job, string? Cron, bool Paused, DateTimeOffset? NextRunAt, string RunId, string? RequestedBy);

/// <summary>The schedule, in the project's own words. It is stored, encrypted, and outlives the process.</summary>
public interface IJobScheduler
{
    /// <summary>Runs a job soon, once.</summary>
    Task EnqueueAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    /// <summary>
    /// Runs a job by a cron expression in local time from now on; the same job and argument have one schedule. Missed runs are
    /// made up for by one. A paused one stays paused.
    /// </summary>
    Task AddOrUpdateAsync<TJob>(string argument, string cron, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    Task RemoveAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob;

    /// <summary>The arguments that a job is scheduled for, with their cron expressions; empty where the next run is planned for later than the expression says, to be planned anew.</summary>
    Task<IReadOnlyDictionary<string, string>> ScheduledAsync<TJob>(CancellationToken cancellation)
        where TJob : class, IBackgroundJob;
}
