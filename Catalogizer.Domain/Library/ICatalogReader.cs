using Catalogizer.Domain.Auditing;

namespace Catalogizer.Domain.Library;

/// <summary>Reads the catalogue for pages and scripts, on its own connections. Queries must be validated before.</summary>
public interface ICatalogReader
{
    Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 of the query's order.</summary>
    Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation);

    /// <summary>The same, shifted so that the anchor stays in its row however many items were added before it meanwhile.</summary>
    Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation);

    Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation);

    /// <summary>Null when there is no such item.</summary>
    Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation);

    /// <summary>Where a version's first file is; null when there is no such version.</summary>
    Task<FileLocation?> FileLocationAsync(long versionId, CancellationToken cancellation);

    Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation);

    /// <summary>Whether a query's cursor was created by this reader, for a page of the same order.</summary>
    bool IsValidCursor(MediaQuery query);

    /// <summary>The earliest and the latest year of an item; null when no item has one.</summary>
    Task<YearRange?> YearsAsync(CancellationToken cancellation);
}

/// <summary>A range of years, both included.</summary>
public sealed record YearRange(int First, int Last);

/// <summary>Saves users' edits of items.</summary>
public interface IItemEditStore
{
    /// <param name="createAuditEntry">Creates the audit log entry from the values before and after; it is saved with the edit.</param>
    /// <returns>Whether the item exists.</returns>
    Task<bool> ApplyAsync(long id, MediaEdits edits, long? userId, Func<EditableValues, EditableValues, AuditEntry> createAuditEntry, CancellationToken cancellation);
}

/// <summary>The current values of the fields that a user can edit.</summary>
public sealed record EditableValues(string? Title, int? Year, string? Description, double? Rating);

/// <summary>Where a file is, with its size and time when it was last seen.</summary>
/// <param name="ModifiedAt">Unix milliseconds.</param>
public sealed record FileLocation(long FileId, long SourceId, string Path, long Size, long ModifiedAt);
