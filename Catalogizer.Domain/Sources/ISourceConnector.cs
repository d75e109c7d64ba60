namespace Catalogizer.Domain.Sources;

/// <summary>A protocol for reaching sources.</summary>
public interface ISourceProtocol
{
    /// <summary>The protocol's name in a source's description: "local", "smb".</summary>
    string Name { get; }

    /// <summary>The errors of a description, field by field; empty when it can be used to connect.</summary>
    IEnumerable<Common.Error> Validate(SourceDraft draft);

    /// <summary>Copies the protocol's own fields of a valid description to the source; fields that the description omits stay unchanged.</summary>
    void Apply(SourceDraft draft, Source source);

    /// <summary>Creates a connector; nothing is contacted before its first call.</summary>
    ISourceConnector Connect(Source source);

    /// <summary>
    /// Checks cheaply whether the source answers; where the protocol allows it, without logging in and without waking a disk.
    /// </summary>
    /// <exception cref="SourceException">The source does not answer.</exception>
    async ValueTask ProbeAsync(Source source, CancellationToken cancellation)
    {
        await using var connector = Connect(source);
        await connector.GetModifiedAtAsync("", cancellation);
    }

    /// <summary>The location as shown to users: a folder, or \\host\share\folder.</summary>
    string GetLocation(Source source);

    /// <summary>A warning to show before the location becomes a source, in one sentence; null when there is none.</summary>
    string? GetWarning(Source source) => null;

    /// <summary>Lists a folder of this server for the folder picker; null for protocols whose sources are not on this server.</summary>
    /// <param name="path">Absolute; anything else starts at the root.</param>
    FolderListing? Browse(string? path) => null;

    /// <summary>
    /// Checks whether a server of this protocol answers at the location, before anything else is tried there. The error is the same whether
    /// nothing or another service listens on the port, so that testing a source cannot be used to scan the network for open ports.
    /// </summary>
    /// <exception cref="SourceException">No server of this protocol answers.</exception>
    ValueTask ProbeServerAsync(Source source, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>The shares that the source's server offers to its user; the source's own share need not be set. Null for protocols without shares.</summary>
    /// <exception cref="SourceException">The server could not be reached, or does not list its shares.</exception>
    Task<IReadOnlyList<NetworkShare>>? ListSharesAsync(Source source, CancellationToken cancellation) => null;

    /// <summary>Watches the folders of a source for changes; null for protocols that cannot.</summary>
    /// <param name="isIgnored">Whether a file or folder name is to be ignored.</param>
    /// <returns>
    /// The first update arrives when the watch is established: every later change is reported, or covered by an overflow. The sequence ends
    /// after an overflow, and throws when the source becomes unreachable; the caller then starts a new watch and rescans everything.
    /// </returns>
    IAsyncEnumerable<WatchUpdate>? Watch(Source source, Func<string, bool> isIgnored) => null;
}

/// <summary>Changes reported by a watch.</summary>
/// <param name="Changed">Folders in which something changed; they may have been deleted since.</param>
/// <param name="Overflowed">Changes were lost: anything may have changed.</param>
/// <param name="Limitation">Why not all changes are reported, in one sentence for users; null when they are.</param>
public sealed record WatchUpdate(IReadOnlyCollection<ChangedFolder> Changed, bool Overflowed, string? Limitation);

/// <summary>A folder in which something changed.</summary>
/// <param name="IncludesSubfolders">The folder was created or moved here, so everything below it counts as changed.</param>
public readonly record struct ChangedFolder(string Path, bool IncludesSubfolders);

/// <summary>
/// Reads one source. Connectors are read-only, confine each path to their source, and report failures as
/// <see cref="SourceException"/>. Paths are relative to the source and separated by '/'; empty for the root.
/// </summary>
public interface ISourceConnector : IAsyncDisposable
{
    /// <summary>Whether listings contain the modification times of subfolders, which saves one call for each.</summary>
    bool ListsFolderTimes => false;

    /// <summary>Lists a folder completely or throws: a partial listing is never returned.</summary>
    /// <exception cref="SourceException">The folder or the source could not be read.</exception>
    ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation);

    /// <summary>The folder's own modification time, in Unix milliseconds.</summary>
    /// <exception cref="SourceException">The folder or the source could not be read.</exception>
    ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation);

    /// <summary>Opens a file for reading; the stream is seekable.</summary>
    /// <exception cref="SourceException">The file or the source could not be read.</exception>
    ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation);

    /// <summary>Free and total bytes; null when the source does not report them.</summary>
    /// <exception cref="SourceException">The source could not be read.</exception>
    ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation);
}

/// <summary>A complete listing of one folder.</summary>
/// <param name="ModifiedAt">The folder's own modification time when the listing began, in Unix milliseconds.</param>
/// <param name="Unlisted">Number of entries left out: neither files nor folders (links, devices), or of a kind that no source may serve.</param>
public sealed record FolderContent(long ModifiedAt, IReadOnlyList<SourceEntry> Entries, int Unlisted);

/// <summary>A file or folder on a source.</summary>
/// <param name="ModifiedAt">Unix milliseconds; 0 for folders when the connector's listings do not contain folder times.</param>
/// <param name="SystemId">The entry's number in its file system (inode); null when it has none.</param>
public readonly record struct SourceEntry(string Name, bool IsFolder, long Size, long ModifiedAt, long? SystemId);

public sealed record SourceSpace(long FreeBytes, long TotalBytes);

/// <summary>The kind of a source's failure.</summary>
public enum SourceErrorKind
{
    /// <summary>Nothing answers, or the connection broke. May be temporary.</summary>
    Unreachable,

    /// <summary>The source answers, but the file or folder does not exist.</summary>
    NotFound,

    /// <summary>The source answers and refuses access.</summary>
    Denied,

    /// <summary>Catalogizer refuses to read it: its own data, a folder outside the allowed roots, or an archived source.</summary>
    Forbidden,

    /// <summary>The call exceeded its time limit.</summary>
    TimedOut,
}

/// <summary>A source could not be read. The message is one sentence for users.</summary>
public sealed class SourceException(SourceErrorKind kind, string message, Exception? inner = null) : IOException(message, inner)
{
    public SourceErrorKind Kind { get; } = kind;

    /// <summary>A more specific error code for scripts than the kind; null when the kind is specific enough.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the whole source is affected, not one folder or file.</summary>
    public bool IsSourceWide { get; internal set; }
}
