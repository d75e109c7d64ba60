using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>A scan that nobody asked for and that finds nothing writes nothing, and is told of like any other.</summary>
public sealed class QuietScanTests : IAsyncDisposable
{
    private static readonly Actor Anna = new(7, "anna", Permission.All, "127.0.0.9");
    private readonly TestCatalogue _catalogue = new();

    [Theory]
    [InlineData(ScanKind.Quick)]
    [InlineData(ScanKind.Full)]
    public async Task NothingNew_NotAByteIsWritten(ScanKind kind)
    {
        var source = await ScannedAsync();
        _catalogue.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var (library, before) = (Library(), Written());
        Assert.Equal(0, before.Wal);

        var scans = new[] { await _catalogue.ScanAsync(source, kind), await _catalogue.ScanAsync(source, kind) };

        Assert.Equal(before, Written());
        Assert.Equal(library, Library());
        Assert.All(scans, s => Assert.Equal((kind, ScanState.Completed, 0L), (s.Kind, s.State, s.Added + s.Changed + s.Missing)));
        Assert.Equal([3, 2, 1], (await _catalogue.Scans.LatestAsync(Actor.System, source, 10, default)).Select(s => s.Id));
        var status = Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(scans[1], status.LastScan! with { HeldFolders = scans[1].HeldFolders });
        Assert.NotNull(status.FreeBytes);
        Assert.IsType<ConflictError>((await _catalogue.Scans.CancelAsync(Actor.System, 3, default)).Error);
    }

    [Fact]
    public async Task NothingNew_RowsFollowWithTheNextThatFindsSomething()
    {
        var source = await ScannedAsync();
        var quiet = await _catalogue.ScanAsync(source, ScanKind.Quick);
        _catalogue.Write("Films/New (2003).mkv");

        var found = await _catalogue.ScanAsync(source, ScanKind.Full);

        Assert.Equal((3, 1), (found.Id, found.Added));
        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|1"], Rows());
        Assert.Equal(quiet.FinishedAt?.ToUnixTimeMilliseconds(), (await _catalogue.Scans.GetAsync(Actor.System, 2, default)).Value.FinishedAt?.ToUnixTimeMilliseconds());
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Asked_IsWrittenAtOnce_WithThoseBefore()
    {
        var source = await ScannedAsync();
        await _catalogue.ScanAsync(source, ScanKind.Quick);

        var asked = (await _catalogue.Scans.StartAsync(Anna, source, ScanKind.Quick, default)).Value;
        Assert.Equal(3, _catalogue.Count("SELECT count(*) FROM scans"));
        await _catalogue.Scans.WaitAsync(asked.Id, default);

        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|0"], Rows());
    }

    [Fact]
    public async Task Stopped_RowsAreWritten()
    {
        var source = await ScannedAsync();
        var quiet = await _catalogue.ScanAsync(source, ScanKind.Quick);

        await _catalogue.Scans.StopAsync();
        await _catalogue.ReopenAsync();

        var status = Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));
        Assert.Equal((2, quiet.FinishedAt?.ToUnixTimeMilliseconds()), (status.LastScan!.Id, status.LastScan.FinishedAt?.ToUnixTimeMilliseconds()));
        Assert.Equal(status.LastScan.FinishedAt, status.LastConnectedAt);
    }

    [Fact]
    public async Task Killed_NothingOfTheLibraryIsLost_AndScansGoOn()
    {
        var source = await ScannedAsync();
        var library = Library();
        await _catalogue.ScanAsync(source, ScanKind.Quick);

        await _catalogue.ReopenAsync();     // without a stop
        await _catalogue.Scans.RecoverAsync(default);

        Assert.Equal(library, Library());
        Assert.Equal(1, Assert.Single(await _catalogue.Scans.LatestAsync(Actor.System, source, 10, default)).Id);
        _catalogue.Write("Films/New (2003).mkv");
        Assert.Equal((2, 1), await _catalogue.ScanAsync(source, ScanKind.Full) is var found ? (found.Id, found.Added) : default);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Many_AreWrittenInOneGo()
    {
        var source = await ScannedAsync();
        for (var scan = 0; scan <= ScanHistory.MaxUnsaved; scan++)
        {
            Assert.Equal(1, _catalogue.Count("SELECT count(*) FROM scans"));
            await _catalogue.ScanAsync(source, ScanKind.Quick);
        }

        Assert.Equal(ScanHistory.MaxUnsaved + 2, _catalogue.Count("SELECT count(*) FROM scans"));
        Assert.Equal(ScanHistory.MaxUnsaved + 3, (await _catalogue.ScanAsync(source, ScanKind.Quick)).Id);
    }

    [Fact]
    public async Task SourceAway_IsWritten()
    {
        var source = await ScannedAsync();
        Directory.Move(_catalogue.Root, _catalogue.Root + "-away");

        var failed = await _catalogue.ScanAsync(source, ScanKind.Quick);

        Assert.Equal(["1|Completed|2", "2|Failed|0"], Rows());
        Assert.Equal(ScanState.Failed, failed.State);
        Directory.Move(_catalogue.Root + "-away", _catalogue.Root);
        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(source, ScanKind.Quick)).State);
        Assert.Equal(["1|Completed|2", "2|Failed|0"], Rows());
    }

    [Fact]
    public async Task Losses_AreHeld_AndTheLookThatFindsAllBackReplacesThem()
    {
        var source = await ScannedAsync();
        Directory.Move(Path.Combine(_catalogue.Root, "Films"), _catalogue.Root + "-away");
        Assert.Equal(ScanState.Held, (await _catalogue.ScanAsync(source, ScanKind.Full)).State);
        Directory.Move(_catalogue.Root + "-away", Path.Combine(_catalogue.Root, "Films"));

        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(source, ScanKind.Full)).State);

        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|0"], Rows());
        Assert.Equal("Held, and replaced by a later scan.", Assert.Single(_catalogue.Rows("SELECT reason FROM scans WHERE id = 2")));
        CatalogueTruth.Check(_catalogue);
    }

    /// <summary>What the quiet look saw counts: the film was in both places then, so that the other one is a copy.</summary>
    [Fact]
    public async Task CopyBesideAFilmThatAQuietLookStillSaw_IsNoMove()
    {
        _catalogue.Write("a/Metropolis (1927).mkv");
        _catalogue.Write("a/Other (1930).mkv");
        _catalogue.Write("b/Third (1940).mkv");
        var a = (await _catalogue.AddSourceAsync("A", Path.Combine(_catalogue.Root, "a"))).Id;
        var b = (await _catalogue.AddSourceAsync("B", Path.Combine(_catalogue.Root, "b"))).Id;
        Settle();
        await _catalogue.ScanAsync(a);
        await _catalogue.ScanAsync(b);
        await _catalogue.Scans.RecoverAsync(default);
        var (film, copy) = (Path.Combine(_catalogue.Root, "a/Metropolis (1927).mkv"), Path.Combine(_catalogue.Root, "b/Metropolis (1927).mkv"));
        File.Copy(film, copy);
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(film));
        Assert.Equal(1, (await _catalogue.ScanAsync(b)).Added);
        Assert.Equal(0, (await _catalogue.ScanAsync(a)).Missing);
        Assert.Equal(3, _catalogue.Count("SELECT count(*) FROM scans"));

        _catalogue.Delete("a/Metropolis (1927).mkv");
        var scan = await _catalogue.ScanAsync(a);

        Assert.Equal((0, 1), (scan.Moved, scan.Missing));
        Assert.Equal(2, (await _catalogue.OneAsync("Metropolis")).VersionCount);
        CatalogueTruth.Check(_catalogue);
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    /// <summary>A source of two films, scanned, in a program that goes on.</summary>
    private async Task<long> ScannedAsync()
    {
        _catalogue.Write("Films/Metropolis (1927).mkv");
        _catalogue.Write("Films/Other (1930).mkv");
        Settle();
        var source = await _catalogue.AddSourceAsync();
        await _catalogue.ScanAsync(source.Id);
        await _catalogue.Scans.RecoverAsync(default);
        return source.Id;
    }

    /// <summary>What was written to just now is looked at again, because its time proves nothing yet; here nothing was.</summary>
    private void Settle()
    {
        foreach (var folder in Directory.EnumerateDirectories(_catalogue.Root, "*", SearchOption.AllDirectories).Append(_catalogue.Root))
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-1));
        }
    }

    private (long Wal, DateTime At, DateTime File) Written() => (
        new FileInfo(_catalogue.DatabasePath + "-wal").Length, File.GetLastWriteTimeUtc(_catalogue.DatabasePath + "-wal"), File.GetLastWriteTimeUtc(_catalogue.DatabasePath));

    private List<string> Rows() => _catalogue.Rows("SELECT id, state, added FROM scans ORDER BY id");

    private List<string> Library() =>
        [.. new[] { "folders", "files", "media_items", "media_versions", "file_events", "file_counts", "scans" }.SelectMany(t => _catalogue.Rows(string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {t}")))];
}
