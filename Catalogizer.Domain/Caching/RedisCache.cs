using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Catalogizer.Domain.Caching;

/// <summary>
/// A cache in a Redis server. The first call connects; after a lost connection it reconnects within seconds of the server's return.
/// While the server is down or does not respond, every call fails within a second, and the caller continues without the cache.
/// </summary>
internal sealed class RedisCache(IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisCache> logger) : IDistributedCache, IAsyncDisposable
{
    private const string Prefix = "catalogizer:";
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _connectLock = new(1);
    private ConnectionMultiplexer? _connection;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => await CallAsync(async database => (byte[]?)await database.StringGetAsync(Prefix + key), token);

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var lifetime = options.AbsoluteExpirationRelativeToNow ?? (options.AbsoluteExpiration - time.GetUtcNow()) ?? options.SlidingExpiration;
        if (lifetime is null || lifetime > TimeSpan.Zero)
        {
            var expiry = lifetime is { } span ? new Expiration(span) : Expiration.Default;
            await CallAsync(database => database.StringSetAsync(Prefix + key, value, expiry), token);
        }
    }

    public async Task RemoveAsync(string key, CancellationToken token = default) => await CallAsync(database => database.KeyDeleteAsync(Prefix + key), token);

    /// <summary>Does nothing: there is no sliding expiration, an entry always expires after the time it was set with.</summary>
    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => throw SyncNotSupported();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw SyncNotSupported();

    public void Remove(string key) => throw SyncNotSupported();

    public void Refresh(string key)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.CloseAsync(allowCommandsToComplete: false);
            connection.Dispose();
        }

        _connectLock.Dispose();
    }

    private static NotSupportedException SyncNotSupported() => new("This cache is asked without blocking a thread.");

    /// <summary>Applies its own timeout: the client checks its timeouts only once a second, so a timeout of one second would take up to two.</summary>
    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        return RunAsync().WaitAsync(CallTimeout, time, cancellation);

        async Task<T> RunAsync() => await call(await GetDatabaseAsync(cancellation));
    }

    private async Task<IDatabase> GetDatabaseAsync(CancellationToken cancellation)
    {
        if (_connection is { } connected)
        {
            return connected.GetDatabase();
        }

        await _connectLock.WaitAsync(cancellation);
        try
        {
            return (_connection ??= await ConnectAsync()).GetDatabase();
        }
        finally
        {
            _connectLock.Release();
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(CreateConfiguration());
        connection.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
            {
                logger.LogInformation("Connected to Redis again");
            }
        };
        return connection;
    }

    private ConfigurationOptions CreateConfiguration()
    {
        var settings = ConfigurationOptions.Parse(options.Value.ConnectionString ?? "");
        settings.AbortOnConnectFail = false;
        settings.ConnectTimeout = settings.SyncTimeout = settings.AsyncTimeout = (int)CallTimeout.TotalMilliseconds;
        settings.ReconnectRetryPolicy = new LinearRetry((int)CallTimeout.TotalMilliseconds);
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ClientName = "catalogizer";
        return settings;
    }
}
