using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs.Quartz;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Scanning;

/// <summary>
/// Shows scans that no job started among the runs: those that a user requested, and those that follow a change or the return of a source.
/// An automatic scan that found nothing leaves no entry in the history.
/// </summary>
internal sealed class ScanRunTracker(EventStreamer events, RunningJobs running, QuartzHistory history, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<ScanRunTracker> logger) : BackgroundService
{
    private const string RunIdPrefix = "scan-";
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<long, (IProgress<ProgressUpdate> Progress, string? By)> _tracked = [];

    public static JobId ToJobId(ScanView scan) => new(RecurringScan.Name, scan.SourceId.ToString(CultureInfo.InvariantCulture));

    public static string ToRunId(ScanView scan) => string.Create(CultureInfo.InvariantCulture, $"{RunIdPrefix}{scan.Id}");

    public static long? ParseScanId(string runId) =>
        runId.StartsWith(RunIdPrefix, StringComparison.Ordinal) && long.TryParse(runId.AsSpan(RunIdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var scan) ? scan : null;

    public static JobState ToJobState(ScanView scan) => scan.State switch
    {
        ScanState.Queued => JobState.Queued,
        ScanState.Running => JobState.Running,
        ScanState.Failed => JobState.Failed,
        ScanState.Cancelled => JobState.Cancelled,
        _ => JobState.Succeeded,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(catalogEvent => catalogEvent is ScanProgressed, isInternal: true);
        await foreach (var batch in subscription.ReadAsync(UpdateInterval, stoppingToken))
        {
            foreach (var progressed in batch.OfType<ScanProgressed>())
            {
                try
                {
                    await TrackAsync(progressed.Scan, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.LogError(exception, "A scan could not be shown among the runs");
                }
            }
        }
    }

    private async Task TrackAsync(ScanView scan, CancellationToken cancellation)
    {
        if (!_tracked.TryGetValue(scan.Id, out var tracked))
        {
            var job = ToJobId(scan).ToString();
            if (running.Current.Concat(running.RecentlyEnded).Any(r => r.Job == job && r.StartedAt <= scan.RequestedAt && (r.DurationSeconds is not { } elapsed || scan.RequestedAt <= r.StartedAt.AddSeconds(elapsed))))
            {
                return;     // started by a job, which reports it
            }

            var requestedBy = await FindRequesterAsync(scan.Id, cancellation);
            tracked = _tracked[scan.Id] = (running.Begin(ToRunId(scan), ToJobId(scan), requestedBy ?? "the program itself"), requestedBy);
        }

        var state = ToJobState(scan);
        if (state is JobState.Queued or JobState.Running)
        {
            tracked.Progress.Report(new ProgressUpdate(null, state == JobState.Queued ? scan.Reason ?? "Waiting for its turn" : RecurringScan.DescribeCounts(scan)));
            return;
        }

        _tracked.Remove(scan.Id);
        var message = state == JobState.Failed ? scan.Reason ?? "The scan failed." : $"{scan.State}: {RecurringScan.DescribeCounts(scan)}. {scan.Reason}".TrimEnd();
        var hasChanges = tracked.By is not null || state != JobState.Succeeded || scan.Added + scan.Changed + scan.Moved + scan.Missing > 0;
        running.End(ToRunId(scan), state, message, hasChanges);
        if (hasChanges)
        {
            var startedAt = scan.StartedAt ?? scan.RequestedAt;
            await history.AddAsync(new JobRun(
                ToRunId(scan), ToJobId(scan).ToString(), "", state, startedAt, ((scan.FinishedAt ?? time.GetUtcNow()) - startedAt).TotalSeconds, null, message, tracked.By ?? "the program itself"), cancellation);
        }
    }

    private async Task<string?> FindRequesterAsync(long scan, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var requestedBy = await db.Scans.AsNoTracking().Where(s => s.Id == scan).Select(s => s.RequestedBy).SingleOrDefaultAsync(cancellation);
        return requestedBy == Actor.System.Name ? null : requestedBy;
    }
}
