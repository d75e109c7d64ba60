using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>Lets what is on a source count or not, each change whole: the source, all that follows from it and the line of the audit log in one transaction.</summary>
public interface ISourceLifecycleStore
{
    /// <returns>Whether that changed anything.</returns>
    Task<Result<bool>> SetArchivedAsync(long sourceId, bool archived, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>What would leave with a source; null when there is no such source.</summary>
    Task<RemovalNumbers?> CountRemovalAsync(long sourceId, CancellationToken cancellation);

    /// <summary>Hides a source and what only it has, and frees its name.</summary>
    Task<Result<bool>> RemoveAsync(long sourceId, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Puts a removed source back as it was.</summary>
    /// <param name="name">What it is called from now on.</param>
    Task<Result<bool>> UndoRemoveAsync(long sourceId, string name, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Takes back the way back: the rows of a removed source may be purged from now on.</summary>
    /// <returns>Whether there is such a removed source.</returns>
    Task<bool> BeginPurgeAsync(long sourceId, AuditEntry auditEntry, CancellationToken cancellation);

    /// <summary>Deletes every row of a removed source whose purge was begun, a short turn of the writer at a time; goes on where an earlier run ended.</summary>
    /// <param name="progress">Told how many files are left.</param>
    /// <returns>False while a first scan runs: it is tried again later.</returns>
    Task<bool> PurgeAsync(long sourceId, IProgress<ProgressUpdate> progress, CancellationToken cancellation);
}

/// <summary>What leaves the catalogue with a source, and what stays.</summary>
/// <param name="Items">Items of the library that only this source has.</param>
/// <param name="Copies">All copies on it.</param>
/// <param name="Shared">Items that stay because another source has them too.</param>
/// <param name="KeptItems">How many items stay, archived, because they were edited, matched by hand or merged.</param>
/// <param name="Kept">The first of them.</param>
public sealed record RemovalNumbers(long Items, long Copies, long Files, long Bytes, long Shared, int KeptItems, IReadOnlyList<RetainedItem> Kept);

/// <summary>An item that stays, archived, when its source is removed.</summary>
public sealed record RetainedItem(long Id, string Title);
