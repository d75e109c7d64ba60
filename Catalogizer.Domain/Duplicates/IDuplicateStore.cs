using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Duplicates;

/// <summary>Stores fingerprints of files and the groups that follow from them. Every write is a short batch.</summary>
public interface IDuplicateStore
{
    /// <summary>Whether a page has read from the database within the last second.</summary>
    bool IsBeingRead { get; }

    /// <summary>Records which files share their size with another file, and removes the fingerprints of files that changed or are missing.</summary>
    /// <returns>False while a first scan runs.</returns>
    Task<bool> FindCandidatesAsync(CancellationToken cancellation);

    /// <summary>The next files to read, without those on the excluded sources.</summary>
    /// <param name="whole">True for complete files, those that free the most bytes first; false for samples, by id.</param>
    /// <param name="after">For samples: only files with higher ids.</param>
    Task<IReadOnlyList<FingerprintCandidate>> NextAsync(bool whole, long after, IReadOnlyCollection<long> excludedSourceIds, int count, CancellationToken cancellation);

    Task SaveAsync(IReadOnlyList<FingerprintResult> results, CancellationToken cancellation);

    /// <summary>Updates the groups of files and, if <paramref name="lesserCopies"/> is set, of lower-quality versions.</summary>
    /// <returns>Whether anything changed.</returns>
    Task<bool> GroupAsync(bool lesserCopies, CancellationToken cancellation);

    Task<DuplicatePage> PageAsync(DuplicateQuery query, CancellationToken cancellation);

    Task<IReadOnlyList<DuplicateSummary>> SummariesAsync(CancellationToken cancellation);
}

/// <summary>A file to read.</summary>
public sealed record FingerprintCandidate(long FileId, long SourceId, string Path, long Size, long ModifiedAt, int Attempts);

/// <summary>Result of reading a file: its hashes, or why reading failed and the time of the next attempt in Unix milliseconds.</summary>
public sealed record FingerprintResult(FingerprintCandidate File, byte[]? Sample, byte[]? Whole, string? Error, long? RetryAt);

/// <summary>Filter and position of a page of groups.</summary>
/// <param name="Cursor">End of the previous page, from <see cref="DuplicatePage.Next"/>.</param>
public sealed record DuplicateQuery(DuplicateKind Kind, long? Source, int? MediaType, (long Bytes, long Id)? Cursor, int Limit);

/// <param name="Next">Null on the last page.</param>
public sealed record DuplicatePage(IReadOnlyList<DuplicateView> Groups, (long Bytes, long Id)? Next);

/// <summary>A group of duplicates.</summary>
/// <param name="Bytes">How many bytes can be freed: in total, or on the requested source.</param>
/// <param name="Copies">The first files or versions; <paramref name="Count"/> is the number of all.</param>
public sealed record DuplicateView(long Id, DuplicateKind Kind, string Title, long? ItemId, int MediaType, long Bytes, int Count, IReadOnlyList<DuplicateCopy> Copies);

/// <summary>A file or version in a group.</summary>
/// <param name="IsRedundant">Whether it can be deleted.</param>
public sealed record DuplicateCopy(long Id, long SourceId, string Source, string Path, long Size, Presence Presence, bool IsRedundant, string? Quality);

/// <summary>How many bytes can be freed; source 0 is the total of all sources.</summary>
public sealed record DuplicateSummary(DuplicateKind Kind, long SourceId, int MediaType, long Groups, long Bytes);
