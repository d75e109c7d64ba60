using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>Archives, removes and restores sources. Each change is one transaction: the source, everything that follows from it, and the audit entry.</summary>
public interface ISourceLifecycleStore
{
    /// <returns>Whether the source's lifecycle changed.</returns>
    Task<Result<bool>> SetArchivedAsync(long sourceId, bool archived, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Counts what removing a source would remove; null when there is no such source.</summary>
    Task<RemovalNumbers?> CountRemovalAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Hides a source and the items that only it has, and frees its name.</summary>
    Task<Result<bool>> RemoveAsync(long sourceId, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Restores a removed source.</summary>
    /// <param name="name">The source's new name.</param>
    Task<Result<bool>> UndoRemoveAsync(long sourceId, string name, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Makes a removal final: from now on the rows of the removed source may be purged.</summary>
    /// <returns>Whether there is such a removed source.</returns>
    Task<bool> BeginPurgeAsync(long sourceId, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Deletes all rows of a removed source whose purge was begun, in short write transactions; continues an interrupted run.</summary>
    /// <param name="progress">Receives the number of files left.</param>
    /// <returns>False when a first scan is running; call again later.</returns>
    Task<bool> PurgeAsync(long sourceId, IProgress<ProgressUpdate> progress, CancellationToken cancellation);
}

/// <summary>What leaves the catalogue when a source is removed, and what stays.</summary>
/// <param name="Items">Listed items that only this source has.</param>
/// <param name="Copies">All versions on the source.</param>
/// <param name="Shared">Items that stay because another source has them too.</param>
/// <param name="KeptItems">Number of items that stay, archived, because they were edited, matched by hand or merged.</param>
/// <param name="Kept">The first of those items.</param>
public sealed record RemovalNumbers(long Items, long Copies, long Files, long Bytes, long Shared, int KeptItems, IReadOnlyList<RetainedItem> Kept);

/// <summary>An item that stays, archived, when its source is removed.</summary>
public sealed record RetainedItem(long Id, string Title);
