namespace Catalogizer.Domain.Sources.Caching;

/// <summary>Keeps entries over restarts, in a file of its own that may be thrown away.</summary>
public interface IOfflineEntryStore
{
    /// <summary>The entry, which counts as used now; null when there is none.</summary>
    Task<CachedContent?> FindAsync(string key, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Keeps an entry, in the place of the same key's, and gives up those that were not used for longest until everything fits.
    /// Entries of the pinned sources stay; when there is no room without them, nothing is kept.
    /// </summary>
    /// <returns>Whether it was kept.</returns>
    Task<bool> SaveAsync(string key, long sourceId, CachedContent content, long maxBytes, IReadOnlyCollection<long> pinnedSources, CancellationToken cancellation);

    /// <summary>Entries and bytes held now.</summary>
    Task<(long Entries, long Bytes)> GetSizeAsync(CancellationToken cancellation);
}

/// <summary>Something that was read from a source.</summary>
/// <param name="AsOf">When it was read.</param>
public sealed record CachedContent(ReadOnlyMemory<byte> Bytes, DateTimeOffset AsOf);
