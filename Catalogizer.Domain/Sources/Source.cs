namespace Catalogizer.Domain.Sources;

/// <summary>A place files lie. Its id is its identity; name, path, host and share are fields that can change.</summary>
public sealed class Source
{
    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>"local", "smb", …; one of the registered connectors.</summary>
    public required string Protocol { get; set; }

    /// <summary>The folder on this machine, for local sources; null for the others.</summary>
    public string? Path { get; set; }

    public SourcePurpose Purpose { get; set; }

    public SourceMode Mode { get; set; }

    /// <summary>Whether changes are to be noticed as they happen, where the source can tell.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>When it is scanned by itself, as a cron expression in local time; null: only when asked.</summary>
    public string? Schedule { get; set; }

    public SourceAvailability Availability { get; set; }

    /// <summary>Whether what is on it counts. Written with everything that follows from it, in one transaction.</summary>
    public SourceLifecycle Standing { get; set; }

    /// <summary>Whether scans, watches and connection checks are stopped.</summary>
    public bool IsPaused { get; set; }

    /// <summary>When it was removed from the catalogue; null unless it was.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>Whether its rows are being purged: from then on it cannot be brought back.</summary>
    public bool IsPurging { get; set; }

    /// <summary>Since when <see cref="Availability"/> is what it is.</summary>
    public DateTimeOffset Since { get; set; }

    public DateTimeOffset? LastConnectedAt { get; set; }

    /// <summary>The last fault in plain words; null after a success.</summary>
    public string? LastError { get; set; }

    public long? FreeBytes { get; set; }

    public long? TotalBytes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public SmbSource? Smb { get; set; }
}

/// <summary>The SMB connection of a source, one to one with it.</summary>
public sealed class SmbSource
{
    public long SourceId { get; set; }

    public required string Host { get; set; }

    /// <summary>1 to 65535; 445 unless the server listens elsewhere.</summary>
    public int Port { get; set; } = 445;

    public required string Share { get; set; }

    /// <summary>The folder inside the share, with '/'; empty for the whole share.</summary>
    public string Folder { get; set; } = "";

    public string? Domain { get; set; }

    public string? UserName { get; set; }

    /// <summary>The password, sealed with Data Protection; never leaves the domain.</summary>
    public string? SealedPassword { get; set; }

    public SmbEncryption Encryption { get; set; } = SmbEncryption.IfOffered;
}

public enum SmbEncryption
{
    Off,
    IfOffered,
    Required,
}

/// <summary>What a source is for; filters, duplicate rules and risk reports use it.</summary>
public enum SourcePurpose
{
    Main,
    Backup,
    Archive,
}

/// <summary>Whether being away is a fault (always on) or its nature (a disk in a drawer).</summary>
public enum SourceMode
{
    AlwaysOn,
    MostlyOffline,
}

/// <summary>
/// Whether what is on a source counts. An item counts as well as the best of the sources that it is on: its copies on worse
/// ones are in no count of it and never its best copy.
/// </summary>
public enum SourceLifecycle
{
    Counted = 0,

    /// <summary>Archived: shown when asked for.</summary>
    Archived = 1,

    /// <summary>Removed: never shown, until it is brought back or its rows are purged.</summary>
    Removed = 2,
}

/// <summary>What a source's files are worth as evidence right now. Kept on the source, so an outage touches one row.</summary>
public enum SourceAvailability
{
    /// <summary>It answered when last asked: its files are what they were found to be.</summary>
    Reachable = 0,

    /// <summary>It did not answer: what was present is unknown.</summary>
    Unreachable = 1,

    /// <summary>Given up by the admin: everything on it is retired, and stays in the catalogue.</summary>
    Retired = 2,
}
