namespace Catalogizer.Domain.Scanning;

/// <summary>One pass over a source. Row of <c>scans</c>.</summary>
public sealed class Scan
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public ScanKind Kind { get; set; }

    public ScanState State { get; set; }

    public long Listed { get; set; }

    public long Added { get; set; }

    public long Changed { get; set; }

    public long Moved { get; set; }

    /// <summary>Files that this scan marked missing or, while it is held, would mark missing.</summary>
    public long Missing { get; set; }

    /// <summary>Files whose folder could not be read.</summary>
    public long Unknown { get; set; }

    public long FailedFolders { get; set; }

    /// <summary>Entries that were left out: ignored ones, links and devices, and those of a kind that no source may serve.</summary>
    public long Skipped { get; set; }

    /// <summary>Folders that were not listed because their modification time is unchanged.</summary>
    public long UnchangedFolders { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? RequestedBy { get; set; }

    /// <summary>Explains the state in one sentence, such as why the scan failed or is held.</summary>
    public string? Reason { get; set; }

    internal Scan Copy() => (Scan)MemberwiseClone();

    /// <summary>The current time, but never before the scan's start: the clock may have been set back.</summary>
    internal DateTimeOffset GetEndTime(DateTimeOffset now) => now > (StartedAt ?? RequestedAt) ? now : StartedAt ?? RequestedAt;
}

public enum ScanKind
{
    /// <summary>Skips folders whose modification time has not changed.</summary>
    Quick,

    /// <summary>Lists every folder.</summary>
    Full,
}

public enum ScanState
{
    Queued,
    Running,
    Completed,

    /// <summary>Its pending deletions wait for a decision; everything else it found is saved.</summary>
    Held,
    Failed,
    Cancelled,
}

public enum FileEventKind
{
    /// <summary>Never stored: a file's own row has the time it was first seen.</summary>
    Added = 0,
    Changed = 1,
    Missing = 2,
    Returned = 3,
    Unknown = 4,
    Retired = 5,
    Moved = 6,

    /// <summary>Detection gives another result for its name than before.</summary>
    Redetected = 7,

    /// <summary>A user decided which item it belongs to.</summary>
    Placed = 8,
}

/// <summary>A user's decision on a held scan.</summary>
public enum DeletionDecision
{
    /// <summary>Change nothing and stay held; a later scan replaces this one.</summary>
    Hold,

    /// <summary>The files are gone: mark them missing.</summary>
    Accept,

    /// <summary>The files are archived: mark them retired.</summary>
    Retire,
}

/// <summary>A file that a scan did not find and would mark missing. Row of <c>scan_losses</c>.</summary>
public sealed class PendingDeletion
{
    public long ScanId { get; set; }

    public long FileId { get; set; }
}
