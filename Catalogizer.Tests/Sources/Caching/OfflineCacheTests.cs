using System.Text;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources.Caching;

/// <summary>What is kept of sources for the time they are away.</summary>
public sealed class OfflineCacheTests : IAsyncLifetime
{
    private const int Third = 400 * 1024;
    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _home = new();
    private TestCatalogue _catalogue = null!;
    private long _films;
    private long _music;

    private OfflineCache Cache => _catalogue.Services.GetRequiredService<OfflineCache>();

    private IOfflineEntryStore Entries => _catalogue.Services.GetRequiredService<IOfflineEntryStore>();

    public async Task InitializeAsync()
    {
        _catalogue = Open();
        _films = (await _catalogue.AddSourceAsync("Films", _catalogue.Root)).Id;
        _music = (await _catalogue.AddSourceAsync("Music", Directory.CreateDirectory(_home.PathOf("music")).FullName)).Id;
    }

    public async Task DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task GetOrFetch_ManyAtOnce_AreAnsweredByOneFetch()
    {
        var fetches = 0;
        var fetched = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        Task<ReadOnlyMemory<byte>> Fetch()
        {
            Interlocked.Increment(ref fetches);
            return fetched.Task;
        }

        var asked = Enumerable.Range(0, 20).Select(_ => Cache.GetOrFetchAsync("a", _films, Fetch, default)).ToList();
        fetched.SetResult("content"u8.ToArray());
        var answers = await Task.WhenAll(asked);
        var later = await Cache.GetOrFetchAsync("a", _films, Fetch, default);

        Assert.Equal(1, fetches);
        Assert.All(answers.Append(later), a => Assert.Equal("content", Encoding.UTF8.GetString(a.Bytes.Span)));
    }

    [Fact]
    public async Task GetOrFetch_FetchFails_IsToldAndTriedAgainNextTime()
    {
        await Assert.ThrowsAsync<IOException>(() => Cache.GetOrFetchAsync("a", _films, () => Task.FromException<ReadOnlyMemory<byte>>(new IOException("gone")), default));

        Assert.Null(await Cache.FindAsync("a", default));
        Assert.Equal(3, (await Cache.GetOrFetchAsync("a", _films, () => Task.FromResult<ReadOnlyMemory<byte>>(new byte[3]), default)).Bytes.Length);
    }

    [Fact]
    public async Task Keep_Full_GivesUpWhatWasNotUsedForLongest()
    {
        await KeepAsync("a", _films);
        await KeepAsync("b", _films);
        await FindAsync("a");

        await KeepAsync("c", _music);

        Assert.Equal((true, false, true), (await FindAsync("a"), await FindAsync("b"), await FindAsync("c")));
        Assert.InRange((await Entries.GetSizeAsync(default)).Bytes, 1, 1024 * 1024);
    }

    [Fact]
    public async Task Keep_FullOfASourceThatIsAway_KeepsThat()
    {
        await KeepAsync("a", _films);
        await KeepAsync("b", _films);
        Directory.Move(_catalogue.Root, _home.PathOf("elsewhere"));
        Assert.Equal(ScanState.Failed, (await _catalogue.ScanAsync(_films)).State);

        await KeepAsync("c", _music);

        Assert.Equal((true, true, false), (await FindAsync("a"), await FindAsync("b"), await FindAsync("c")));
    }

    [Fact]
    public async Task Find_AfterARestart_TellsWhenItWasRead()
    {
        var read = _time.GetUtcNow();
        await KeepAsync("a", _films);
        await _catalogue.DisposeAsync();
        _time.Advance(TimeSpan.FromDays(3));
        _catalogue = Open();

        var kept = await Cache.FindAsync("a", default);

        Assert.Equal((Third, read), (kept!.Bytes.Length, kept.AsOf));
    }

    [Fact]
    public async Task Find_FileIsDamaged_IsMadeAnew()
    {
        await KeepAsync("a", _films);
        await _catalogue.DisposeAsync();
        File.WriteAllText(_home.PathOf("data/cache.db"), new string('x', 8192));
        _catalogue = Open();

        Assert.False(await FindAsync("a"));
        await KeepAsync("b", _films);
        Assert.True(await FindAsync("b"));
    }

    [Fact]
    public async Task Keep_File_IsEncrypted()
    {
        await Cache.CacheAsync("a", _films, "the words that must not be read"u8.ToArray(), default);
        await _catalogue.DisposeAsync();

        Assert.All(Directory.GetFiles(_home.PathOf("data"), "cache.db*"), f => Assert.DoesNotContain("must not be read", Encoding.Latin1.GetString(File.ReadAllBytes(f)), StringComparison.Ordinal));
        _catalogue = Open();
    }

    private TestCatalogue Open() => new(_time, _home, services => services.Configure<OfflineCacheOptions>(cache => cache.MaxSize = 1));

    private async Task KeepAsync(string key, long source)
    {
        await Cache.CacheAsync(key, source, new byte[Third], default);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> FindAsync(string key) => await Cache.FindAsync(key, default) is not null;
}
