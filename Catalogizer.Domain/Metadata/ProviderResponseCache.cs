using System.Collections.Concurrent;
using System.Text.Json;
using Catalogizer.Domain.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;

namespace Catalogizer.Domain.Metadata;

/// <summary>A response of a provider.</summary>
/// <param name="Body">JSON; null when the provider has no such entry.</param>
/// <param name="IsStale">Whether it comes from the cache because the call to the provider failed.</param>
public sealed record ProviderResponse(string? Body, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt, bool IsStale)
{
    public JsonElement? ParseJson()
    {
        if (Body is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }
}

/// <summary>Stores providers' responses across restarts.</summary>
public interface IProviderResponseStore
{
    Task<ProviderResponse?> FindAsync(string key, CancellationToken cancellation);

    Task SaveAsync(string key, ProviderResponse response, CancellationToken cancellation);
}

/// <summary>How often each cache level had the response, and how often the provider was called.</summary>
public sealed record ResponseCacheCounts(long Memory, long Shared, long Database, long Fetched);

/// <summary>
/// Reads memory, then the shared cache if there is one, then the database, then calls the provider. A hit fills the levels above, and
/// concurrent requests for one key share a call.
/// </summary>
public sealed class ProviderResponseCache(IProviderResponseStore store, SharedCache shared, TimeProvider time) : IDisposable
{
    private const long MaxMemoryBytes = 32 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderResponse>>> _inFlight = new(StringComparer.Ordinal);
    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = MaxMemoryBytes });
    private long _memoryHits;
    private long _sharedHits;
    private long _databaseHits;
    private long _fetched;

    public ResponseCacheCounts Counts => new(Volatile.Read(ref _memoryHits), Volatile.Read(ref _sharedHits), Volatile.Read(ref _databaseHits), Volatile.Read(ref _fetched));

    /// <param name="forceRefresh">Calls the provider even if the cached response is still valid.</param>
    /// <exception cref="ProviderException">The call failed and there is no cached response.</exception>
    public async Task<ProviderResponse> GetAsync(string key, bool forceRefresh, Func<Task<ProviderResponse>> fetch, CancellationToken cancellation)
    {
        var cached = await ReadCachedAsync(key, cancellation);
        if (cached is not null && !forceRefresh && IsFresh(cached))
        {
            return cached;
        }

        try
        {
            // Concurrent callers wait for the same call; one that cancels does not end it for the others.
            var flight = _inFlight.GetOrAdd(key, _ => new Lazy<Task<ProviderResponse>>(() => Task.Run(() => FetchAsync(key, forceRefresh, fetch))));
            return await flight.Value.WaitAsync(cancellation);
        }
        catch (ProviderException) when (cached is not null)
        {
            return cached with { IsStale = true };
        }
    }

    public void Dispose() => _memory.Dispose();

    private async Task<ProviderResponse> FetchAsync(string key, bool forceRefresh, Func<Task<ProviderResponse>> fetch)
    {
        try
        {
            // A caller that read the cache before another call ended, but starts after it, gets that call's response.
            if (!forceRefresh && _memory.TryGetValue(key, out ProviderResponse? cached) && IsFresh(cached!))
            {
                return cached!;
            }

            Interlocked.Increment(ref _fetched);
            var response = await fetch();
            CacheInMemory(key, response);
            await WriteSharedAsync(key, response);
            await store.SaveAsync(key, response, CancellationToken.None);
            return response;
        }
        finally
        {
            _inFlight.TryRemove(key, out _);
        }
    }

    /// <summary>The first fresh response from the top level down; otherwise the newest old one.</summary>
    private async Task<ProviderResponse?> ReadCachedAsync(string key, CancellationToken cancellation)
    {
        if (_memory.TryGetValue(key, out ProviderResponse? inMemory) && IsFresh(inMemory!))
        {
            Interlocked.Increment(ref _memoryHits);
            return inMemory;
        }

        if (await ReadSharedAsync(key, cancellation) is { } fromShared && IsFresh(fromShared))
        {
            Interlocked.Increment(ref _sharedHits);
            CacheInMemory(key, fromShared);
            return fromShared;
        }

        if (await store.FindAsync(key, cancellation) is not { } stored)
        {
            return inMemory;
        }

        if (IsFresh(stored))
        {
            Interlocked.Increment(ref _databaseHits);
            await WriteSharedAsync(key, stored);
        }

        CacheInMemory(key, stored);
        return stored;
    }

    private bool IsFresh(ProviderResponse response) => response.ExpiresAt > time.GetUtcNow();

    private void CacheInMemory(string key, ProviderResponse response) =>
        _memory.Set(key, response, new MemoryCacheEntryOptions { Size = 200 + (2L * (key.Length + (response.Body?.Length ?? 0))) });

    private async Task<ProviderResponse?> ReadSharedAsync(string key, CancellationToken cancellation)
    {
        ProviderResponse? response = null;
        await shared.TryCallAsync(async cache => response = await cache.GetAsync(key, cancellation) is { } bytes ? JsonSerializer.Deserialize<ProviderResponse>(bytes) : null);
        return response;
    }

    private Task<bool> WriteSharedAsync(string key, ProviderResponse response) => shared.TryCallAsync(cache => cache.SetAsync(
        key, JsonSerializer.SerializeToUtf8Bytes(response), new DistributedCacheEntryOptions { AbsoluteExpiration = response.ExpiresAt }));
}
