using System.Security.Cryptography;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share behind a bad line: in the end the catalogue holds what it would hold after a good one.</summary>
[Trait("Category", "Server")]
public sealed class TroubledLineTests : IAsyncLifetime
{
    private const int Folders = 60;
    private const int FilesEach = 10;
    private const int All = Folders * FilesEach;

    /// <summary>By how much trouble may multiply what the server is asked.</summary>
    private const int MostRequests = 3;

    private readonly TestCatalogue _catalogue = new();
    private SmbServer _server = null!;
    private TroubledLine _line = null!;

    private SourceDraft Behind => SmbSources.On(_server) with { Port = _line.Port };

    public async Task InitializeAsync()
    {
        _server = await SmbServer.StartAsync();
        for (var i = 0; i < All; i++)
        {
            _server.Write($"auth/Series/Harbour of Many Names {i / FilesEach:00}/Season 01/Harbour.of.Many.Names.{i / FilesEach:00}.S01E{1 + (i % FilesEach):00}.1080p.BluRay.x264.mkv");
        }

        _line = TroubledLine.To(_server);
    }

    public async Task DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        await _line.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Scan_SlowAndFarAway_IsTheSame()
    {
        var calm = await CalmAsync();
        _line.Delay = TimeSpan.FromMilliseconds(20);
        _line.BytesPerSecond = 1_000_000 / 8;

        await SameAsync(calm);

        Assert.Equal(0, _line.Resets);
    }

    [Fact]
    public async Task Scan_FifthOfAllPacketsLost_IsTheSame()
    {
        var calm = await CalmAsync();
        _line.Lost = 0.2;

        await SameAsync(calm);

        Assert.Equal(0, _line.Resets);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000)]
    public async Task Scan_ResetAgainAndAgain_IsTheSame(int every)
    {
        var calm = await CalmAsync();
        _line.ResetEvery = every;

        await SameAsync(calm);

        Assert.InRange(_line.Resets, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutInTheMiddle_IsTheSame()
    {
        var calm = await CalmAsync();
        var cut = _line.CutAfter(calm.Bytes / 2);

        await SameAsync(calm);

        Assert.True(cut.IsCompletedSuccessfully);
        Assert.InRange(_line.Resets, 1, int.MaxValue);
    }

    [Fact]
    public async Task Scan_CutAndRefusedForAWhile_GoesOnByItself()
    {
        var calm = await CalmAsync();
        var source = (await _catalogue.AddAsync(Behind)).Id;
        await using var kept = await ReturningSource.KeepAsync(_catalogue);
        var cut = _line.CutAfter(calm.Bytes / 2);
        var scan = (await _catalogue.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await cut.WaitAsync(TimeSpan.FromSeconds(60));
        _line.Refuses = true;
        _line.Cut();
        await kept.UntilAsync(s => s.State != "closed");
        await _catalogue.Scans.WaitAsync(scan.Id, default);
        _line.Refuses = false;

        await kept.UntilAsync(s => s is { State: "closed", LastScan.State: ScanState.Completed, PresentFiles: All });
        CheckSame(calm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_CutInTheMiddle_IsReadToTheEnd(bool againAndAgain)
    {
        var content = RandomNumberGenerator.GetBytes(12_000_000);
        await File.WriteAllBytesAsync(_server.PathOf("auth/Long Film (2001).mkv"), content);
        await _catalogue.ScanAsync((await _catalogue.AddAsync(Behind)).Id);
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
        var source = (await _catalogue.AddAsync(Behind with { Watch = true })).Id;
        await _catalogue.ScanAsync(source);
        await using var kept = await ReturningSource.KeepAsync(_catalogue, watches: true);
        await kept.UntilAsync(s => s.Watching == "live");
        var (file, number) = (_server.PathOf("new.mkv"), 2001);
        await File.WriteAllTextAsync(file, "new");

        foreach (var refuses in (bool[])[false, true])
        {
            _line.Refuses = refuses;
            _line.Cut();
            await kept.UntilAsync(s => s.Watching == "polled");
            await _server.PutAsync($"Meanwhile ({number++}).mkv", file);
            _line.Refuses = false;

            await kept.UntilAsync(s => s is { State: "closed", Watching: "live" } && s.PresentFiles == All + number - 2001);
            await _server.PutAsync($"Afterwards ({number++}).mkv", file);
            var found = await kept.UntilAsync(s => s.PresentFiles == All + number - 2001);
            Assert.Equal((0, 0), (found.UnknownFiles, found.MissingFiles));
        }

        Assert.Equal(0, _catalogue.Count("SELECT sum(missing) FROM scans"));
        CatalogueTruth.Check(_catalogue);
    }

    /// <summary>What a scan over a good line makes of the share, and what it costs.</summary>
    private async Task<Calm> CalmAsync()
    {
        await using var catalogue = new TestCatalogue();
        var (requests, bytes) = (_line.Requests, _line.Bytes);
        var scan = await catalogue.ScanAsync((await catalogue.AddAsync(Behind)).Id);
        Assert.Equal((ScanState.Completed, (long)All), (scan.State, scan.Added));
        return new Calm(CataloguePicture.Take(catalogue, null), _line.Requests - requests, _line.Bytes - bytes);
    }

    private async Task SameAsync(Calm calm)
    {
        var source = (await _catalogue.AddAsync(Behind)).Id;
        var requests = _line.Requests;

        foreach (var kind in (ScanKind[])[ScanKind.Full, ScanKind.Full])
        {
            var scan = await _catalogue.ScanAsync(source, kind);
            Assert.True(scan is { State: ScanState.Completed, Missing: 0, FailedFolders: 0 }, $"{scan.State} {scan.Reason}");
        }

        Assert.InRange(_line.Requests - requests, 1, 2 * MostRequests * calm.Requests);
        CheckSame(calm);
    }

    private void CheckSame(Calm calm)
    {
        Assert.Equal("", CataloguePicture.Differences(calm.Picture, CataloguePicture.Take(_catalogue, null)));
        Assert.Equal(0, _catalogue.Count("SELECT sum(missing) FROM scans"));
        CatalogueTruth.Check(_catalogue);
    }

    private sealed record Calm(List<string> Picture, int Requests, long Bytes);
}
