using System.Net;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Metadata;

/// <summary>What every provider response passes through: cache levels, limits, and everything that a broken or hostile server can send.</summary>
public sealed class ProviderChannelTests
{
    private const string Films = """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""";

    [Fact]
    public async Task Levels_MemoryThenSharedThenDatabaseThenProvider()
    {
        await using var server = await StartServerAsync();
        using var home = new TemporaryFolder();
        var shared = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        await using (var catalog = CreateCatalog(server, home, shared))
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SearchAsync(catalog)));
            var before = GetCounts(catalog);
            await SearchAsync(catalog);
            Assert.Equal(before with { Memory = before.Memory + 1 }, GetCounts(catalog));
            Assert.Equal(1, before.Fetched);
        }

        await using (var catalog = CreateCatalog(server, home, shared))
        {
            await SearchAsync(catalog);
            Assert.Equal(new ResponseCacheCounts(0, 1, 0, 0), GetCounts(catalog));
        }

        await using (var catalog = CreateCatalog(server, home, null))
        {
            await SearchAsync(catalog);
            await SearchAsync(catalog);
            Assert.Equal(new ResponseCacheCounts(1, 0, 1, 0), GetCounts(catalog));
        }

        Assert.Single(server.RequestedUrls);
    }

    [Fact]
    public async Task SharedCache_GoesAwayMidRun_NothingFails()
    {
        await using var server = await StartServerAsync();
        using var home = new TemporaryFolder();
        var shared = new FailingCache();
        await using var catalog = CreateCatalog(server, home, shared);
        Assert.Single(await SearchAsync(catalog));

        shared.IsUnavailable = true;
        server.Bodies["/search/tv"] = """{"results":[{"id":1,"name":"Lost","first_air_date":"2004-09-22"}]}""";

        Assert.Single(await SearchAsync(catalog));
        Assert.Single(await FindTmdb(catalog).SearchAsync(ProviderHarness.CreateQuery(MediaKind.Series, "Lost"), default));
    }

    [Fact]
    public async Task Down_WhatWasKeptIsServedHoweverOld()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        harness.Server.Bodies["/movie/603"] = """{"id":603,"title":"The Matrix","release_date":"1999-03-31"}""";
        var fresh = await FindTmdb(harness.Catalog).DetailsAsync(MediaKind.Film, "603", forceRefresh: false, default);
        time.Advance(TimeSpan.FromDays(400));
        harness.Server.Override = RespondWith(500);

        var stale = await FindTmdb(harness.Catalog).DetailsAsync(MediaKind.Film, "603", forceRefresh: false, default);

        Assert.False(fresh!.IsStale);
        Assert.True(stale!.IsStale);
        Assert.Equal((fresh.Title, fresh.FetchedAt), (stale.Title, stale.FetchedAt));
    }

    [Fact]
    public async Task Fails_FiveTimes_IsLeftInPeaceForAMinute()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        harness.Server.Override = RespondWith(500);
        for (var i = 0; i < 8; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        var providerStatus = FindTmdb(harness.Catalog).Status;
        Assert.Equal((5, ProviderState.CircuitOpen, time.GetUtcNow() + TimeSpan.FromMinutes(1)), (harness.Server.RequestedUrls.Count, providerStatus.State, providerStatus.RetryAt));
        Assert.Equal("TMDB answered with 500.", providerStatus.LastError);

        time.Advance(TimeSpan.FromMinutes(1.1));
        harness.Server.Override = null;
        Assert.Single(await harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
        Assert.Equal((ProviderState.Ok, null, null), (FindTmdb(harness.Catalog).Status.State, FindTmdb(harness.Catalog).Status.LastError, FindTmdb(harness.Catalog).Status.FailingSince));
    }

    [Fact]
    public async Task Hangs_EndsAtThirtySeconds()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        var asked = new TaskCompletionSource();
        harness.Server.Override = async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var search = harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(search.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var exception = await Assert.ThrowsAsync<ProviderException>(() => search.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("TMDB did not answer within 30 seconds.", exception.Message);
    }

    [Fact]
    public async Task TooManyRequests_LongPause_IsKeptTo()
    {
        var time = new ManualTime();
        await using var harness = await StartAsync(time);
        harness.Server.Override = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "120");
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "One"));
        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "Two"));

        Assert.Single(harness.Server.RequestedUrls);
        Assert.Equal((ProviderState.RateLimited, time.GetUtcNow() + TimeSpan.FromMinutes(2)), (FindTmdb(harness.Catalog).Status.State, FindTmdb(harness.Catalog).Status.RetryAt));
        time.Advance(TimeSpan.FromMinutes(2.1));
        harness.Server.Override = null;
        Assert.Single(await harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
    }

    /// <summary>Counted where the calls arrive, including the provider's own login.</summary>
    [Theory]
    [InlineData("omdb", MediaKind.Film, 5)]
    [InlineData("tvdb", MediaKind.Series, 10)]
    public async Task ManyAtOnce_InAnySecond_AreNoMoreThanPromised(string provider, MediaKind kind, int promised)
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Omdb.ApiKey, o.Tvdb.ApiKey) = ("k", "k"));
        var arrived = new System.Collections.Concurrent.ConcurrentQueue<long>();
        harness.Server.Override = http =>
        {
            arrived.Enqueue(System.Diagnostics.Stopwatch.GetTimestamp());
            return http.Response.WriteAsync(http.Request.Path == "/login" ? """{"status":"success","data":{"token":"t"}}""" : "{}");
        };

        await Task.WhenAll(Enumerable.Range(0, TestRun.Repetitions(12, 300)).Select(i => harness.SearchAsync(provider, kind, $"Film {i}")));

        long[] times = [.. arrived.Order()];
        Assert.True(times.Length >= TestRun.Repetitions(12, 300));
        Assert.Equal(promised, harness.FindProvider(provider).Profile.CallsPerSecond);
        Assert.All(times.Skip(promised).Zip(times), pair => Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(pair.Second, pair.First) > TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await StartServerAsync();
        await using var harness = await StartAsync();
        harness.Server.Override = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (302, $"{elsewhere.Address}search/movie");
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Empty(elsewhere.RequestedUrls);
    }

    [Fact]
    public async Task Picture_RedirectElsewhere_IsNotFollowed()
    {
        await using var elsewhere = await StartServerAsync();
        await using var harness = await StartAsync();
        harness.Server.Override = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (302, $"{elsewhere.Address}secret");
            return Task.CompletedTask;
        };

        Assert.Null(await FindTmdb(harness.Catalog).Channel!.GetImageAsync($"{harness.Server.Address}poster.jpg", default));

        Assert.Empty(elsewhere.RequestedUrls);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::ffff:10.0.0.1]/a.jpg")]
    [InlineData("https://image.tmdb.org.evil.example/a.jpg")]
    [InlineData("https://user@image.tmdb.org/a.jpg")]
    [InlineData("https://image.tmdb.org:8443/a.jpg")]
    public async Task Picture_NotOfTheProvidersHosts_IsNotFetched(string address)
    {
        await using var catalog = new TestCatalog();

        Assert.Null(await FindTmdb(catalog).Channel!.GetImageAsync(address, default));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:192.168.0.1")]
    public void IsPublic_AddressOfAnOwnNetwork_IsNot(string address) => Assert.False(ProviderHttpClients.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task ProvidersOwnName_LeadsToThisMachine_IsRefused()
    {
        using var http = new ProviderHttpClients();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.For(isTrusted: false).GetAsync("http://localhost:1/"));

        Assert.Contains("not public", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, http.OpenConnections);
    }

    [Fact]
    public async Task ReadBody_WithoutEnd_IsCutOff()
    {
        await using var harness = await StartAsync();
        var left = new TaskCompletionSource();
        harness.Server.Override = async http =>
        {
            // Set however far the response came: the client may close the connection while it is still written.
            await using var closed = http.RequestAborted.Register(left.SetResult);
            http.Response.ContentType = "application/json";
            for (var sent = 0; sent < 6; sent++)
            {
                await http.Response.Body.WriteAsync(new byte[1024 * 1024], http.RequestAborted);
            }

            // The rest of a hundred megabytes is never sent: the client has closed the connection.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var exception = await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Equal("TMDB sent more than is read.", exception.Message);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"results\":[")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task ReadBody_ThatIsNoJson_IsAFault(string body)
    {
        await using var harness = await StartAsync();
        harness.Server.Override = http => http.Response.WriteAsync(body);

        var exception = await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Equal("TMDB sent what cannot be read.", exception.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("""{"results":{"id":1}}""")]
    [InlineData("""{"results":[17,null,{"id":{}},{"id":1,"title":[]}]}""")]
    public async Task ReadBody_OfAnotherShape_IsNothingFound(string body)
    {
        await using var harness = await StartAsync();
        harness.Server.Override = http => http.Response.WriteAsync(body);

        Assert.Empty(await harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
    }

    [Fact]
    public async Task Key_Refused_IsSaidAndNotTriedAgainUntilAnotherIsSet()
    {
        await using var harness = await StartAsync();
        harness.Server.Override = RespondWith(401);
        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "One"));
        var exception = await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "Two"));

        Assert.True(exception.IsKeyRejected);
        Assert.DoesNotContain("a.b.c", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, ProviderState.KeyRejected), (harness.Server.RequestedUrls.Count, FindTmdb(harness.Catalog).Status.State));

        harness.Server.Override = null;
        FindTmdb(harness.Catalog).Channel!.Reconfigure(new ProviderConfiguration(null, "d.e.f", "en", harness.Server.Address, null));
        Assert.Single(await harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
        Assert.Equal("Bearer d.e.f", harness.Server.Keys.Last());
    }

    [Fact]
    public async Task NothingSetUp_NobodyIsAskedAndNothingFails()
    {
        await using var catalog = new TestCatalog();
        var providers = catalog.Services.GetRequiredService<ProviderManager>();

        Assert.All(Enum.GetValues<MediaKind>(), kind => Assert.Empty(providers.For(kind)));
        Assert.Equal(["tmdb", "tvdb", "omdb", "imdb", "musicbrainz", "spotify", "steam"], providers.All.Select(p => p.Profile.Name));
        Assert.All(providers.All, provider => Assert.Equal(provider.Profile.NeedsKey ? ProviderState.NoKey : ProviderState.Off, provider.Status.State));
    }

    [Fact]
    public async Task Language_Changed_IsAskedForStoredAndNotAnsweredFromTheOther()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Language, o.Tmdb.ApiKey) = ("de", "a.b.c"));
        harness.Server.Override = http =>
        {
            var language = http.Request.Query["language"].ToString();
            return http.Response.WriteAsync(http.Request.Path == "/search/movie" ? Films : $$"""{"id":603,"title":"The Matrix","overview":"In {{language}}.","release_date":"1999-03-31"}""");
        };
        harness.Catalog.Write("The Matrix (1999).mkv");
        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);

        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);

        Assert.Equal(("In de.", "de"), await ReadStoredAsync());
        Assert.All(harness.Server.RequestedUrls, asked => Assert.Contains("language=de", asked, StringComparison.Ordinal));

        FindTmdb(harness.Catalog).Channel!.Reconfigure(new ProviderConfiguration(null, "a.b.c", "pt-BR", harness.Server.Address, null));
        await harness.Catalog.Services.GetRequiredService<MetadataService>().MatchAsync(Actor.System, (await harness.Catalog.FindOneAsync("The Matrix")).Id, "tmdb", "603", default);

        Assert.Equal(("In pt-BR.", "pt-BR"), await ReadStoredAsync());

        async Task<(string?, string)> ReadStoredAsync() =>
            ((await harness.Catalog.FindOneAsync("The Matrix")).Description, Assert.Single(harness.Catalog.QueryRows("SELECT language FROM external_metadata WHERE provider = 'tmdb'")));
    }

    private static IMetadataProvider FindTmdb(TestCatalog catalog) => catalog.Services.GetRequiredService<ProviderManager>().Find("tmdb")!;

    private static async Task<ProviderHarness> StartAsync(TimeProvider? time = null)
    {
        var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        harness.Server.Bodies["/search/movie"] = Films;
        return harness;
    }

    private static async Task<TestProvider> StartServerAsync()
    {
        var server = await TestProvider.StartAsync();
        server.Bodies["/search/movie"] = Films;
        return server;
    }

    private static TestCatalog CreateCatalog(TestProvider server, TemporaryFolder home, IDistributedCache? shared) => ProviderHarness.CreateCatalog(
        server, o => o.Tmdb.ApiKey = "a.b.c", null, home, services => _ = shared is null ? services : services.AddSingleton(shared));

    private static Task<IReadOnlyList<Domain.Metadata.Metadata>> SearchAsync(TestCatalog catalog) => FindTmdb(catalog).SearchAsync(ProviderHarness.CreateQuery(MediaKind.Film, "The Matrix", 1999), default);

    private static ResponseCacheCounts GetCounts(TestCatalog catalog) => catalog.Services.GetRequiredService<ProviderResponseCache>().Counts;

    private static Func<HttpContext, Task> RespondWith(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>A shared cache whose server can become unavailable.</summary>
    private sealed class FailingCache : IDistributedCache
    {
        private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

        public bool IsUnavailable { get; set; }

        private MemoryDistributedCache Cache => IsUnavailable ? throw new IOException("gone") : _cache;

        public byte[]? Get(string key) => Cache.Get(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Cache.GetAsync(key, token);

        public void Refresh(string key) => Cache.Refresh(key);

        public Task RefreshAsync(string key, CancellationToken token = default) => Cache.RefreshAsync(key, token);

        public void Remove(string key) => Cache.Remove(key);

        public Task RemoveAsync(string key, CancellationToken token = default) => Cache.RemoveAsync(key, token);

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Cache.Set(key, value, options);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => Cache.SetAsync(key, value, options, token);
    }
}
