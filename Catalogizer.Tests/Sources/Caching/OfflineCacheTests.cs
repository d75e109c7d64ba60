using System.Text;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Caching;

/// <summary>What is cached of sources for the time they are offline.</summary>
public sealed class OfflineCacheTests : IAsyncLifetime
{
    private const int EntryBytes = 400 * 1024;
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _home = new();
    private TestCatalog _catalog = null!;
    private long _films;
    private long _music;

    private OfflineCache Cache => _catalog.Services.GetRequiredService<OfflineCache>();

    private IOfflineEntryStore Entries => _catalog.Services.GetRequiredService<IOfflineEntryStore>();

    public async Task InitializeAsync()
    {
        _catalog = Open();
        _films = (await _catalog.AddSourceAsync("Films", _catalog.Root)).Id;
        _music = (await _catalog.AddSourceAsync("Music", Directory.CreateDirectory(_home.PathOf("music")).FullName)).Id;
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task GetOrFetch_ManyAtOnce_AreAnsweredByOneFetch()
    {
        var fetches = 0;
        var fetched = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        Task<ReadOnlyMemory<byte>> FetchAsync()
        {
            Interlocked.Increment(ref fetches);
            return fetched.Task;
        }

        var asked = Enumerable.Range(0, 20).Select(_ => Cache.GetOrFetchAsync("a", _films, FetchAsync, default)).ToList();
        fetched.SetResult("content"u8.ToArray());
        var results = await Task.WhenAll(asked);
        var later = await Cache.GetOrFetchAsync("a", _films, FetchAsync, default);

        Assert.Equal(1, fetches);
        Assert.All(results.Append(later), a => Assert.Equal("content", Encoding.UTF8.GetString(a.Bytes.Span)));
    }

    [Fact]
    public async Task GetOrFetch_FetchFails_IsToldAndTriedAgainNextTime()
    {
        await Assert.ThrowsAsync<IOException>(() => Cache.GetOrFetchAsync("a", _films, () => Task.FromException<ReadOnlyMemory<byte>>(new IOException("gone")), default));

        Assert.Null(await Cache.FindAsync("a", default));
        Assert.Equal(3, (await Cache.GetOrFetchAsync("a", _films, () => Task.FromResult<ReadOnlyMemory<byte>>(new byte[3]), default)).Bytes.Length);
    }

    [Fact]
    public async Task Cache_Full_GivesUpWhatWasNotUsedForLongest()
    {
        await CacheEntryAsync("a", _films);
        await CacheEntryAsync("b", _films);
        await IsCachedAsync("a");

        await CacheEntryAsync("c", _music);

        Assert.Equal((true, false, true), (await IsCachedAsync("a"), await IsCachedAsync("b"), await IsCachedAsync("c")));
        Assert.InRange((await Entries.GetSizeAsync(default)).Bytes, 1, 1024 * 1024);
    }

    [Fact]
    public async Task Cache_FullOfASourceThatIsAway_KeepsThat()
    {
        await CacheEntryAsync("a", _films);
        await CacheEntryAsync("b", _films);
        Directory.Move(_catalog.Root, _home.PathOf("elsewhere"));
        Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(_films)).State);

        await CacheEntryAsync("c", _music);

        Assert.Equal((true, true, false), (await IsCachedAsync("a"), await IsCachedAsync("b"), await IsCachedAsync("c")));
    }

    [Fact]
    public async Task Find_AfterARestart_TellsWhenItWasRead()
    {
        var read = _time.GetUtcNow();
        await CacheEntryAsync("a", _films);
        await _catalog.DisposeAsync();
        _time.Advance(TimeSpan.FromDays(3));
        _catalog = Open();

        var cached = await Cache.FindAsync("a", default);

        Assert.Equal((EntryBytes, read), (cached!.Bytes.Length, cached.AsOf));
    }

    [Fact]
    public async Task Find_FileIsDamaged_IsMadeAnew()
    {
        await CacheEntryAsync("a", _films);
        await _catalog.DisposeAsync();
        File.WriteAllText(_home.PathOf("data/cache.db"), new string('x', 8192));
        _catalog = Open();

        Assert.False(await IsCachedAsync("a"));
        await CacheEntryAsync("b", _films);
        Assert.True(await IsCachedAsync("b"));
    }

    [Fact]
    public async Task Cache_File_IsEncrypted()
    {
        await Cache.CacheAsync("a", _films, "the words that must not be read"u8.ToArray(), default);
        await _catalog.DisposeAsync();

        Assert.All(Directory.GetFiles(_home.PathOf("data"), "cache.db*"), f => Assert.DoesNotContain("must not be read", Encoding.Latin1.GetString(File.ReadAllBytes(f)), StringComparison.Ordinal));
        _catalog = Open();
    }

    private TestCatalog Open() => new(_time, _home, services => services.Configure<OfflineCacheOptions>(cache => cache.MaxSize = 1));

    private async Task CacheEntryAsync(string key, long source)
    {
        await Cache.CacheAsync(key, source, new byte[EntryBytes], default);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> IsCachedAsync(string key) => await Cache.FindAsync(key, default) is not null;
}
