using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Catalogizer.Domain.Sources;

/// <summary>A source as described by a user or a script; the fields of the API's source body.</summary>
public sealed record SourceDraft
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    /// <summary>For local sources: an absolute folder on this server.</summary>
    public string? Path { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    public string? Share { get; init; }

    public string? Folder { get; init; }

    public string? Domain { get; init; }

    public string? Username { get; init; }

    /// <summary>Write-only.</summary>
    public string? Password { get; init; }

    /// <summary>"off", "ifOffered" or "required".</summary>
    public string? Encryption { get; init; }

    /// <summary>"main", "backup" or "archive". Default: "main".</summary>
    public string? Purpose { get; init; }

    /// <summary>"alwaysOn" or "mostlyOffline". Default: "alwaysOn".</summary>
    public string? Mode { get; init; }

    public bool? Watch { get; init; }

    /// <summary>Cron expression; null leaves the schedule unchanged, empty removes it.</summary>
    public string? Schedule { get; init; }

    /// <summary>Limits ToString to what logs and errors may show: not the password, nor whether there is one.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Name = {Name}, Protocol = {Protocol}, Path = {Path}, Host = {Host}, Share = {Share}, Folder = {Folder}");
        return true;
    }
}

/// <summary>The result of testing a source.</summary>
/// <param name="Code">"ok", "notFound", "denied", "invalid", …; stable for scripts.</param>
/// <param name="Message">One sentence for users, with what to do.</param>
public sealed record SourceTestResult(bool Ok, string Code, string Message)
{
    /// <summary>A warning to show before the location becomes a source, in one sentence; null when there is none.</summary>
    public string? Warning { get; init; }

    internal static SourceTestResult From(FolderContent content)
    {
        var folders = content.Entries.Count(e => e.IsFolder);
        return content.Entries.Count == 0
            ? new SourceTestResult(true, "empty", "It can be read, and it is empty: is the disk mounted?")
            : new SourceTestResult(true, "ok", string.Create(CultureInfo.InvariantCulture, $"It can be read: {folders} folders and {content.Entries.Count - folders} files at the top."));
    }

    internal static SourceTestResult From(SourceException exception) => new(false, SourceErrors.GetCode(exception), exception.Message);
}

/// <summary>The state of a source.</summary>
/// <param name="Location">Null for users who may not see locations.</param>
/// <param name="State">closed, halfOpen, open or offline.</param>
/// <param name="Watching">live, polled or off.</param>
/// <param name="CheckEvery">Interval of the regular scans; null when the source has its own schedule, or is not scanned regularly.</param>
/// <param name="CheckedAt">When the whole source was last scanned since Catalogizer started; null when it was not.</param>
/// <param name="Attempt">Number of attempts to reconnect so far.</param>
/// <param name="Failures">Number of failures since the last success.</param>
/// <param name="LatencyMs">Duration of the last successful check, in milliseconds.</param>
/// <param name="WatchLimitation">Why changes are not noticed at once although they are watched for; null when they are.</param>
public sealed record SourceStatus(
    long Id,
    string Name,
    string Protocol,
    string? Location,
    SourcePurpose Purpose,
    string State,
    DateTimeOffset Since,
    DateTimeOffset? LastConnectedAt,
    string? LastError,
    int Attempt,
    DateTimeOffset? NextAttemptAt,
    string Watching,
    TimeSpan? CheckEvery,
    DateTimeOffset? CheckedAt,
    string? WatchLimitation,
    bool Retired,
    long PresentFiles,
    long UnknownFiles,
    long MissingFiles,
    long RetiredFiles,
    long Bytes,
    long? FreeBytes,
    long? TotalBytes,
    string? Schedule,
    ScanView? LastScan,
    int Failures = 0,
    double? LatencyMs = null)
{
    public SourceMode Mode { get; init; }

    public bool Paused { get; init; }

    /// <summary>The last scan that found changes, if <see cref="LastScan"/> is a later one that found none.</summary>
    public ScanView? LastScanWithChanges { get; init; }
}

/// <summary>A scan as shown on pages and in the API; running scans have live counts.</summary>
/// <param name="HeldFolders">Top-level folders whose files would become missing; empty unless the scan is held.</param>
public sealed record ScanView(
    long Id,
    long SourceId,
    Scanning.ScanKind Kind,
    Scanning.ScanState State,
    long Listed,
    long Added,
    long Changed,
    long Moved,
    long Missing,
    long Unknown,
    long FailedFolders,
    long Skipped,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? Reason,
    string? CurrentFolder,
    IReadOnlyList<HeldFolder> HeldFolders)
{
    /// <summary>Path of the added file in the live view of a scan that has added exactly one; else null.</summary>
    public string? AddedFile { get; init; }

    /// <summary>Whether files were added, changed, moved or not found.</summary>
    [JsonIgnore]
    public bool HasChanges => Added + Changed + Moved + Missing > 0;
}

/// <summary>A top-level folder of a held scan.</summary>
/// <param name="Folder">Empty for files directly in the root.</param>
/// <param name="Lost">Number of files that were present and are not found now.</param>
/// <param name="Known">Number of files that the catalogue has there.</param>
public sealed record HeldFolder(string Folder, long Lost, long Known);

/// <summary>A share that a file server offers.</summary>
/// <param name="Comment">The server administrator's comment; may be empty.</param>
public sealed record NetworkShare(string Name, string Comment);

/// <summary>How much of a source was found at a new location, by a sample of its files.</summary>
/// <param name="Known">Number of files that the catalogue has on the source.</param>
/// <param name="Checked">Number of files in the sample.</param>
/// <param name="Found">Number of sampled files found there with the same path and size.</param>
/// <param name="NotFoundPaths">Some of the sampled files that were not found.</param>
public sealed record MovePreview(long Known, [property: JsonPropertyName("looked")] int Checked, int Found, [property: JsonPropertyName("notThere")] IReadOnlyList<string> NotFoundPaths);

/// <summary>A folder that can be selected in the folder picker.</summary>
public sealed record FolderOption(string Name, string Path, bool Readable);

/// <summary>The contents of a folder, for the folder picker.</summary>
/// <param name="Parent">Null at the root.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record FolderListing(string Path, string? Parent, IReadOnlyList<FolderOption> Folders, int Files, string? Problem);

/// <summary>A source as shown on pages and in the API; never contains secrets.</summary>
public sealed record SourceView(
    long Id,
    string Name,
    string Protocol,
    string? Path,
    string? Host,
    int? Port,
    string? Share,
    string? Folder,
    string? Domain,
    string? Username,
    string? Encryption,
    SourcePurpose Purpose,
    SourceMode Mode,
    bool Watch,
    string? Schedule,
    bool Retired)
{
    /// <summary>Whether scans, watches and connection checks are stopped.</summary>
    public bool Paused { get; init; }

    /// <summary>A warning returned when the source is added or changed; null when there is none.</summary>
    public string? Warning { get; init; }
}

/// <summary>Number of sources by state.</summary>
/// <param name="NotConnected">Mostly offline sources that are not connected now.</param>
/// <param name="NeverConnected">Sources that were never connected, so that their state is unknown.</param>
public sealed record SourceCounts(int Closed, int HalfOpen, int Open, int Offline, int NotConnected, int NeverConnected = 0);
