using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs.Analytics;
using Catalogizer.Jobs.Detection;
using Catalogizer.Jobs.Duplicates;
using Catalogizer.Jobs.Health;
using Catalogizer.Jobs.Metadata;
using Catalogizer.Jobs.Quality;
using Catalogizer.Jobs.Quartz;
using Catalogizer.Jobs.Scanning;
using Catalogizer.Jobs.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Jobs;

public static class JobsRegistration
{
    /// <summary>The most files that a scan may add or change if metadata, artwork and analysis are to run right after it.</summary>
    private const long MaxNewFiles = 2000;

    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    /// <summary>Short, so that metadata of a source scanned right after another is fetched within a minute.</summary>
    internal static readonly TimeSpan MaxEnrichmentPause = TimeSpan.FromSeconds(20);

    /// <summary>Scans seldom come alone: those that end close together are handled in one round.</summary>
    private static readonly TimeSpan ScanBatchDelay = TimeSpan.FromSeconds(5);

    /// <summary>Adds the jobs and their stored schedule.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, DataDirectory data, string passphrase)
    {
        services.AddQuartzStore(data, passphrase);
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<QuartzHistory>();
        services.AddSingleton<QuartzJobScheduler>();
        services.AddSingleton<IJobScheduler>(provider => provider.GetRequiredService<QuartzJobScheduler>());
        services.AddSingleton<ICronValidator>(provider => provider.GetRequiredService<QuartzJobScheduler>());
        services.AddSingleton(provider => new JobService(
            provider.GetServices<JobKind>(), provider.GetServices<IJobSubjects>(), provider.GetRequiredService<QuartzJobScheduler>(),
            provider.GetRequiredService<QuartzHistory>(), provider.GetRequiredService<RunningJobs>(), provider.GetRequiredService<AuditLog>()));

        // One line per job: it appears on the job page, runs by its schedule, reports its progress and can be stopped.
        services.AddJob<RecurringScan>("Scan", "Looks a source over for files that came, changed or went. Its schedule is the source's own.");
        services.AddJob<IntegrityJob>("Database check", "Looks over the whole database: its pages, its search index and its counters.", "0 30 3 * * ?");
        services.AddJob<RetentionJob>("Clearing up", "Takes away what only tells of the past and is too old: scans, expired sign-ins.", "0 45 3 * * ?");
        services.AddJob<PurgeJob>("Deleting removed sources", "Deletes what the catalogue still holds of sources that were removed more than 30 days ago.", "0 15 2 * * ?");
        services.AddJob<SnapshotJob>("Snapshot", "Writes down how much of everything there is, which is what analytics show.", "0 10 0 * * ?");
        services.AddJob<QualityJob>("Quality", "Looks into films, series, music, books, archives and disc images for what their names do not tell: resolution, codecs, length, tags, what lies in them.", "0 0/10 * * * ?");
        services.AddJob<PicturesJob>("Pictures", "Takes the posters and covers that lie beside films and albums or are kept in them; where a film has none at all, one from the film itself. It only reads.", "0 5/10 * * * ?");
        services.AddJob<RedetectionJob>("Reading names again", "Reads the names of all files again, after an update that reads some of them better. It starts by itself then; sources may be away, and what people set stays.");
        services.AddJob<DuplicatesJob>("Duplicates", "Finds files of the same size with the same beginning, middle and end, and copies that are worse than others of the same work.", "0 40 * * * ?");
        services.AddJob<FullComparisonJob>("Full comparison", "Reads files that may be the same from beginning to end, so many bytes a night. It only reads.", "0 50 1-5 * * ?");
        services.AddJob<EnrichmentJob>("Looking works up", "Asks the metadata providers that are on about works that are new.", "0 0/10 * * * ?");
        services.AddJob<MetadataRefreshJob>("Metadata refresh", "Asks the metadata providers again about works whose record is old. What people set or chose stays.", "0 15 4 * * ?");
        services.AddJob<ImdbImportJob>("IMDb import", "Brings IMDb's data files here from the folder or address that is set under Providers, if one is.", "0 20 5 ? * SUN");

        services.AddSingleton<IJobSubjects, ScanJobSubjects>();
        services.AddHealthCheck<JobsHealthCheck>(
            "jobs", "Jobs on time", "See the jobs: one that runs for very long holds up the others and can be cancelled there. If none runs, restart the program.", (jobs, cancellation) => jobs.CheckAsync(cancellation));
        services.AddSingleton<JobsHealthCheck>();
        services.AddHostedService<RecurringJobs>();
        services.AddHostedService<SourceSchedules>();
        services.AddHostedService<ScanRunTracker>();
        services.AddHostedService<IntegritySchedule>();
        services.AddHostedService<SnapshotSchedule>();
        services.AddPostScanJobs(long.MaxValue, MaxPause, DuplicatesJob.Name);
        services.AddPostScanJobs(MaxNewFiles, MaxEnrichmentPause, EnrichmentJob.Name);     // waits for providers and needs few local resources
        services.AddPostScanJobs(MaxNewFiles, MaxPause, PicturesJob.Name, QualityJob.Name, PicturesJob.Name);     // artwork again: analysed files report theirs
        services.AddEventTriggeredJobs(e => e is SourceLifecycleChanged, TimeSpan.Zero, MaxPause, DuplicatesJob.Name, SnapshotJob.Name, PurgeJob.Name);
        services.AddHostedService<RedetectionSchedule>();
        return services;
    }

    /// <param name="max">The most files that a scan may have added or changed. Larger scans wait for the schedule, to leave the server to its users.</param>
    private static void AddPostScanJobs(this IServiceCollection services, long max, TimeSpan maxPause, params string[] jobs) => services.AddEventTriggeredJobs(
        e => e is ScanProgressed { Scan: var scan } && SnapshotSchedule.HasChanged(scan) && scan.Added + scan.Changed <= max, ScanBatchDelay, maxPause, jobs);

    private static void AddEventTriggeredJobs(this IServiceCollection services, Func<CatalogEvent, bool> isRelevant, TimeSpan batchDelay, TimeSpan maxPause, params string[] jobs) =>
        services.AddSingleton<IHostedService>(provider =>
        {
            var kinds = provider.GetServices<JobKind>().ToDictionary(kind => kind.Name);
            return ActivatorUtilities.CreateInstance<EventTriggeredJobs>(provider, new JobEventTrigger(isRelevant, batchDelay, maxPause, [.. jobs.Select(job => kinds[job])]));
        });
}
