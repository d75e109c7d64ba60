using System.Text;
using Catalogizer.Domain.Caching;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Catalogizer.Tests.Caching;

/// <summary>The cache that several servers share, on a real Redis server.</summary>
[Trait("Category", "Server")]
public sealed class RedisCacheTests
{
    [Fact]
    public async Task Set_WithALife_IsThereForOthersAndNotForever()
    {
        await using var server = await RedisServer.StartAsync();
        await using var one = CreateCache(server);
        await using var other = CreateCache(server);

        await one.SetAsync("a", "words"u8.ToArray(), new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.UtcNow.AddHours(1) });
        await one.SetAsync("b", "old"u8.ToArray(), new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.UtcNow.AddHours(-1) });

        Assert.Equal("words", Encoding.UTF8.GetString((await other.GetAsync("a"))!));
        Assert.Null(await other.GetAsync("b"));
        await other.RemoveAsync("a");
        Assert.Null(await one.GetAsync("a"));
    }

    [Fact]
    public async Task Gone_MidRun_NothingFails()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cache = CreateCache(redis);
        await using var bench = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", configureServices: services => services.AddSingleton<IDistributedCache>(cache));
        bench.Server.Bodies["/search/movie"] = """{"results":[{"id":603,"title":"The Matrix"}]}""";
        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "One"));

        // Another server with the same cache sends no request.
        await using (var other = ProviderHarness.CreateCatalog(bench.Server, o => o.Tmdb.ApiKey = "a.b.c", configureServices: services => services.AddSingleton<IDistributedCache>(cache)))
        {
            Assert.Single(await other.Services.GetRequiredService<ProviderManager>().Find("tmdb")!.SearchAsync(ProviderHarness.CreateQuery(MediaKind.Film, "One"), default));
            Assert.Equal(new ResponseCacheCounts(0, 1, 0, 0), other.Services.GetRequiredService<ProviderResponseCache>().Counts);
        }

        await redis.StopAsync();

        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "Two"));
        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "One"));
        Assert.Equal(2, bench.Server.RequestedUrls.Count);
    }

    [Fact]
    public async Task KilledAndBack_IsUsedAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new ConnectionLog();
        await using var cache = CreateCache(redis, new ManualTime(), log);
        await cache.SetAsync("a", "before"u8.ToArray(), new DistributedCacheEntryOptions());

        await redis.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync("a"));
        await using var again = await RedisServer.StartOnPortAsync(redis.Port);
        await log.Restored.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(await ReadWhenAvailableAsync(cache));
        await cache.SetAsync("a", "after"u8.ToArray(), new DistributedCacheEntryOptions());
        Assert.Equal("after", Encoding.UTF8.GetString((await cache.GetAsync("a"))!));
    }

    [Fact]
    public async Task NeverThere_FailsWithoutAWaitAndIsUsedOnceItStarts()
    {
        var redis = await RedisServer.StartAsync();
        await redis.StopAsync();
        var log = new ConnectionLog();
        await using var cache = CreateCache(redis, new ManualTime(), log);
        await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync("a"));

        await using var started = await RedisServer.StartOnPortAsync(redis.Port);
        await log.Restored.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(await ReadWhenAvailableAsync(cache));
    }

    /// <summary>The client reports a connection a moment before it accepts calls on it.</summary>
    private static async Task<byte[]?> ReadWhenAvailableAsync(RedisCache cache)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return await cache.GetAsync("a", timeout.Token);
            }
            catch (RedisConnectionException)
            {
                await pace.WaitForNextTickAsync(timeout.Token);
            }
        }
    }

    [Fact]
    public async Task Frozen_FailsAtTheLimit()
    {
        await using var redis = await RedisServer.StartAsync();
        var time = new ManualTime();
        await using var cache = CreateCache(redis, time);
        await cache.SetAsync("a", "words"u8.ToArray(), new DistributedCacheEntryOptions());
        redis.Freeze();

        var asked = cache.GetAsync("a");
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => asked);
    }

    private static RedisCache CreateCache(RedisServer server, TimeProvider? time = null, ILogger<RedisCache>? log = null) => new(
        Options.Create(new RedisOptions { ConnectionString = $"127.0.0.1:{server.Port}" }), time ?? TimeProvider.System, log ?? NullLogger<RedisCache>.Instance);

    /// <summary>Signals that the connection is restored.</summary>
    private sealed class ConnectionLog : ILogger<RedisCache>
    {
        private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Restored => _restored.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) == "Connected to Redis again")
            {
                _restored.TrySetResult();
            }
        }
    }
}
