using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Web.Components.Sources;

/// <summary>Display texts for sources and scans.</summary>
internal static class SourceLabels
{
    /// <summary>Label, icon, tone and hint of a connection state. Being offline is normal for a mostly offline source and not shown as a problem.</summary>
    public static (string Word, string Icon, string Tone, string Hint) ToDisplay(this SourceStatus source) => source switch
    {
        { Retired: true } => ("archived", "archive", "quiet", "Not scanned. What only this source has is hidden unless asked for."),
        { Paused: true } => ("paused", "pause", "quiet", "Scans, watching and connection checks are stopped."),
        { State: "closed", LastConnectedAt: null } => ("not asked yet", "clock", "quiet", "It is asked for the first time when it is scanned."),
        { State: "closed", Failures: > 0 } => ("connected", "present", "warning", "It is connected, but the last call failed. It counts as interrupted when more do."),
        { State: "closed" } => ("connected", "present", "ok", "It answered when last asked."),
        { Mode: SourceMode.MostlyOffline } => ("put away", "archive", "quiet", "It is offline most of the time. Everything on it stays browsable."),
        { State: "halfOpen" } => ("testing", "pulse", "warning", "It is being asked whether it answers again."),
        { State: "open", NextAttemptAt: null } => ("interrupted", "pause", "danger", "It refuses what it is asked with. It is asked again when its settings are put right, or on Retry now."),
        { State: "open" } => ("interrupted", "pause", "danger", "It did not answer. It is asked again by itself."),
        _ => ("offline", "cloud-off", "quiet", "It has not answered for long. Everything on it stays browsable."),
    };

    public static bool IsUnreachable(this SourceStatus source) => source is { Retired: false, Paused: false } && source.State != "closed";

    /// <summary>How changes on a source are detected, in a sentence.</summary>
    public static string WatchHint(this SourceStatus source) => source switch
    {
        { Watching: "live", CheckEvery: { } every } => $"Changes show by themselves. It is looked over {FormatInterval(every)} besides.",
        { Watching: "live" } => "Changes show by themselves.",
        _ => "Changes show when it is looked over, and some of them at once.",
    };

    /// <summary>"every 15 minutes", "every hour".</summary>
    public static string FormatInterval(TimeSpan span)
    {
        var text = Ui.RelativeTime.FormatDuration(span);
        return "every " + (text.StartsWith("1 ", StringComparison.Ordinal) ? text[2..] : text);
    }

    public static string Label(this SourcePurpose purpose) => purpose switch
    {
        SourcePurpose.Backup => "Backup",
        SourcePurpose.Archive => "Archive",
        _ => "Main",
    };

    public static string Label(this ScanState state) => state switch
    {
        ScanState.Queued => "waiting",
        ScanState.Running => "running",
        ScanState.Completed => "done",
        ScanState.Held => "held",
        ScanState.Failed => "failed",
        _ => "cancelled",
    };

    public static bool IsActive(this ScanView scan) => scan.State is ScanState.Queued or ScanState.Running;

    /// <summary>What a scan found, on one line.</summary>
    public static string Summarize(this ScanView scan)
    {
        // A quick scan skips what has not changed, so its number of files says little.
        var parts = new List<string>();
        if (scan.Kind == ScanKind.Full || scan.State != ScanState.Completed)
        {
            parts.Add(Library.MediaLabels.FormatCount(scan.Listed, "file") + " seen");
        }

        void AddCount(long count, string label)
        {
            if (count > 0)
            {
                parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {label}"));
            }
        }

        AddCount(scan.Added, "new");
        if (scan.AddedFile is { } added)
        {
            parts[^1] += $": {Ui.DisplayName.From(added)}";
        }

        AddCount(scan.Changed, "changed");
        AddCount(scan.Moved, "moved");
        AddCount(scan.Missing, scan.State == ScanState.Held ? "held" : "missing");
        AddCount(scan.FailedFolders, scan.FailedFolders == 1 ? "folder unreadable" : "folders unreadable");
        AddCount(scan.Skipped, "passed over");
        return parts.Count == 0 ? "Nothing changed" : string.Join(" · ", parts);
    }
}
