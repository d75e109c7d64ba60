using System.Globalization;
using Catalogizer.Domain.Accounts;
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
/// Shows scans that no job began among the runs: those that somebody asked for, that follow a change, or a source that is back.
/// One that nobody asked for and that found nothing leaves no line in the history.
/// </summary>
internal sealed class ScanRuns(EventStreamer events, RunningJobs running, QuartzHistory history, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<ScanRuns> logger) : BackgroundService
{
    private const string Prefix = "scan-";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<long, (IProgress<ProgressUpdate> Progress, string? By)> _followed = [];

    public static JobId JobOf(ScanView scan) => new(RecurringScan.Name, scan.SourceId.ToString(CultureInfo.InvariantCulture));

    public static string RunOf(ScanView scan) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{scan.Id}");

    public static long? ScanOf(string runId) =>
        runId.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(runId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var scan) ? scan : null;

    public static JobState StateOf(ScanView scan) => scan.State switch
    {
        ScanState.Queued => JobState.Queued,
        ScanState.Running => JobState.Running,
        ScanState.Failed => JobState.Failed,
        ScanState.Cancelled => JobState.Cancelled,
        _ => JobState.Succeeded,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(happened => happened is ScanProgressed, isOwn: true);
        await foreach (var batch in subscription.ReadAsync(Pace, stoppingToken))
        {
            foreach (var told in batch.OfType<ScanProgressed>())
            {
                try
                {
                    await FollowAsync(told.Scan, stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    logger.LogError(fault, "A scan could not be shown among the runs");
                }
            }
        }
    }

    private async Task FollowAsync(ScanView scan, CancellationToken cancellation)
    {
        if (!_followed.TryGetValue(scan.Id, out var followed))
        {
            var job = JobOf(scan).ToString();
            if (running.Now.Concat(running.Ended).Any(r => r.Job == job && r.StartedAt <= scan.RequestedAt && (r.DurationSeconds is not { } took || scan.RequestedAt <= r.StartedAt.AddSeconds(took))))
            {
                return;     // a job began it, and tells of it
            }

            var by = await AskedByAsync(scan.Id, cancellation);
            followed = _followed[scan.Id] = (running.Begin(RunOf(scan), JobOf(scan), by ?? "the program itself"), by);
        }

        var state = StateOf(scan);
        if (state is JobState.Queued or JobState.Running)
        {
            followed.Progress.Report(new ProgressUpdate(null, state == JobState.Queued ? scan.Reason ?? "Waiting for its turn" : RecurringScan.Found(scan)));
            return;
        }

        _followed.Remove(scan.Id);
        var told = state == JobState.Failed ? scan.Reason ?? "The scan failed." : $"{scan.State}: {RecurringScan.Found(scan)}. {scan.Reason}".TrimEnd();
        var isNews = followed.By is not null || state != JobState.Succeeded || scan.Added + scan.Changed + scan.Moved + scan.Missing > 0;
        running.End(RunOf(scan), state, told, isNews);
        if (isNews)
        {
            var began = scan.StartedAt ?? scan.RequestedAt;
            await history.AddAsync(new JobRun(
                RunOf(scan), JobOf(scan).ToString(), "", state, began, ((scan.FinishedAt ?? time.GetUtcNow()) - began).TotalSeconds, null, told, followed.By ?? "the program itself"), cancellation);
        }
    }

    private async Task<string?> AskedByAsync(long scan, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var by = await db.Scans.AsNoTracking().Where(s => s.Id == scan).Select(s => s.RequestedBy).SingleOrDefaultAsync(cancellation);
        return by == Actor.System.Name ? null : by;
    }
}
