using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share behind a bad line: in the end the catalogue holds what it would hold after a good one.</summary>
[Trait("Category", "Server")]
public sealed class TroubledLineTests(SeriesShare share) : IClassFixture<SeriesShare>, IAsyncDisposable
{
    /// <summary>By how much trouble may multiply what the server is asked.</summary>
    private const int MostRequests = 3;

    private readonly TestCatalogue _catalogue = new();
    private readonly SmbServer _server = share.Server;
    private readonly TroubledLine _line = TroubledLine.To(share.Server);

    public async ValueTask DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task Scan_SlowAndFarAway_IsTheSame()
    {
        _line.Delay = TimeSpan.FromMilliseconds(20);
        _line.BytesPerSecond = 1_000_000 / 8;

        await SameAsync();

        Assert.Equal(0, _line.Resets);
    }

    [Fact]
    public async Task Scan_FifthOfAllPacketsLost_IsTheSame()
    {
        _line.Lost = 0.2;

        await SameAsync();

        Assert.Equal(0, _line.Resets);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000)]
    public async Task Scan_ResetAgainAndAgain_IsTheSame(int every)
    {
        _line.ResetEvery = every;

        await SameAsync();

        Assert.InRange(_line.Resets, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutInTheMiddle_IsTheSame()
    {
        var cut = _line.CutAfter(share.Calm.Bytes / 2);

        await SameAsync();

        Assert.True(cut.IsCompletedSuccessfully);
        Assert.InRange(_line.Resets, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutAndRefusedForAWhile_GoesOnByItself()
    {
        var source = (await _catalogue.AddAsync(share.Behind(_line))).Id;
        await using var kept = await ReturningSource.KeepAsync(_catalogue);
        var cut = _line.CutAfter(share.Calm.Bytes / 2);
        var scan = (await _catalogue.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await cut.WaitAsync(TimeSpan.FromSeconds(60));
        _line.Refuses = true;
        _line.Cut();
        await kept.UntilAsync(s => s.State != "closed");
        await _catalogue.Scans.WaitAsync(scan.Id, default);
        _line.Refuses = false;

        await kept.UntilAsync(s => s is { State: "closed", LastScan.State: ScanState.Completed, PresentFiles: SeriesShare.Files });
        CheckSame();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_CutInTheMiddle_IsReadToTheEnd(bool againAndAgain)
    {
        var content = TestRun.Bytes(12_000_000);
        _server.Write("auth/Films/Long Film (2001).mkv");
        await File.WriteAllBytesAsync(_server.PathOf("auth/Films/Long Film (2001).mkv"), content);
        await _catalogue.ScanAsync((await _catalogue.AddAsync(share.Behind(_line, "Films"))).Id);
        var version = _catalogue.Count("SELECT version_id FROM files WHERE name = 'Long Film (2001).mkv'");
        await using var stream = (await _catalogue.Media.OpenAsync(Actor.System, version, default)).Value.Content;
        var read = new byte[content.Length];
        await stream.ReadExactlyAsync(read.AsMemory(0, 4_000_000));
        var (requests, bytes) = (_line.Requests, _line.Bytes);

        _line.ResetEvery = againAndAgain ? 2_500_000 : null;
        _line.Cut();
        await stream.ReadExactlyAsync(read.AsMemory(4_000_000));

        Assert.True(read.AsSpan().SequenceEqual(content));
        Assert.InRange(_line.Resets, againAndAgain ? 3 : 1, 20);
        Assert.InRange(_line.Bytes - bytes, 1, MostRequests * 8_000_000L);
        Assert.InRange(_line.Requests - requests, 1, 1000);
    }

    [Fact]
    public async Task Watch_Cut_StandsAgainAndFindsWhatChangedMeanwhile()
    {
        _server.Write("auth/Watched/There (2000).mkv");
        var source = (await _catalogue.AddAsync(share.Behind(_line, "Watched") with { Watch = true })).Id;
        await _catalogue.ScanAsync(source);
        await using var kept = await ReturningSource.KeepAsync(_catalogue, watches: true);
        await kept.UntilAsync(s => s.Watching == "live");
        var (file, year) = (_server.PathOf("new.mkv"), 2000);
        await File.WriteAllTextAsync(file, "new");

        foreach (var refuses in (bool[])[false, true])
        {
            _line.Refuses = refuses;
            _line.Cut();
            if (refuses)
            {
                await kept.UntilAsync(s => s.Watching == "polled");     // otherwise it may stand again before anybody sees that
            }

            await _server.PutAsync($"Watched/Meanwhile ({++year}).mkv", file);
            _line.Refuses = false;

            await kept.UntilAsync(s => s is { State: "closed", Watching: "live" } && s.PresentFiles == year - 1999);
            await _server.PutAsync($"Watched/Afterwards ({++year}).mkv", file);
            var found = await kept.UntilAsync(s => s.PresentFiles == year - 1999);
            Assert.Equal((0, 0), (found.UnknownFiles, found.MissingFiles));
        }

        Assert.Equal(0, _catalogue.Count("SELECT sum(missing) FROM scans"));
        CatalogueTruth.Check(_catalogue);
    }

    private async Task SameAsync()
    {
        var source = (await _catalogue.AddAsync(share.Behind(_line))).Id;

        foreach (var kind in (ScanKind[])[ScanKind.Full, ScanKind.Full])
        {
            var scan = await _catalogue.ScanAsync(source, kind);
            Assert.True(scan is { State: ScanState.Completed, Missing: 0, FailedFolders: 0 }, $"{scan.State} {scan.Reason}");
        }

        Assert.InRange(_line.Requests, 1, 2 * MostRequests * share.Calm.Requests);
        CheckSame();
    }

    private void CheckSame()
    {
        Assert.Equal("", CataloguePicture.Differences(share.Calm.Picture, CataloguePicture.Take(_catalogue, null)));
        Assert.Equal(0, _catalogue.Count("SELECT sum(missing) FROM scans"));
        CatalogueTruth.Check(_catalogue);
    }
}

/// <summary>A share with some series on it, and what a scan over a good line makes of them.</summary>
public sealed class SeriesShare : IAsyncLifetime
{
    private const int Series = 24;
    private const int Episodes = 12;

    public const int Files = Series * Episodes;

    public SmbServer Server { get; private set; } = null!;

    /// <summary>What a scan over a good line makes of the series, and what it costs.</summary>
    internal (List<string> Picture, int Requests, long Bytes) Calm { get; private set; }

    public async Task InitializeAsync()
    {
        Server = await SmbServer.StartAsync();
        for (var i = 0; i < Files; i++)
        {
            Server.Write($"auth/Series/Harbour of Many Names {i / Episodes:00}/Harbour.of.Many.Names.{i / Episodes:00}.S01E{1 + (i % Episodes):00}.1080p.BluRay.x264.mkv");
        }

        await using var line = TroubledLine.To(Server);
        await using var catalogue = new TestCatalogue();
        var scan = await catalogue.ScanAsync((await catalogue.AddAsync(Behind(line))).Id);
        Assert.Equal((ScanState.Completed, (long)Files), (scan.State, scan.Added));
        Calm = (CataloguePicture.Take(catalogue, null), line.Requests, line.Bytes);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal SourceDraft Behind(TroubledLine line, string folder = "Series") => SmbSources.On(Server, folder: folder) with { Port = line.Port };
}
