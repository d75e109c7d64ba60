namespace Catalogizer.Domain.Sources;

/// <summary>A protocol that sources can be reached by.</summary>
public interface ISourceProtocol
{
    /// <summary>The word in a source's description: "local", "smb".</summary>
    string Name { get; }

    /// <summary>What is wrong with a description, field by field; empty when it can be tried.</summary>
    IEnumerable<Common.Error> Validate(SourceDraft draft);

    /// <summary>Carries the protocol's own fields of a valid description over; what it leaves out stays.</summary>
    void Apply(SourceDraft draft, Source source);

    /// <summary>Makes the connection lazily; nothing is contacted yet.</summary>
    ISourceConnector Connect(Source source);

    /// <summary>
    /// Asks cheaply whether the source answers; where that says as much, without a login and without waking a disk.
    /// </summary>
    /// <exception cref="SourceException">It does not.</exception>
    async ValueTask ProbeAsync(Source source, CancellationToken cancellation)
    {
        await using var connector = Connect(source);
        await connector.GetModifiedAtAsync("", cancellation);
    }

    /// <summary>The place in words people read: a folder, or \\host\share\folder.</summary>
    string GetLocation(Source source);

    /// <summary>What people should know before the place becomes a source, in one sentence; null when nothing.</summary>
    string? GetWarning(Source source) => null;

    /// <summary>The folders of a folder of this server, to choose from; null where places are not on this server.</summary>
    /// <param name="path">Absolute; anything else starts at the root.</param>
    FolderListing? Browse(string? path) => null;

    /// <summary>
    /// Asks before anything is tried whether such a server answers there at all. Whatever else listens on a port, or does not, the
    /// answer is the same: a trial is no way to find out.
    /// </summary>
    /// <exception cref="SourceException">None does.</exception>
    ValueTask ProbeServerAsync(Source source, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>The shares that a source's server offers to its user; the source's own share need not be named. Null where servers offer none.</summary>
    /// <exception cref="SourceException">The server could not be asked, or does not tell.</exception>
    Task<IReadOnlyList<NetworkShare>>? ListSharesAsync(Source source, CancellationToken cancellation) => null;

    /// <summary>Watches the folders of a source for changes; null where the protocol cannot.</summary>
    /// <param name="isIgnored">Names of files and folders that are of no interest.</param>
    /// <returns>
    /// The first news comes when the watch stands: what happens from then on is told, here or by losing track. It ends
    /// after losing track, and faults when the source goes away; whoever wants more watches anew and looks at everything.
    /// </returns>
    IAsyncEnumerable<WatchUpdate>? Watch(Source source, Func<string, bool> isIgnored) => null;
}

/// <summary>What a watch tells.</summary>
/// <param name="Changed">Folders in which something changed; a folder may be named that is gone by now.</param>
/// <param name="Overflowed">More happened than could be told: anything may have changed.</param>
/// <param name="Limitation">Why not everything that happens is told, in one sentence for people; null while it is.</param>
public sealed record WatchUpdate(IReadOnlyCollection<ChangedFolder> Changed, bool Overflowed, string? Limitation);

/// <summary>A folder in which something changed.</summary>
/// <param name="IncludesSubfolders">It came to where it is, with whatever lies below it.</param>
public readonly record struct ChangedFolder(string Path, bool IncludesSubfolders);

/// <summary>
/// Reads one source. Every connector is read-only, confines each path to its source, and tells trouble by
/// <see cref="SourceException"/>. Paths are relative, with '/', and empty for the root.
/// </summary>
public interface ISourceConnector : IAsyncDisposable
{
    /// <summary>Whether a listing tells the times of the folders in it, so that none of them needs to be asked for its own.</summary>
    bool ListsFolderTimes => false;

    /// <summary>Lists a folder completely, or faults: half a listing is never an answer.</summary>
    /// <exception cref="SourceException">The folder or the source could not be read.</exception>
    ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation);

    /// <summary>The folder's own time, in Unix milliseconds.</summary>
    /// <exception cref="SourceException">The folder or the source could not be read.</exception>
    ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation);

    /// <summary>Opens a file for reading at any position; the stream seeks.</summary>
    /// <exception cref="SourceException">The file or the source could not be read.</exception>
    ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation);

    /// <summary>Free and total bytes; null where the source cannot tell.</summary>
    /// <exception cref="SourceException">The source could not be asked.</exception>
    ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation);
}

/// <summary>A complete listing of one folder.</summary>
/// <param name="ModifiedAt">The folder's own time when the listing began, in Unix milliseconds.</param>
/// <param name="Unlisted">Entries that were left out: neither files nor folders (links, devices), or of a kind that no source may serve.</param>
public sealed record FolderContent(long ModifiedAt, IReadOnlyList<SourceEntry> Entries, int Unlisted);

/// <summary>A file or folder on a source.</summary>
/// <param name="ModifiedAt">Unix milliseconds; 0 for folders of connectors that do not list their times.</param>
/// <param name="SystemId">The entry's number on its system (inode) where it has one.</param>
public readonly record struct SourceEntry(string Name, bool IsFolder, long Size, long ModifiedAt, long? SystemId);

public sealed record SourceSpace(long FreeBytes, long TotalBytes);

/// <summary>What kind of trouble a source gave.</summary>
public enum SourceErrorKind
{
    /// <summary>Nothing answers, or the connection broke: may pass by itself.</summary>
    Unreachable,

    /// <summary>The source answers, and what was asked for is not there.</summary>
    NotFound,

    /// <summary>The source answers and refuses.</summary>
    Denied,

    /// <summary>The program does not read it, whatever the source says: its own data, what the settings leave out, or an archived source.</summary>
    Forbidden,

    /// <summary>It took longer than the time limit.</summary>
    TimedOut,
}

/// <summary>A source could not be read. The message is one sentence for people.</summary>
public sealed class SourceException(SourceErrorKind kind, string message, Exception? inner = null) : IOException(message, inner)
{
    public SourceErrorKind Kind { get; } = kind;

    /// <summary>The trouble told more exactly than by its kind, in a word for scripts; null when the kind says it all.</summary>
    public string? Code { get; init; }

    /// <summary>Whether it is the trouble of the source as a whole, not of one folder or file.</summary>
    public bool IsSourceWide { get; internal set; }
}
