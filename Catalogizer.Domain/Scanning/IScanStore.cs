using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Scanning;

/// <summary>What a scan needs of the catalogue. Saves go through the one writer; reads have connections of their own.</summary>
public interface IScanStore
{
    /// <summary>Whether people are reading right now; then a scan leaves them room.</summary>
    bool IsBeingRead { get; }

    /// <summary>The folders of a source by path, with their children.</summary>
    Task<IReadOnlyDictionary<string, KnownFolder>> FoldersAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Opens a reader of known files; each listing thread has its own.</summary>
    IKnownFileReader OpenKnownFileReader();

    /// <summary>Whether no scan of the source has come to its end yet, and the catalogue holds little else: a bulk load pays.</summary>
    Task<bool> IsFirstScanAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Prepares for many new rows: indexes wait till the end, search and counters follow in steps.</summary>
    Task BeginBulkLoadAsync(CancellationToken cancellation);

    /// <summary>Brings search and counters up to what is saved.</summary>
    Task CatchUpIndexesAsync(CancellationToken cancellation);

    /// <summary>Ends a bulk load, also one that an earlier process left; does nothing when there is none.</summary>
    Task EndBulkLoadAsync(CancellationToken cancellation);

    /// <summary>Saves what was found and how far the scan is, in one transaction.</summary>
    Task<SavedCounts> SaveAsync(ScanContext scan, IReadOnlyList<FolderChanges> changes, SeenCounts seen, CancellationToken cancellation);

    /// <summary>Joins files that went with the same files that came, and forgets these losses.</summary>
    /// <returns>How many files moved, and how many of them this scan had counted as added.</returns>
    Task<(long Moved, long Added)> ApplyMovesAsync(ScanContext scan, CancellationToken cancellation);

    /// <summary>Whether the noted losses are few and leave something in every top folder: then nothing needs to be held. Cheap at any size.</summary>
    Task<bool> IsBelowDeletionLimitAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>Whether most of what an earlier scan holds is among the noted losses: then nothing has been put right, whatever else came to the source.</summary>
    Task<bool> AreHeldFilesStillMissingAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>How the losses noted so far spread over the top folders; empty when there are none.</summary>
    Task<IReadOnlyList<TopFolder>> PendingDeletionsByTopFolderAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>A sample of the paths that would be lost.</summary>
    Task<IReadOnlyList<string>> PendingDeletionPathsAsync(long scanId, int limit, CancellationToken cancellation);

    /// <summary>Marks the noted losses missing or retired, in short batches, and forgets the notes.</summary>
    /// <returns>How many files changed.</returns>
    Task<long> ApplyDeletionsAsync(long scanId, Presence presence, CancellationToken cancellation);

    /// <summary>Forgets the noted losses of a source's scans but those of a held one; the files stay what they were.</summary>
    Task ClearPendingDeletionsAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Tidies up when a scan is over: losses that were noted and not held are forgotten, and the files stay what they were.</summary>
    Task EndScanAsync(long scanId, long sourceId, CancellationToken cancellation);
}

/// <summary>Reads what the catalogue knows of a folder's files.</summary>
public interface IKnownFileReader : IDisposable
{
    IReadOnlyList<KnownFile> GetFiles(KnownFolder folder);

    /// <summary>One folder with its children, which come without theirs; null when it is not known.</summary>
    KnownFolder? FindFolder(long sourceId, string path);

    /// <summary>Reads all folders known below one that came without.</summary>
    void LoadSubfolders(KnownFolder folder);
}

/// <summary>The scan that saves belong to.</summary>
/// <param name="FolderIds">Ids of the folders made or met so far, by path; kept by the store.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
public sealed record ScanContext(long ScanId, long SourceId, long StartedAt, Dictionary<string, long> FolderIds)
{
    /// <summary>The least id that a file added by this scan can have; null while it has saved nothing, 0 when it goes on after a break.</summary>
    public long? FirstFileId { get; set; }

    /// <summary>Since when files count as come now, in Unix milliseconds: its start, or that of the broken-off scan it goes on with.</summary>
    public long Since { get; set; } = StartedAt;
}

/// <summary>How much of the source a scan has seen.</summary>
public readonly record struct SeenCounts(long Listed, long Skipped, long UnchangedFolders, long FailedFolders);

/// <summary>What one save did.</summary>
public readonly record struct SavedCounts(long Added, long Changed, long NotFound, long Unknown);
