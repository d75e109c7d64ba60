namespace Catalogizer.Domain.Sources.Caching;

/// <summary>Persists cache entries across restarts, in a separate file that may be deleted at any time.</summary>
public interface IOfflineEntryStore
{
    /// <summary>Finds an entry and marks it as used at <paramref name="now"/>; null when there is none.</summary>
    Task<CachedContent?> FindAsync(string key, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Saves an entry, replacing the one with the same key, and evicts the least recently used entries until everything fits.
    /// Entries of <paramref name="pinnedSources"/> are never evicted; when evicting the others does not free enough space, nothing is saved.
    /// </summary>
    /// <returns>Whether the entry was saved.</returns>
    Task<bool> SaveAsync(string key, long sourceId, CachedContent content, long maxBytes, IReadOnlyCollection<long> pinnedSources, CancellationToken cancellation);

    /// <summary>Number of entries and their total size in bytes.</summary>
    Task<(long Entries, long Bytes)> GetSizeAsync(CancellationToken cancellation);
}

/// <summary>Content that was read from a source.</summary>
/// <param name="AsOf">When it was read.</param>
public sealed record CachedContent(ReadOnlyMemory<byte> Bytes, DateTimeOffset AsOf);
