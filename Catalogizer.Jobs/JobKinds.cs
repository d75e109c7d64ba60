using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs;

/// <summary>A kind of job, as the job page shows it.</summary>
/// <param name="Title">What it does, in a few words.</param>
/// <param name="About">The same in one sentence.</param>
/// <param name="Schedule">The cron expression that applies unless a user sets another; null: only on request.</param>
public sealed record JobKind(string Name, string Title, string About, string? Schedule, Type Type);

/// <summary>The subjects of a job kind where there is more than one; names them and stores their schedules.</summary>
public interface IJobSubjects
{
    /// <summary>The name of the job kind.</summary>
    string JobName { get; }

    /// <summary>The subjects, by the argument with which the job runs for each.</summary>
    Task<IReadOnlyDictionary<string, JobSubject>> ListAsync(CancellationToken cancellation);

    Task<Error?> SetScheduleAsync(Actor actor, string argument, string? cron, CancellationToken cancellation);

    /// <summary>Stops a run that was started without the job.</summary>
    /// <returns>False when there is no such run any more.</returns>
    Task<bool> CancelAsync(Actor actor, string runId, CancellationToken cancellation);
}

/// <summary>The subject of one job of a kind.</summary>
/// <param name="LastExternalRun">The last time the same work was done without a run of the job; null: never.</param>
public sealed record JobSubject(string Title, string? Schedule, JobRun? LastExternalRun);

public static class JobKinds
{
    /// <summary>Registers a job: it appears on the job page, can be run, and runs by its schedule.</summary>
    /// <param name="schedule">A cron expression in local time; null: only on request.</param>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, string title, string about, string? schedule = null)
        where TJob : class, IBackgroundJob => services.AddSingleton(new JobKind(TJob.Name, title, about, schedule, typeof(TJob)));
}
