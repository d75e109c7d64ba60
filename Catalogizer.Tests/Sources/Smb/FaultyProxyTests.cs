using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share over a bad connection: in the end the catalogue has what it would have over a good one.</summary>
[Trait("Category", "Server")]
public sealed class FaultyProxyTests(SeriesShare share) : IClassFixture<SeriesShare>, IAsyncDisposable
{
    /// <summary>The factor by which connection problems may multiply the requests to the server.</summary>
    private const int MaxRequestFactor = 3;

    private readonly TestCatalog _catalog = new();
    private readonly SmbServer _server = share.Server;
    private readonly FaultyProxy _proxy = FaultyProxy.CreateFor(share.Server);

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Scan_SlowAndFarAway_IsTheSame()
    {
        _proxy.Delay = TimeSpan.FromMilliseconds(20);
        _proxy.BytesPerSecond = 1_000_000 / 8;

        await AssertScansMatchAsync();

        Assert.Equal(0, _proxy.ResetCount);
    }

    [Fact]
    public async Task Scan_FifthOfAllPacketsLost_IsTheSame()
    {
        _proxy.LossRate = 0.2;

        await AssertScansMatchAsync();

        Assert.Equal(0, _proxy.ResetCount);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000)]
    public async Task Scan_ResetAgainAndAgain_IsTheSame(int every)
    {
        _proxy.ResetEveryBytes = every;

        await AssertScansMatchAsync();

        Assert.InRange(_proxy.ResetCount, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutInTheMiddle_IsTheSame()
    {
        var cut = _proxy.ResetAllAfterAsync(share.Baseline.Bytes / 2);

        await AssertScansMatchAsync();

        Assert.True(cut.IsCompletedSuccessfully);
        Assert.InRange(_proxy.ResetCount, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutAndRefusedForAWhile_GoesOnByItself()
    {
        var source = (await _catalog.AddAsync(share.CreateDraft(_proxy))).Id;
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        var cut = _proxy.ResetAllAfterAsync(share.Baseline.Bytes / 2);
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await cut.WaitAsync(TimeSpan.FromSeconds(60));
        _proxy.RefusesConnections = true;
        _proxy.ResetAll();
        await reconnecting.WaitUntilAsync(s => s.State != "closed");
        await _catalog.Scans.WaitAsync(scan.Id, default);
        _proxy.RefusesConnections = false;

        await reconnecting.WaitUntilAsync(s => s is { State: "closed", LastScan.State: ScanState.Completed, PresentFiles: SeriesShare.FileCount });
        AssertSameCatalog();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_CutInTheMiddle_IsReadToTheEnd(bool againAndAgain)
    {
        var content = TestRun.RandomBytes(12_000_000);
        _server.Write("auth/Films/Long Film (2001).mkv");
        await File.WriteAllBytesAsync(_server.PathOf("auth/Films/Long Film (2001).mkv"), content);
        await _catalog.ScanAsync((await _catalog.AddAsync(share.CreateDraft(_proxy, "Films"))).Id);
        var version = _catalog.Count("SELECT version_id FROM files WHERE name = 'Long Film (2001).mkv'");
        await using var stream = (await _catalog.Media.OpenAsync(Actor.System, version, default)).Value.Content;
        var read = new byte[content.Length];
        await stream.ReadExactlyAsync(read.AsMemory(0, 4_000_000));
        var (requests, bytes) = (_proxy.RequestCount, _proxy.ServerBytes);

        _proxy.ResetEveryBytes = againAndAgain ? 2_500_000 : null;
        _proxy.ResetAll();
        await stream.ReadExactlyAsync(read.AsMemory(4_000_000));

        Assert.True(read.AsSpan().SequenceEqual(content));
        Assert.InRange(_proxy.ResetCount, againAndAgain ? 3 : 1, 20);
        Assert.InRange(_proxy.ServerBytes - bytes, 1, MaxRequestFactor * 8_000_000L);
        Assert.InRange(_proxy.RequestCount - requests, 1, 1000);
    }

    [Fact]
    public async Task Watch_Cut_StandsAgainAndFindsWhatChangedMeanwhile()
    {
        _server.Write("auth/Watched/There (2000).mkv");
        var source = (await _catalog.AddAsync(share.CreateDraft(_proxy, "Watched") with { Watch = true })).Id;
        await _catalog.ScanAsync(source);
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, watchForChanges: true);
        await reconnecting.WaitUntilAsync(s => s.Watching == "live");
        var (file, year) = (_server.PathOf("new.mkv"), 2000);
        await File.WriteAllTextAsync(file, "new");

        foreach (var refuses in (bool[])[false, true])
        {
            _proxy.RefusesConnections = refuses;
            _proxy.ResetAll();
            if (refuses)
            {
                await reconnecting.WaitUntilAsync(s => s.Watching == "polled");     // otherwise the watch may be restored before the status is read
            }

            await _server.UploadAsync($"Watched/Meanwhile ({++year}).mkv", file);
            _proxy.RefusesConnections = false;

            await reconnecting.WaitUntilAsync(s => s is { State: "closed", Watching: "live" } && s.PresentFiles == year - 1999);
            await _server.UploadAsync($"Watched/Afterwards ({++year}).mkv", file);
            var found = await reconnecting.WaitUntilAsync(s => s.PresentFiles == year - 1999);
            Assert.Equal((0, 0), (found.UnknownFiles, found.MissingFiles));
        }

        Assert.Equal(0, _catalog.Count("SELECT sum(missing) FROM scans"));
        CatalogInvariants.Check(_catalog);
    }

    private async Task AssertScansMatchAsync()
    {
        var source = (await _catalog.AddAsync(share.CreateDraft(_proxy))).Id;

        foreach (var kind in (ScanKind[])[ScanKind.Full, ScanKind.Full])
        {
            var scan = await _catalog.ScanAsync(source, kind);
            Assert.True(scan is { State: ScanState.Completed, Missing: 0, FailedFolders: 0 }, $"{scan.State} {scan.Reason}");
        }

        Assert.InRange(_proxy.RequestCount, 1, 2 * MaxRequestFactor * share.Baseline.Requests);
        AssertSameCatalog();
    }

    private void AssertSameCatalog()
    {
        Assert.Equal("", CatalogSnapshot.FindDifferences(share.Baseline.Picture, CatalogSnapshot.Capture(_catalog, null)));
        Assert.Equal(0, _catalog.Count("SELECT sum(missing) FROM scans"));
        CatalogInvariants.Check(_catalog);
    }
}

/// <summary>A share with some series, and the result of scanning them over a good connection.</summary>
public sealed class SeriesShare : IAsyncLifetime
{
    private const int SeriesCount = 24;
    private const int EpisodeCount = 12;

    public const int FileCount = SeriesCount * EpisodeCount;

    public SmbServer Server { get; private set; } = null!;

    /// <summary>The result of scanning the series over a good connection, and its cost.</summary>
    internal (List<string> Picture, int Requests, long Bytes) Baseline { get; private set; }

    public async Task InitializeAsync()
    {
        Server = await SmbServer.StartAsync();
        for (var i = 0; i < FileCount; i++)
        {
            Server.Write($"auth/Series/Harbour of Many Names {i / EpisodeCount:00}/Harbour.of.Many.Names.{i / EpisodeCount:00}.S01E{1 + (i % EpisodeCount):00}.1080p.BluRay.x264.mkv");
        }

        await using var proxy = FaultyProxy.CreateFor(Server);
        await using var catalog = new TestCatalog();
        var scan = await catalog.ScanAsync((await catalog.AddAsync(CreateDraft(proxy))).Id);
        Assert.Equal((ScanState.Completed, (long)FileCount), (scan.State, scan.Added));
        Baseline = (CatalogSnapshot.Capture(catalog, null), proxy.RequestCount, proxy.ServerBytes);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal SourceDraft CreateDraft(FaultyProxy proxy, string folder = "Series") => SmbSources.CreateDraft(Server, folder: folder) with { Port = proxy.Port };
}
