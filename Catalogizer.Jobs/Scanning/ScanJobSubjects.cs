using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>The sources as subjects of the scan job; each source stores its own schedule.</summary>
internal sealed class ScanJobSubjects(SourceService sources, ScanService scans) : IJobSubjects
{
    public string JobName => RecurringScan.Name;

    public async Task<IReadOnlyDictionary<string, JobSubject>> ListAsync(CancellationToken cancellation) =>
        (await sources.StatusAsync(Actor.System, cancellation)).Where(s => !s.Retired)
        .ToDictionary(s => s.Id.ToString(CultureInfo.InvariantCulture), s => new JobSubject($"Scan of {s.Name}", s.Schedule, s.LastScan is { FinishedAt: not null } scan ? ToRun(scan) : null));

    public async Task<Error?> SetScheduleAsync(Actor actor, string argument, string? cron, CancellationToken cancellation) =>
        (await sources.UpdateAsync(actor, long.Parse(argument, CultureInfo.InvariantCulture), new SourceDraft { Schedule = cron ?? "" }, cancellation)).Error;

    public async Task<bool> CancelAsync(Actor actor, string runId, CancellationToken cancellation) =>
        ScanRunTracker.ParseScanId(runId) is { } scan && (await scans.CancelAsync(actor, scan, cancellation)).IsOk;

    /// <summary>Scans start in many ways: manually, after a reported change, when a source can be reached again.</summary>
    private static JobRun ToRun(ScanView scan)
    {
        var startedAt = scan.StartedAt ?? scan.RequestedAt;
        return new JobRun(ScanRunTracker.ToRunId(scan), ScanRunTracker.ToJobId(scan).ToString(), "", ScanRunTracker.ToJobState(scan), startedAt, (scan.FinishedAt - startedAt)?.TotalSeconds, null, scan.Reason, null);
    }
}
