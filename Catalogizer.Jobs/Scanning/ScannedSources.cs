using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>The sources that recurring scans are about; their schedules are the sources' own.</summary>
internal sealed class ScannedSources(SourceService sources) : IJobSubjects
{
    public string Job => RecurringScan.Name;

    public async Task<IReadOnlyDictionary<string, JobSubject>> ListAsync(CancellationToken cancellation) =>
        (await sources.StatusAsync(Actor.System, cancellation)).Where(s => !s.Retired)
        .ToDictionary(s => s.Id.ToString(CultureInfo.InvariantCulture), s => new JobSubject($"Scan of {s.Name}", s.Schedule, s.LastScan is { FinishedAt: not null } scan ? Run(scan) : null));

    public async Task<Error?> SetScheduleAsync(Actor actor, string argument, string? cron, CancellationToken cancellation) =>
        (await sources.UpdateAsync(actor, long.Parse(argument, CultureInfo.InvariantCulture), new SourceDraft { Schedule = cron ?? "" }, cancellation)).Error;

    /// <summary>Scans are begun in many ways: by hand, by a change that was seen, when a source is back.</summary>
    private static JobRun Run(ScanView scan)
    {
        var (began, state) = (scan.StartedAt ?? scan.RequestedAt, scan.State switch
        {
            ScanState.Failed => JobState.Failed,
            ScanState.Cancelled => JobState.Cancelled,
            _ => JobState.Succeeded,
        });
        var id = new JobId(RecurringScan.Name, scan.SourceId.ToString(CultureInfo.InvariantCulture)).ToString();
        return new JobRun(string.Create(CultureInfo.InvariantCulture, $"scan-{scan.Id}"), id, "", state, began, (scan.FinishedAt - began)?.TotalSeconds, null, scan.Reason, null);
    }
}
