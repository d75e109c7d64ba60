using System.Collections.Concurrent;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Caching;

/// <summary>
/// Content read from sources that may be needed while they are offline: heads of files, artwork. The size is limited; the least recently
/// used entries are evicted first, but none of an offline source. A failing cache is not an error: the sources are read instead.
/// </summary>
public sealed partial class OfflineCache(
    IOfflineEntryStore store, IDbContextFactory<CatalogDbContext> contexts, IOptions<OfflineCacheOptions> options, TimeProvider time, ILogger<OfflineCache> logger)
{
    private const long MiB = 1024 * 1024;
    private readonly ConcurrentDictionary<string, Lazy<Task<CachedContent>>> _fetching = new(StringComparer.Ordinal);

    private long MaxBytes => options.Value.MaxSize * MiB;

    /// <summary>The cached content of a key; null when there is none or the cache cannot be read.</summary>
    public async Task<CachedContent?> FindAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return MaxBytes == 0 ? null : await store.FindAsync(key, time.GetUtcNow(), cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogCacheUnusable(logger, exception);
            return null;
        }
    }

    /// <summary>Returns the cached content of a key, or fetches and caches it. Concurrent callers of the same key share one fetch.</summary>
    /// <param name="fetch">Not cancelled when one of the waiting callers is.</param>
    public async Task<CachedContent> GetOrFetchAsync(string key, long sourceId, Func<Task<ReadOnlyMemory<byte>>> fetch, CancellationToken cancellation)
    {
        if (await FindAsync(key, cancellation) is { } cached)
        {
            return cached;
        }

        return await _fetching.GetOrAdd(key, k => new Lazy<Task<CachedContent>>(() => FetchAsync(k, sourceId, fetch))).Value.WaitAsync(cancellation);
    }

    /// <summary>Caches content that has already been read.</summary>
    public async Task CacheAsync(string key, long sourceId, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (bytes.Length <= MaxBytes)
        {
            await TryCacheAsync(key, sourceId, new CachedContent(bytes, time.GetUtcNow()), cancellation);
        }
    }

    private async Task<CachedContent> FetchAsync(string key, long sourceId, Func<Task<ReadOnlyMemory<byte>>> fetch)
    {
        try
        {
            // Another fetch may have finished between the caller's lookup and this one.
            if (await FindAsync(key, CancellationToken.None) is { } cached)
            {
                return cached;
            }

            var content = new CachedContent(await fetch(), time.GetUtcNow());
            await TryCacheAsync(key, sourceId, content, CancellationToken.None);
            return content;
        }
        finally
        {
            _fetching.TryRemove(key, out _);
        }
    }

    private async Task TryCacheAsync(string key, long sourceId, CachedContent content, CancellationToken cancellation)
    {
        if (MaxBytes == 0)
        {
            return;
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var unreachable = await db.Sources.Where(s => s.Availability == SourceAvailability.Unreachable).Select(s => s.Id).ToListAsync(cancellation);
            await store.SaveAsync(key, sourceId, content, MaxBytes, unreachable, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogCacheUnusable(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The offline cache cannot be used; sources are asked themselves")]
    private static partial void LogCacheUnusable(ILogger logger, Exception exception);
}
