using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Upkeep;

namespace Catalogizer.Domain.Metadata;

/// <summary>Writes what providers tell beneath what people set.</summary>
public interface IMatchStore
{
    /// <summary>Ties an item to a record, or says why there is none, and sets the values that follow; edits stay above them.</summary>
    /// <param name="details">Null: the item is as its names tell.</param>
    /// <param name="poster">The address of a kept picture; null leaves the one that stands while the record stays the same.</param>
    /// <param name="auditEntry">What the audit log says of a person's choice, written with it.</param>
    Task ApplyAsync(MatchRow match, DetailedMetadata? details, string? poster, IReadOnlyList<PartMetadata> parts, CancellationToken cancellation, AuditEntry? auditEntry = null);

    /// <summary>Keeps what an NFO file says of an item, above what its names say and below what a provider says.</summary>
    Task ApplyNfoAsync(long id, DetailedMetadata metadata, DateTimeOffset expires, CancellationToken cancellation);

    /// <summary>How many works of these kinds are still to be looked up; null while a first scan runs.</summary>
    Task<BacklogCount?> CountAsync(IReadOnlyList<Media.MediaKind> kinds, CancellationToken cancellation);

    /// <summary>Works that nobody has looked up yet or that nothing was found for a week ago, by id from <paramref name="after"/> on; null while a first scan runs.</summary>
    Task<IReadOnlyList<long>?> UnmatchedAsync(long after, IReadOnlyList<Media.MediaKind> kinds, int count, CancellationToken cancellation);
}
