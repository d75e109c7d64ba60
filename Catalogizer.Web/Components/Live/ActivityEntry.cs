using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Live;

/// <summary>An event in one sentence, for the activity feed.</summary>
/// <param name="Key">Entries with the same key replace each other.</param>
/// <param name="Tone">ok, quiet, warning or danger.</param>
public sealed record ActivityEntry(string Key, string Icon, string Tone, string Text, DateTimeOffset At, string Href)
{
    /// <summary>The source of a noteworthy event; null for other events, such as a scan in progress or one without changes.</summary>
    public static long? FindSourceId(CatalogEvent catalogEvent) => catalogEvent switch
    {
        ScanProgressed { Scan: var scan } when IsNoteworthy(scan) => scan.SourceId,
        SourceAlert alert => alert.SourceId,
        _ => null,
    };

    public static ActivityEntry From(ScanView scan, string source)
    {
        var name = DisplayName.From(source);
        var (icon, tone, text) = scan.State switch
        {
            ScanState.Held => ("warning", "warning", $"The scan of {name} is held: {scan.Summarize()}."),
            ScanState.Failed => ("warning", "danger", $"The scan of {name} failed. {DisplayName.From(scan.Reason ?? "")}"),
            ScanState.Cancelled => ("stop", "quiet", $"The scan of {name} was cancelled."),
            _ when !scan.HasChanges => ("present", "quiet", $"{name} was looked over; nothing changed."),
            _ => ("present", "ok", $"{name} was scanned: {scan.Summarize()}."),
        };
        return new ActivityEntry($"scan:{scan.SourceId}", icon, tone, text.TrimEnd(), scan.FinishedAt ?? scan.RequestedAt, scan.State == ScanState.Held ? CatalogUrls.Scan(scan.Id) : CatalogUrls.Files(scan.SourceId));
    }

    public static ActivityEntry From(HealthAlert alert, DateTimeOffset at) => alert.Ok
        ? new ActivityEntry($"health:{alert.Check}", "present", "ok", $"{alert.Title} is in order again.", at, CatalogUrls.Health)
        : new ActivityEntry($"health:{alert.Check}", "warning", "danger", $"{alert.Title} fails a check. {DisplayName.From(alert.Message)}", at, CatalogUrls.Health);

    public static ActivityEntry From(SourceAlert alert, DateTimeOffset at)
    {
        var name = DisplayName.From(alert.Source);
        return alert.IsOffline
            ? new ActivityEntry($"alert:{alert.SourceId}", "cloud-off", "danger", $"{name} went away. {DisplayName.From(alert.Why ?? "")}".TrimEnd(), at, CatalogUrls.Sources)
            : new ActivityEntry($"alert:{alert.SourceId}", "present", "ok", $"{name} came back.", at, CatalogUrls.Sources);
    }

    /// <summary>The start of an outage and, once it is over, its end.</summary>
    public static IEnumerable<ActivityEntry> From(OutageView outage)
    {
        yield return From(new SourceAlert(outage.SourceId, outage.Source, IsOffline: true, outage.Reason), outage.StartedAt) with { Key = $"away:{outage.Id}" };
        if (outage.EndedAt is { } backAt)
        {
            yield return From(new SourceAlert(outage.SourceId, outage.Source, IsOffline: false, null), backAt) with { Key = $"back:{outage.Id}" };
        }
    }

    private static bool IsNoteworthy(ScanView scan) =>
        !scan.IsActive() && (scan.State is not (ScanState.Completed or ScanState.Cancelled) || scan.HasChanges);
}
