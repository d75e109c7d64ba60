using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Catalogizer.Domain.Sources;

/// <summary>A source as a person or a script describes it; the fields of the API's source body.</summary>
public sealed record SourceDraft
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    /// <summary>For local sources: an absolute folder on the machine the program runs on.</summary>
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

    /// <summary>"main", "backup" or "archive"; main unless given.</summary>
    public string? Purpose { get; init; }

    /// <summary>"alwaysOn" or "mostlyOffline"; alwaysOn unless given.</summary>
    public string? Mode { get; init; }

    public bool? Watch { get; init; }

    /// <summary>Cron expression; null leaves it as it is, empty takes it away.</summary>
    public string? Schedule { get; init; }

    /// <summary>What a log or an error may show: not the password, and nothing that says whether there is one.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Name = {Name}, Protocol = {Protocol}, Path = {Path}, Host = {Host}, Share = {Share}, Folder = {Folder}");
        return true;
    }
}

/// <summary>What a test of a source found.</summary>
/// <param name="Code">"ok", "notFound", "denied", "invalid", …; stable for scripts.</param>
/// <param name="Message">One sentence for people, with the way out.</param>
public sealed record SourceTestResult(bool Ok, string Code, string Message)
{
    /// <summary>What to think of before it becomes a source, in one sentence; null when nothing.</summary>
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

/// <summary>How a source is doing.</summary>
/// <param name="Location">Where it is; null for those who may not see that.</param>
/// <param name="State">closed, halfOpen, open or offline.</param>
/// <param name="Watching">live, polled or off.</param>
/// <param name="CheckEvery">How often it is looked over in any case; null where its own schedule does that, or nothing.</param>
/// <param name="CheckedAt">When it was last looked over as a whole since the program runs.</param>
/// <param name="Attempt">Tries to reconnect so far.</param>
/// <param name="Failures">Since it last answered.</param>
/// <param name="LatencyMs">How long the last cheap check took.</param>
/// <param name="WatchLimitation">Why changes do not show at once although they should; null when they do.</param>
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

    /// <summary>The last scan that found something, where <see cref="LastScan"/> is a later one that did not.</summary>
    public ScanView? LastScanWithChanges { get; init; }
}

/// <summary>A scan as pages and scripts see it, running ones with their live counts.</summary>
/// <param name="HeldFolders">Top folders whose files would become missing; empty unless the scan is held.</param>
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
    /// <summary>Path of the file that was added, while the scan is the one of now and has added no other.</summary>
    public string? AddedFile { get; init; }

    /// <summary>Whether files came, changed, moved or are missing.</summary>
    [JsonIgnore]
    public bool HasChanges => Added + Changed + Moved + Missing > 0;
}

/// <summary>A top folder of a held scan.</summary>
/// <param name="Folder">Empty for files that lie in the root itself.</param>
/// <param name="Lost">Files that were there and are not now.</param>
/// <param name="Known">Files that the catalogue knows there.</param>
public sealed record HeldFolder(string Folder, long Lost, long Known);

/// <summary>A share that a file server offers.</summary>
/// <param name="Comment">What its administrator wrote about it; may be empty.</param>
public sealed record NetworkShare(string Name, string Comment);

/// <summary>How much of a source lies at another place, by a sample of its files.</summary>
/// <param name="Known">Files that the catalogue knows on the source.</param>
/// <param name="Checked">How many of them were looked for.</param>
/// <param name="Found">How many of those lie there by the same path, in the same size.</param>
/// <param name="NotFoundPaths">Some of the others.</param>
public sealed record MovePreview(long Known, [property: JsonPropertyName("looked")] int Checked, int Found, [property: JsonPropertyName("notThere")] IReadOnlyList<string> NotFoundPaths);

/// <summary>A folder that can be chosen in the folder picker.</summary>
public sealed record FolderOption(string Name, string Path, bool Readable);

/// <summary>What a folder on this machine holds, for the folder picker.</summary>
/// <param name="Parent">Null at the root.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record FolderListing(string Path, string? Parent, IReadOnlyList<FolderOption> Folders, int Files, string? Problem);

/// <summary>A source as pages and scripts see it; secrets never come back.</summary>
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

    /// <summary>What to think of, told when the source is added or changed; null when nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>How many sources are in which state.</summary>
/// <param name="NotConnected">Those that are offline most of the time, and are now.</param>
/// <param name="NeverConnected">Those that were never asked, of which nothing is known.</param>
public sealed record SourceCounts(int Closed, int HalfOpen, int Open, int Offline, int NotConnected, int NeverConnected = 0);
