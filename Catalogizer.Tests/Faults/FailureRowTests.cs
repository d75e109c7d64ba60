using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Faults;

/// <summary>External failures leave a row in the error log, with the component, what failed, and how often; and never many rows.</summary>
public sealed class FailureRowTests : IAsyncDisposable
{
    private readonly FaultySource _faultySource = new();
    private TestCatalog? _catalog;

    public ValueTask DisposeAsync() => _catalog?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Source_Gone_IsARowForTheOutageAndOneForItsScans()
    {
        var source = await AddScannedSourceAsync(new TestCatalog());
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog!);
        Directory.Move(_catalog!.Root, _catalog.Root + ".away");

        await _catalog.RunAndSaveErrorsAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source, ScanKind.Quick)).State);
            }

            await reconnecting.WaitUntilAsync(s => s.State != "closed");
            Directory.Move(_catalog.Root + ".away", _catalog.Root);
            await reconnecting.WaitUntilAsync(s => s.State == "closed");        // the alert about the outage is published by then
        });

        Assert.Equal(["Scanning|Films|3|The scan of Films failed", "Sources|Films|1|Films is away"], ReadErrorRows());
    }

    [Fact]
    public async Task Folder_GivesErrors_IsARow()
    {
        var source = await AddScannedSourceAsync(new TestCatalog(configureServices: _faultySource.Register));
        _faultySource.BeforeAccess = folder =>
        {
            if (folder == "Deep")
            {
                throw new SourceException(SourceErrorKind.Denied, "This user may not read it.");
            }
        };

        await _catalog!.RunAndSaveErrorsAsync(async () =>
        {
            await _catalog!.ScanAsync(source);
            await _catalog.ScanAsync(source);
        });

        Assert.Equal(["Scanning|Films|2|1 folders of Films could not be read; what is in them is unknown until they can be"], ReadErrorRows());
    }

    [Fact]
    public async Task SourceThatIsMostlyOffline_Away_IsNoError()
    {
        var source = await AddScannedSourceAsync(new TestCatalog());
        await _catalog!.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Mode = "mostlyOffline" }, default);
        Directory.Move(_catalog.Root, _catalog.Root + ".away");

        await _catalog.RunAndSaveErrorsAsync(async () =>
        {
            Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source, ScanKind.Quick)).State);
            _catalog.Services.GetRequiredService<ErrorQueue>().TryEnqueue("Catalogizer.Domain.Operations.ErrorLog.Test", "Something else.", null, null);
        });

        Assert.Equal(["ErrorLog|Catalogizer.Domain.Operations.ErrorLog.Test|1|Something else."], ReadErrorRows());
    }

    [Theory]
    [InlineData(500, "TMDB could not be asked: TMDB answered with 500.")]
    [InlineData(401, "TMDB could not be asked: TMDB refuses the key that is set for it.")]
    public async Task Provider_Fails_IsARowForTheOutageWhateverIsAskedMeanwhile(int status, string message)
    {
        await using var bench = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        bench.Server.Override = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        await bench.Catalog.RunAndSaveErrorsAsync(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
            }
        });

        Assert.Equal([$"Metadata|TMDB|1|{message}"], ReadErrorRows(bench.Catalog));
    }

    [Fact]
    public async Task SharedCache_Gone_IsARow()
    {
        await using var bench = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", configureServices: services => services.AddSingleton<IDistributedCache, UnavailableCache>());
        bench.Server.Bodies["/search/movie"] = """{"results":[]}""";

        await bench.Catalog.RunAndSaveErrorsAsync(async () =>
        {
            await bench.SearchAsync("tmdb", MediaKind.Film, "One");
            await bench.SearchAsync("tmdb", MediaKind.Film, "Two");
        });

        Assert.Equal(["Caching|Redis|1|Redis is left out until it answers: gone"], ReadErrorRows(bench.Catalog));
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Files_ThatAreNoMedia_AreARowAndAList()
    {
        await AddScannedSourceAsync(new TestCatalog());

        await _catalog!.RunAndSaveErrorsAsync(() => _catalog!.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default));

        Assert.Equal(["Quality|Films|1|2 files of Films could not be read; they are listed at Health"], ReadErrorRows());
        var failed = await _catalog!.Services.GetRequiredService<FailedAnalyses>().ListAsync(Actor.System, null, 10, default);
        Assert.Equal(2, failed.Total);
        Assert.Equal(["A (2001).mkv", "Deep/B (2002).mkv"], failed.Analyses.Select(c => c.Path).Order(StringComparer.Ordinal));
        Assert.All(failed.Analyses, copy => Assert.NotEmpty(copy.Error));
    }

    [Theory]
    [Trait("Category", "Server")]
    [InlineData("killed", "Nothing answers on")]
    [InlineData("refused", "does not accept this user name or password")]
    public async Task Share_Fails_IsARow(string failure, string why)
    {
        await using var server = await SmbServer.StartAsync();
        server.Write("auth/A (2001).mkv");
        _catalog = new TestCatalog();
        var source = (await _catalog.AddAsync(SmbSources.CreateDraft(server) with { Password = failure == "refused" ? "another" : SmbServer.Password })).Id;
        if (failure == "killed")
        {
            await _catalog.ScanAsync(source);
            await server.KillAsync();
        }

        await _catalog.RunAndSaveErrorsAsync(async () => Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source)).State));

        Assert.Contains(why, Assert.Single(_catalog.QueryRows("SELECT message FROM error_logs WHERE component = 'Scanning' AND place = 'auth'")), StringComparison.Ordinal);
    }

    private async Task<long> AddScannedSourceAsync(TestCatalog catalog)
    {
        _catalog = catalog;
        catalog.Write("A (2001).mkv");
        catalog.Write("Deep/B (2002).mkv");
        var source = (await catalog.AddSourceAsync()).Id;
        await catalog.ScanAsync(source);
        return source;
    }

    /// <summary>The component, what failed, the count, and the message up to the system's reason.</summary>
    private List<string> ReadErrorRows(TestCatalog? catalog = null) =>
        (catalog ?? _catalog!).QueryRows("SELECT component || '|' || place || '|' || count || '|' || CASE component WHEN 'Metadata' THEN message WHEN 'Caching' THEN message ELSE substr(message, 1, iif(instr(message, ':') > 0, instr(message, ':') - 1, 1000)) END FROM error_logs ORDER BY component");

    private sealed class UnavailableCache : IDistributedCache
    {
        public byte[]? Get(string key) => throw new IOException("gone");

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => throw new IOException("gone");

        public void Refresh(string key) => throw new IOException("gone");

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new IOException("gone");

        public void Remove(string key) => throw new IOException("gone");

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new IOException("gone");

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new IOException("gone");

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => throw new IOException("gone");
    }
}
