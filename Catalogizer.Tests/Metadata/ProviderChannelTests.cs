using System.Net;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Metadata;

/// <summary>What every provider's answers pass: levels of memory, limits, and everything a broken or hostile server can send.</summary>
public sealed class ProviderChannelTests
{
    private const string Films = """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""";

    [Fact]
    public async Task Levels_MemoryThenSharedThenDatabaseThenProvider()
    {
        await using var server = await ServerAsync();
        using var home = new TemporaryFolder();
        var shared = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        await using (var catalogue = Over(server, home, shared))
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SearchAsync(catalogue)));
            var before = Counts(catalogue);
            await SearchAsync(catalogue);
            Assert.Equal(before with { Memory = before.Memory + 1 }, Counts(catalogue));
            Assert.Equal(1, before.Fetched);
        }

        await using (var catalogue = Over(server, home, shared))
        {
            await SearchAsync(catalogue);
            Assert.Equal(new ResponseCacheCounts(0, 1, 0, 0), Counts(catalogue));
        }

        await using (var catalogue = Over(server, home, null))
        {
            await SearchAsync(catalogue);
            await SearchAsync(catalogue);
            Assert.Equal(new ResponseCacheCounts(1, 0, 1, 0), Counts(catalogue));
        }

        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task SharedCache_GoesAwayMidRun_NothingFails()
    {
        await using var server = await ServerAsync();
        using var home = new TemporaryFolder();
        var shared = new BrittleCache();
        await using var catalogue = Over(server, home, shared);
        Assert.Single(await SearchAsync(catalogue));

        shared.IsGone = true;
        server.Bodies["/search/tv"] = """{"results":[{"id":1,"name":"Lost","first_air_date":"2004-09-22"}]}""";

        Assert.Single(await SearchAsync(catalogue));
        Assert.Single(await Tmdb(catalogue).SearchAsync(ProviderBench.Work(MediaKind.Series, "Lost"), default));
    }

    [Fact]
    public async Task Down_WhatWasKeptIsServedHoweverOld()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time);
        bench.Server.Bodies["/movie/603"] = """{"id":603,"title":"The Matrix","release_date":"1999-03-31"}""";
        var fresh = await Tmdb(bench.Catalogue).DetailsAsync(MediaKind.Film, "603", forceRefresh: false, default);
        time.Advance(TimeSpan.FromDays(400));
        bench.Server.Instead = Status(500);

        var stale = await Tmdb(bench.Catalogue).DetailsAsync(MediaKind.Film, "603", forceRefresh: false, default);

        Assert.False(fresh!.IsStale);
        Assert.True(stale!.IsStale);
        Assert.Equal((fresh.Title, fresh.FetchedAt), (stale.Title, stale.FetchedAt));
    }

    [Fact]
    public async Task Fails_FiveTimes_IsLeftInPeaceForAMinute()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time);
        bench.Server.Instead = Status(500);
        for (var i = 0; i < 8; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        var standing = Tmdb(bench.Catalogue).Status;
        Assert.Equal((5, ProviderState.CircuitOpen, time.GetUtcNow() + TimeSpan.FromMinutes(1)), (bench.Server.Asked.Count, standing.State, standing.RetryAt));
        Assert.Equal("TMDB answered with 500.", standing.LastError);

        time.Advance(TimeSpan.FromMinutes(1.1));
        bench.Server.Instead = null;
        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
        Assert.Equal((ProviderState.Ok, null, null), (Tmdb(bench.Catalogue).Status.State, Tmdb(bench.Catalogue).Status.LastError, Tmdb(bench.Catalogue).Status.FailingSince));
    }

    [Fact]
    public async Task Hangs_EndsAtThirtySeconds()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time);
        var asked = new TaskCompletionSource();
        bench.Server.Instead = async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var search = bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(search.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var fault = await Assert.ThrowsAsync<ProviderException>(() => search.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("TMDB did not answer within 30 seconds.", fault.Message);
    }

    [Fact]
    public async Task TooManyRequests_LongPause_IsKeptTo()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time);
        bench.Server.Instead = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "120");
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "One"));
        await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "Two"));

        Assert.Single(bench.Server.Asked);
        Assert.Equal((ProviderState.RateLimited, time.GetUtcNow() + TimeSpan.FromMinutes(2)), (Tmdb(bench.Catalogue).Status.State, Tmdb(bench.Catalogue).Status.RetryAt));
        time.Advance(TimeSpan.FromMinutes(2.1));
        bench.Server.Instead = null;
        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
    }

    /// <summary>Counted where the calls arrive, a provider's own login among them.</summary>
    [Theory]
    [InlineData("omdb", MediaKind.Film, 5)]
    [InlineData("tvdb", MediaKind.Series, 10)]
    public async Task ManyAtOnce_InAnySecond_AreNoMoreThanPromised(string provider, MediaKind kind, int promised)
    {
        await using var bench = await ProviderBench.StartAsync(o => (o.Omdb.ApiKey, o.Tvdb.ApiKey) = ("k", "k"));
        var arrived = new System.Collections.Concurrent.ConcurrentQueue<long>();
        bench.Server.Instead = http =>
        {
            arrived.Enqueue(System.Diagnostics.Stopwatch.GetTimestamp());
            return http.Response.WriteAsync(http.Request.Path == "/login" ? """{"status":"success","data":{"token":"t"}}""" : "{}");
        };

        await Task.WhenAll(Enumerable.Range(0, TestRun.Repetitions(12, 300)).Select(i => bench.SearchAsync(provider, kind, $"Film {i}")));

        long[] times = [.. arrived.Order()];
        Assert.True(times.Length >= TestRun.Repetitions(12, 300));
        Assert.Equal(promised, bench.Provider(provider).Profile.CallsPerSecond);
        Assert.All(times.Skip(promised).Zip(times), pair => Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(pair.Second, pair.First) > TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await ServerAsync();
        await using var bench = await StartAsync();
        bench.Server.Instead = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (302, $"{elsewhere.Address}search/movie");
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public async Task Picture_RedirectElsewhere_IsNotFollowed()
    {
        await using var elsewhere = await ServerAsync();
        await using var bench = await StartAsync();
        bench.Server.Instead = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (302, $"{elsewhere.Address}secret");
            return Task.CompletedTask;
        };

        Assert.Null(await Tmdb(bench.Catalogue).Channel!.GetImageAsync($"{bench.Server.Address}poster.jpg", default));

        Assert.Empty(elsewhere.Asked);
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
        await using var catalogue = new TestCatalogue();

        Assert.Null(await Tmdb(catalogue).Channel!.GetImageAsync(address, default));
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
    public async Task Body_WithoutEnd_IsCutOff()
    {
        await using var bench = await StartAsync();
        var left = new TaskCompletionSource();
        bench.Server.Instead = async http =>
        {
            http.Response.ContentType = "application/json";
            for (var sent = 0; sent < 6; sent++)
            {
                await http.Response.Body.WriteAsync(new byte[1024 * 1024], http.RequestAborted);
            }

            // The rest of a hundred is never sent: the other side has hung up.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            left.SetResult();
        };

        var fault = await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Equal("TMDB sent more than is read.", fault.Message);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"results\":[")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task Body_ThatIsNoJson_IsAFault(string body)
    {
        await using var bench = await StartAsync();
        bench.Server.Instead = http => http.Response.WriteAsync(body);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));

        Assert.Equal("TMDB sent what cannot be read.", fault.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("""{"results":{"id":1}}""")]
    [InlineData("""{"results":[17,null,{"id":{}},{"id":1,"title":[]}]}""")]
    public async Task Body_OfAnotherShape_IsNothingFound(string body)
    {
        await using var bench = await StartAsync();
        bench.Server.Instead = http => http.Response.WriteAsync(body);

        Assert.Empty(await bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
    }

    [Fact]
    public async Task Key_Refused_IsSaidAndNotTriedAgainUntilAnotherIsSet()
    {
        await using var bench = await StartAsync();
        bench.Server.Instead = Status(401);
        await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "One"));
        var fault = await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "Two"));

        Assert.True(fault.IsKeyRejected);
        Assert.DoesNotContain("a.b.c", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, ProviderState.KeyRejected), (bench.Server.Asked.Count, Tmdb(bench.Catalogue).Status.State));

        bench.Server.Instead = null;
        Tmdb(bench.Catalogue).Channel!.Reconfigure(new ProviderConfiguration(null, "d.e.f", "en", bench.Server.Address, null));
        Assert.Single(await bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix"));
        Assert.Equal("Bearer d.e.f", bench.Server.Keys.Last());
    }

    [Fact]
    public async Task NothingSetUp_NobodyIsAskedAndNothingFails()
    {
        await using var catalogue = new TestCatalogue();
        var providers = catalogue.Services.GetRequiredService<ProviderManager>();

        Assert.All(Enum.GetValues<MediaKind>(), kind => Assert.Empty(providers.For(kind)));
        Assert.Equal(["tmdb", "tvdb", "omdb", "imdb", "musicbrainz", "spotify", "steam"], providers.All.Select(p => p.Profile.Name));
        Assert.All(providers.All, provider => Assert.Equal(provider.Profile.NeedsKey ? ProviderState.NoKey : ProviderState.Off, provider.Status.State));
    }

    [Fact]
    public async Task Language_Changed_IsAskedForStoredAndNotAnsweredFromTheOther()
    {
        await using var bench = await ProviderBench.StartAsync(o => (o.Language, o.Tmdb.ApiKey) = ("de", "a.b.c"));
        bench.Server.Instead = http =>
        {
            var language = http.Request.Query["language"].ToString();
            return http.Response.WriteAsync(http.Request.Path == "/search/movie" ? Films : $$"""{"id":603,"title":"The Matrix","overview":"In {{language}}.","release_date":"1999-03-31"}""");
        };
        bench.Catalogue.Write("The Matrix (1999).mkv");
        await bench.Catalogue.ScanAsync((await bench.Catalogue.AddSourceAsync()).Id);

        await bench.Catalogue.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);

        Assert.Equal(("In de.", "de"), await StoredAsync());
        Assert.All(bench.Server.Asked, asked => Assert.Contains("language=de", asked, StringComparison.Ordinal));

        Tmdb(bench.Catalogue).Channel!.Reconfigure(new ProviderConfiguration(null, "a.b.c", "pt-BR", bench.Server.Address, null));
        await bench.Catalogue.Services.GetRequiredService<MetadataService>().MatchAsync(Actor.System, (await bench.Catalogue.OneAsync("The Matrix")).Id, "tmdb", "603", default);

        Assert.Equal(("In pt-BR.", "pt-BR"), await StoredAsync());

        async Task<(string?, string)> StoredAsync() =>
            ((await bench.Catalogue.OneAsync("The Matrix")).Description, Assert.Single(bench.Catalogue.Rows("SELECT language FROM external_metadata WHERE provider = 'tmdb'")));
    }

    private static IMetadataProvider Tmdb(TestCatalogue catalogue) => catalogue.Services.GetRequiredService<ProviderManager>().Find("tmdb")!;

    private static async Task<ProviderBench> StartAsync(TimeProvider? time = null)
    {
        var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        bench.Server.Bodies["/search/movie"] = Films;
        return bench;
    }

    private static async Task<TestProvider> ServerAsync()
    {
        var server = await TestProvider.StartAsync();
        server.Bodies["/search/movie"] = Films;
        return server;
    }

    private static TestCatalogue Over(TestProvider server, TemporaryFolder home, IDistributedCache? shared) => ProviderBench.Over(
        server, o => o.Tmdb.ApiKey = "a.b.c", null, home, services => _ = shared is null ? services : services.AddSingleton(shared));

    private static Task<IReadOnlyList<Domain.Metadata.Metadata>> SearchAsync(TestCatalogue catalogue) => Tmdb(catalogue).SearchAsync(ProviderBench.Work(MediaKind.Film, "The Matrix", 1999), default);

    private static ResponseCacheCounts Counts(TestCatalogue catalogue) => catalogue.Services.GetRequiredService<ProviderResponseCache>().Counts;

    private static Func<HttpContext, Task> Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>A shared cache whose server can go away.</summary>
    private sealed class BrittleCache : IDistributedCache
    {
        private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions()));

        public bool IsGone { get; set; }

        private MemoryDistributedCache Cache => IsGone ? throw new IOException("gone") : _cache;

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
