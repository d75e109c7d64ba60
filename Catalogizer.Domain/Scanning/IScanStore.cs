using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Domain.Scanning;

/// <summary>The catalogue operations of a scan. Saves go through the single writer; reads use their own connections.</summary>
public interface IScanStore
{
    /// <summary>Whether users are reading right now, so that a scan pauses for them.</summary>
    bool IsBeingRead { get; }

    /// <summary>The folders of a source by path, with their children.</summary>
    Task<IReadOnlyDictionary<string, KnownFolder>> FoldersAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Opens a reader of known files; each listing thread has its own.</summary>
    IKnownFileReader OpenKnownFileReader();

    /// <summary>Whether no scan of the source has finished yet and the catalogue holds little else, so that a bulk load pays off.</summary>
    Task<bool> IsFirstScanAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Prepares for many new rows: indexes are built at the end; search and counters are updated in steps.</summary>
    Task BeginBulkLoadAsync(CancellationToken cancellation);

    /// <summary>Updates search and counters to what is saved.</summary>
    Task CatchUpIndexesAsync(CancellationToken cancellation);

    /// <summary>Ends a bulk load, including one left by an earlier process; does nothing when there is none.</summary>
    Task EndBulkLoadAsync(CancellationToken cancellation);

    /// <summary>Saves the changes and the scan's progress in one transaction.</summary>
    Task<SavedCounts> SaveAsync(ScanContext scan, IReadOnlyList<FolderChanges> changes, SeenCounts seen, CancellationToken cancellation);

    /// <summary>Matches files that were not found with identical new ones, and removes their pending deletions.</summary>
    /// <returns>How many files moved, and how many of them this scan had counted as added.</returns>
    Task<(long Moved, long Added)> ApplyMovesAsync(ScanContext scan, CancellationToken cancellation);

    /// <summary>Whether the pending deletions are few and leave files in every top folder, so that nothing needs to be held. Fast at any size.</summary>
    Task<bool> IsBelowDeletionLimitAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>Whether most files held by an earlier scan are among the pending deletions: then the problem is not fixed, whatever else was added.</summary>
    Task<bool> AreHeldFilesStillMissingAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>The pending deletions so far by top folder; empty when there are none.</summary>
    Task<IReadOnlyList<TopFolder>> PendingDeletionsByTopFolderAsync(long scanId, long sourceId, CancellationToken cancellation);

    /// <summary>A sample of the paths that would become missing.</summary>
    Task<IReadOnlyList<string>> PendingDeletionPathsAsync(long scanId, int limit, CancellationToken cancellation);

    /// <summary>Marks the files of the pending deletions missing or retired, in short batches, and removes these deletions.</summary>
    /// <returns>How many files changed.</returns>
    Task<long> ApplyDeletionsAsync(long scanId, Presence presence, CancellationToken cancellation);

    /// <summary>Removes the pending deletions of a source's scans, except a held one; the files stay as they are.</summary>
    Task ClearPendingDeletionsAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Cleans up after a scan: pending deletions that are not held are removed, and the files stay as they are.</summary>
    Task EndScanAsync(long scanId, long sourceId, CancellationToken cancellation);
}

/// <summary>Reads what the catalogue knows of a folder's files.</summary>
public interface IKnownFileReader : IDisposable
{
    IReadOnlyList<KnownFile> GetFiles(KnownFolder folder);

    /// <summary>A folder with its children, but not with theirs; null when it is not known.</summary>
    KnownFolder? FindFolder(long sourceId, string path);

    /// <summary>Loads all known descendants of a folder that was read without them.</summary>
    void LoadSubfolders(KnownFolder folder);
}

/// <summary>The scan that a save belongs to.</summary>
/// <param name="FolderIds">Ids of the folders saved or visited so far, by path; the store adds those it creates.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
public sealed record ScanContext(long ScanId, long SourceId, long StartedAt, Dictionary<string, long> FolderIds)
{
    /// <summary>The lowest id that a file added by this scan can have; null while it has saved nothing, 0 when it resumes after an interruption.</summary>
    public long? FirstFileId { get; set; }

    /// <summary>Files first seen since then count as new, in Unix milliseconds: the scan's start, or that of the interrupted scan it resumes.</summary>
    public long Since { get; set; } = StartedAt;
}

/// <summary>How much of the source a scan has seen.</summary>
public readonly record struct SeenCounts(long Listed, long Skipped, long UnchangedFolders, long FailedFolders);

/// <summary>Numbers of files that one save changed.</summary>
public readonly record struct SavedCounts(long Added, long Changed, long NotFound, long Unknown);
