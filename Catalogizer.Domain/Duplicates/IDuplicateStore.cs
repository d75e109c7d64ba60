namespace Catalogizer.Domain.Duplicates;

/// <summary>Keeps what files were found to hold, and the groups that follow from it. Every write is a short batch.</summary>
public interface IDuplicateStore
{
    /// <summary>Whether somebody read for a page within the last second.</summary>
    bool IsBeingRead { get; }

    /// <summary>Notes which files have a size like another's, and forgets what was read of those that changed or went.</summary>
    /// <returns>False while a first scan is under way.</returns>
    Task<bool> FindCandidatesAsync(CancellationToken cancellation);

    /// <summary>The next files to read, without those of the given sources.</summary>
    /// <param name="whole">Whether to read all of them, the most bytes to win first; otherwise their samples, by id.</param>
    /// <param name="after">Samples: only files with higher ids.</param>
    Task<IReadOnlyList<FingerprintCandidate>> NextAsync(bool whole, long after, IReadOnlyCollection<long> excludedSourceIds, int count, CancellationToken cancellation);

    Task SaveAsync(IReadOnlyList<FingerprintResult> results, CancellationToken cancellation);

    /// <summary>Brings the groups of files, and of lesser copies, up to what is known.</summary>
    /// <returns>Whether anything changed.</returns>
    Task<bool> GroupAsync(bool lesserCopies, CancellationToken cancellation);

    Task<DuplicatePage> PageAsync(DuplicateQuery query, CancellationToken cancellation);

    Task<IReadOnlyList<DuplicateSummary>> SummariesAsync(CancellationToken cancellation);
}

/// <summary>A file to read.</summary>
public sealed record FingerprintCandidate(long FileId, long SourceId, string Path, long Size, long ModifiedAt, int Attempts);

/// <summary>What came of it.</summary>
public sealed record FingerprintResult(FingerprintCandidate File, byte[]? Sample, byte[]? Whole, string? Error, long? RetryAt);

/// <summary>What the duplicates page asks for.</summary>
/// <param name="Cursor">Where the page before ended; from <see cref="DuplicatePage.Next"/>.</param>
public sealed record DuplicateQuery(DuplicateKind Kind, long? Source, int? MediaType, (long Bytes, long Id)? Cursor, int Limit);

/// <param name="Next">Null on the last page.</param>
public sealed record DuplicatePage(IReadOnlyList<DuplicateView> Groups, (long Bytes, long Id)? Next);

/// <summary>A group of copies.</summary>
/// <param name="Bytes">What could be won: in all, or on the source that was asked for.</param>
/// <param name="Copies">The first of them; see <paramref name="Count"/>.</param>
public sealed record DuplicateView(long Id, DuplicateKind Kind, string Title, long? ItemId, int MediaType, long Bytes, int Count, IReadOnlyList<DuplicateCopy> Copies);

/// <summary>One of the copies.</summary>
/// <param name="IsRedundant">Whether it could go.</param>
public sealed record DuplicateCopy(long Id, long SourceId, string Source, string Path, long Size, Media.Presence Presence, bool IsRedundant, string? Quality);

/// <summary>How much could be won; source 0 is all of them.</summary>
public sealed record DuplicateSummary(DuplicateKind Kind, long SourceId, int MediaType, long Groups, long Bytes);
