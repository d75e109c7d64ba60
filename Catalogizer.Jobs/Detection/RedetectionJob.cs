using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Redetecting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Detection;

/// <summary>Runs detection again on all names in the catalogue.</summary>
public sealed class RedetectionJob(Redetection redetection, SortTitles sortTitles) : IBackgroundJob
{
    public static string Name => "redetection";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await sortTitles.UpdateAsync(cancellation);
        var report = await redetection.RunAsync(null, dryRun: false, progress, cancellation);
        return report.HasChanges
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Files:N0} names were read again: {report.Items:N0} files belong to another work, {report.Types:N0} are of another type, {report.Titles:N0} works have another title, {report.Versions:N0} copies read otherwise, {report.Pinned:N0} files stay where a person had decided.")
            : string.Create(CultureInfo.InvariantCulture, $"{report.Files:N0} names were read again; all say what they said.");
    }
}

/// <summary>Starts redetection at startup if the detector is newer than the one that read the catalogue.</summary>
internal sealed class RedetectionSchedule(Redetection redetection, IJobScheduler jobs, TimeProvider time, ILogger<RedetectionSchedule> logger) : StartupScheduler(time, logger)
{
    protected override async Task ScheduleAsync(CancellationToken cancellation)
    {
        if (await redetection.IsDueAsync(cancellation))
        {
            logger.LogInformation("An older reader read the names in the catalogue; version {Version} reads them again", MediaDetector.Version);
            await jobs.EnqueueAsync<RedetectionJob>("", cancellation);
        }
    }
}
