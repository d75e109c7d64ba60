using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata;

/// <summary>Saves metadata of providers, below the users' edits.</summary>
public interface IMatchStore
{
    /// <summary>Saves the match of an item, or why it has none, and sets the values that follow from it; edits stay above them.</summary>
    /// <param name="details">Null when there is no match: the item then has the values of its files and their names.</param>
    /// <param name="poster">Address of a stored image; null keeps the present one as long as the match is the same.</param>
    /// <param name="auditEntry">Audit log entry of a user's choice, saved together with it.</param>
    Task ApplyAsync(MatchRow match, DetailedMetadata? details, string? poster, IReadOnlyList<PartMetadata> parts, CancellationToken cancellation, AuditEntry? auditEntry = null);

    /// <summary>Saves the values of an item's NFO file, above those of its names and below those of a provider.</summary>
    Task ApplyNfoAsync(long id, DetailedMetadata metadata, DateTimeOffset expires, CancellationToken cancellation);

    /// <summary>Counts the items of these kinds that are still to be looked up; null while a first scan runs.</summary>
    Task<BacklogCount?> CountAsync(IReadOnlyList<MediaKind> kinds, CancellationToken cancellation);

    /// <summary>Items not looked up yet, or without result over a week ago, by id after <paramref name="after"/>; null while a first scan runs.</summary>
    Task<IReadOnlyList<long>?> UnmatchedAsync(long after, IReadOnlyList<MediaKind> kinds, int count, CancellationToken cancellation);
}
