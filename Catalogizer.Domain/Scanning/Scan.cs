namespace Catalogizer.Domain.Scanning;

/// <summary>One look at a source. Row of <c>scans</c>.</summary>
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

    /// <summary>Files that this scan made missing or, while it is held, would make missing.</summary>
    public long Missing { get; set; }

    /// <summary>Files whose folder could not be read.</summary>
    public long Unknown { get; set; }

    public long FailedFolders { get; set; }

    /// <summary>Entries passed over by the ignore list, links included.</summary>
    public long Skipped { get; set; }

    /// <summary>Folders passed over by a quick scan because their time has not changed.</summary>
    public long UnchangedFolders { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? RequestedBy { get; set; }

    /// <summary>Why it failed or was held, in one sentence.</summary>
    public string? Reason { get; set; }

    internal Scan Copy() => (Scan)MemberwiseClone();
}

public enum ScanKind
{
    /// <summary>Skips folders whose time has not changed.</summary>
    Quick,

    /// <summary>Lists every folder.</summary>
    Full,
}

public enum ScanState
{
    Queued,
    Running,
    Completed,

    /// <summary>Its losses wait for the admin; everything else it found is saved.</summary>
    Held,
    Failed,
    Cancelled,
}

public enum FileEventKind
{
    /// <summary>Not written: when a file was first seen stands in its own row.</summary>
    Added = 0,
    Changed = 1,
    Missing = 2,
    Returned = 3,
    Unknown = 4,
    Retired = 5,
    Moved = 6,

    /// <summary>Its name is read otherwise than before.</summary>
    Redetected = 7,

    /// <summary>A person said which work it is of.</summary>
    Placed = 8,
}

/// <summary>What the admin says to a held scan.</summary>
public enum DeletionDecision
{
    /// <summary>Keep everything as it was and go on waiting; a later scan replaces this one.</summary>
    Hold,

    /// <summary>The files are gone: mark them missing.</summary>
    Accept,

    /// <summary>The files are given up: mark them retired.</summary>
    Retire,
}

/// <summary>A file that a held scan would make missing. Row of <c>scan_losses</c>.</summary>
public sealed class PendingDeletion
{
    public long ScanId { get; set; }

    public long FileId { get; set; }
}
