namespace Catalogizer.Domain.Sources;

/// <summary>A folder or share whose files are catalogued. Identified by its id; name, path, host and share can change.</summary>
public sealed class Source
{
    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>"local", "smb", …: the name of a registered protocol.</summary>
    public required string Protocol { get; set; }

    /// <summary>The folder on this server, for local sources; null for the others.</summary>
    public string? Path { get; set; }

    public SourcePurpose Purpose { get; set; }

    public SourceMode Mode { get; set; }

    /// <summary>Whether to watch the source for changes, where its protocol can.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>When to scan the source, as a cron expression in local time; null for manual scans only.</summary>
    public string? Schedule { get; set; }

    public SourceAvailability Availability { get; set; }

    /// <summary>Whether the source's items are shown and counted. Saved in one transaction with everything that follows from it.</summary>
    public SourceLifecycle Standing { get; set; }

    /// <summary>Whether scans, watches and connection checks are stopped.</summary>
    public bool IsPaused { get; set; }

    /// <summary>When the source was removed from the catalogue; null if it was not.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>Whether its rows are being purged; if so, it cannot be restored.</summary>
    public bool IsPurging { get; set; }

    /// <summary>When <see cref="Availability"/> last changed.</summary>
    public DateTimeOffset Since { get; set; }

    public DateTimeOffset? LastConnectedAt { get; set; }

    /// <summary>The last error as a message for users; null after a success.</summary>
    public string? LastError { get; set; }

    public long? FreeBytes { get; set; }

    public long? TotalBytes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public SmbSource? Smb { get; set; }
}

/// <summary>The SMB connection of a source, one per source.</summary>
public sealed class SmbSource
{
    public long SourceId { get; set; }

    public required string Host { get; set; }

    /// <summary>1 to 65535. Default: 445.</summary>
    public int Port { get; set; } = 445;

    public required string Share { get; set; }

    /// <summary>The folder inside the share, separated by '/'; empty for the whole share.</summary>
    public string Folder { get; set; } = "";

    public string? Domain { get; set; }

    public string? UserName { get; set; }

    /// <summary>The password, encrypted with Data Protection; never leaves the domain. Null when there is none.</summary>
    public string? SealedPassword { get; set; }

    public SmbEncryption Encryption { get; set; } = SmbEncryption.IfOffered;
}

public enum SmbEncryption
{
    Off,
    IfOffered,
    Required,
}

/// <summary>What a source is for; used by filters, duplicate rules and risk reports.</summary>
public enum SourcePurpose
{
    Main,
    Backup,
    Archive,
}

/// <summary>Whether an outage is a problem (always on) or expected (mostly offline, such as a removable disk).</summary>
public enum SourceMode
{
    AlwaysOn,
    MostlyOffline,
}

/// <summary>
/// Whether a source's items are shown and counted. An item has the best lifecycle of the sources it is on; its versions on sources with
/// a worse one are left out of its counts and are never its best version.
/// </summary>
public enum SourceLifecycle
{
    Counted = 0,

    /// <summary>Archived: shown only on request.</summary>
    Archived = 1,

    /// <summary>Removed: never shown, until it is restored or its rows are purged.</summary>
    Removed = 2,
}

/// <summary>How reliable the stored presence of a source's files is now. Stored on the source, so that an outage updates a single row.</summary>
public enum SourceAvailability
{
    /// <summary>The source answered when last contacted: its files have the presence that was last found.</summary>
    Reachable = 0,

    /// <summary>The source did not answer when last contacted: files that were present count as unknown.</summary>
    Unreachable = 1,

    /// <summary>Archived by a user: all its files are retired, and stay in the catalogue.</summary>
    Retired = 2,
}
