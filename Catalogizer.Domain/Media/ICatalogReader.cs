using Catalogizer.Domain.Auditing;

namespace Catalogizer.Domain.Media;

/// <summary>Reads the catalogue for pages and scripts, on connections of its own. Queries are checked before they come here.</summary>
public interface ICatalogReader
{
    Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 of the query's order.</summary>
    Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation);

    /// <summary>The same, counted so that the anchor keeps its row however many works came before it meanwhile.</summary>
    Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation);

    Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation);

    /// <summary>Null when there is no such item.</summary>
    Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation);

    /// <summary>Where a version's first file lies; null when there is no such version.</summary>
    Task<FileLocation?> FileLocationAsync(long versionId, CancellationToken cancellation);

    Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation);

    /// <summary>Whether a query's cursor was made here, for a page of the same order.</summary>
    bool IsValidCursor(MediaQuery query);

    /// <summary>The earliest and the latest year of a work; null when no work has one.</summary>
    Task<YearRange?> YearsAsync(CancellationToken cancellation);
}

/// <summary>Years from one to another, both included.</summary>
public sealed record YearRange(int First, int Last);

/// <summary>Writes what a person sets on an item.</summary>
public interface IItemEditStore
{
    /// <param name="createAuditEntry">What the audit log says of it, from the values before and after; written with it.</param>
    /// <returns>Whether there is such an item.</returns>
    Task<bool> ApplyAsync(long id, MediaEdits edits, long? userId, Func<EditableValues, EditableValues, AuditEntry> createAuditEntry, CancellationToken cancellation);
}

/// <summary>What a person can set on an item, as it stands.</summary>
public sealed record EditableValues(string? Title, int? Year, string? Description, double? Rating);

/// <summary>Where a file lies, and what it was when it was last seen.</summary>
/// <param name="ModifiedAt">Unix milliseconds.</param>
public sealed record FileLocation(long FileId, long SourceId, string Path, long Size, long ModifiedAt);
