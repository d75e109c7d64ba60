using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Catalogizer.Domain.Caching;

/// <summary>
/// A cache in a Redis server. It is connected to when it is first used, and again by itself; while it is away every call fails
/// within a second, and it is for the caller to go on without.
/// </summary>
internal sealed class RedisCache(IOptions<RedisOptions> options, TimeProvider time) : IDistributedCache, IAsyncDisposable
{
    private const string Prefix = "catalogizer:";
    private const int LimitMilliseconds = 1000;

    private readonly SemaphoreSlim _connecting = new(1);
    private ConnectionMultiplexer? _connection;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => await (await DatabaseAsync(token)).StringGetAsync(Prefix + key);

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var life = options.AbsoluteExpirationRelativeToNow ?? (options.AbsoluteExpiration - time.GetUtcNow()) ?? options.SlidingExpiration;
        if (life is null || life > TimeSpan.Zero)
        {
            await (await DatabaseAsync(token)).StringSetAsync(Prefix + key, value, life);
        }
    }

    public async Task RemoveAsync(string key, CancellationToken token = default) => await (await DatabaseAsync(token)).KeyDeleteAsync(Prefix + key);

    /// <summary>Nothing slides here: an entry lives as long as it was given.</summary>
    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => throw OnlyAsync();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw OnlyAsync();

    public void Remove(string key) => throw OnlyAsync();

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

        _connecting.Dispose();
    }

    private static NotSupportedException OnlyAsync() => new("This cache is asked without blocking a thread.");

    private async Task<IDatabase> DatabaseAsync(CancellationToken cancellation)
    {
        if (_connection is { } connected)
        {
            return connected.GetDatabase();
        }

        await _connecting.WaitAsync(cancellation);
        try
        {
            return (_connection ??= await ConnectionMultiplexer.ConnectAsync(Settings())).GetDatabase();
        }
        finally
        {
            _connecting.Release();
        }
    }

    private ConfigurationOptions Settings()
    {
        var settings = ConfigurationOptions.Parse(options.Value.ConnectionString ?? "");
        (settings.AbortOnConnectFail, settings.ConnectTimeout, settings.SyncTimeout, settings.ClientName) = (false, LimitMilliseconds, LimitMilliseconds, "catalogizer");
        return settings;
    }
}
