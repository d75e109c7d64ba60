using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs;

/// <summary>A kind of job, as the job page shows it.</summary>
/// <param name="Title">What it does, in a few words.</param>
/// <param name="About">The same in a sentence.</param>
/// <param name="Schedule">The cron expression it runs by unless somebody sets another; null: only when asked.</param>
public sealed record JobKind(string Name, string Title, string About, string? Schedule, Type Type);

/// <summary>What the runs of a kind of job are about, where there is more than one: it names them and keeps their schedules.</summary>
public interface IJobSubjects
{
    /// <summary>The name of the kind of job.</summary>
    string JobName { get; }

    /// <summary>The subjects, by the argument that the job is run with for each.</summary>
    Task<IReadOnlyDictionary<string, JobSubject>> ListAsync(CancellationToken cancellation);

    Task<Error?> SetScheduleAsync(Actor actor, string argument, string? cron, CancellationToken cancellation);

    /// <summary>Stops a run that was begun without the job.</summary>
    /// <returns>False when there is no such run any more.</returns>
    Task<bool> CancelAsync(Actor actor, string runId, CancellationToken cancellation);
}

/// <summary>What one job of a kind is about.</summary>
/// <param name="LastExternalRun">The last time that the same was done without the job having been run; null: never.</param>
public sealed record JobSubject(string Title, string? Schedule, JobRun? LastExternalRun);

public static class JobKinds
{
    /// <summary>Makes a job known: it is on the job page, can be run, and runs by its schedule.</summary>
    /// <param name="schedule">A cron expression in local time; null: only when asked.</param>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, string title, string about, string? schedule = null)
        where TJob : class, IBackgroundJob => services.AddSingleton(new JobKind(TJob.Name, title, about, schedule, typeof(TJob)));
}
