using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>A scan that no user requested and that finds nothing writes nothing, and is reported like any other.</summary>
public sealed class QuietScanTests : IAsyncDisposable
{
    private static readonly Actor Anna = new(7, "anna", Permission.All, "127.0.0.9");
    private readonly TestCatalog _catalog = new();

    [Theory]
    [InlineData(ScanKind.Quick)]
    [InlineData(ScanKind.Full)]
    public async Task NothingNew_NotAByteIsWritten(ScanKind kind)
    {
        var source = await AddScannedSourceAsync();
        _catalog.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var (library, before) = (ReadLibrary(), ReadWriteTimes());
        Assert.Equal(0, before.Wal);

        var scans = new[] { await _catalog.ScanAsync(source, kind), await _catalog.ScanAsync(source, kind) };

        Assert.Equal(before, ReadWriteTimes());
        Assert.Equal(library, ReadLibrary());
        Assert.All(scans, s => Assert.Equal((kind, ScanState.Completed, 0L), (s.Kind, s.State, s.Added + s.Changed + s.Missing)));
        Assert.Equal([3, 2, 1], (await _catalog.Scans.LatestAsync(Actor.System, source, 10, default)).Select(s => s.Id));
        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(scans[1], status.LastScan! with { HeldFolders = scans[1].HeldFolders });
        Assert.NotNull(status.FreeBytes);
        Assert.IsType<ConflictError>((await _catalog.Scans.CancelAsync(Actor.System, 3, default)).Error);
    }

    [Fact]
    public async Task NothingNew_RowsFollowWithTheNextThatFindsSomething()
    {
        var source = await AddScannedSourceAsync();
        var quiet = await _catalog.ScanAsync(source, ScanKind.Quick);
        _catalog.Write("Films/New (2003).mkv");

        var found = await _catalog.ScanAsync(source, ScanKind.Full);

        Assert.Equal((3, 1), (found.Id, found.Added));
        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|1"], ReadScans());
        Assert.Equal(quiet.FinishedAt?.ToUnixTimeMilliseconds(), (await _catalog.Scans.GetAsync(Actor.System, 2, default)).Value.FinishedAt?.ToUnixTimeMilliseconds());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Asked_IsWrittenAtOnce_WithThoseBefore()
    {
        var source = await AddScannedSourceAsync();
        await _catalog.ScanAsync(source, ScanKind.Quick);

        var asked = (await _catalog.Scans.StartAsync(Anna, source, ScanKind.Quick, default)).Value;
        Assert.Equal(3, _catalog.Count("SELECT count(*) FROM scans"));
        await _catalog.Scans.WaitAsync(asked.Id, default);

        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|0"], ReadScans());
    }

    [Fact]
    public async Task Stopped_RowsAreWritten()
    {
        var source = await AddScannedSourceAsync();
        var quiet = await _catalog.ScanAsync(source, ScanKind.Quick);

        await _catalog.Scans.StopAsync();
        await _catalog.ReopenAsync();

        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal((2, quiet.FinishedAt?.ToUnixTimeMilliseconds()), (status.LastScan!.Id, status.LastScan.FinishedAt?.ToUnixTimeMilliseconds()));
        Assert.Equal(status.LastScan.FinishedAt, status.LastConnectedAt);
    }

    [Fact]
    public async Task Killed_NothingOfTheLibraryIsLost_AndScansGoOn()
    {
        var source = await AddScannedSourceAsync();
        var library = ReadLibrary();
        await _catalog.ScanAsync(source, ScanKind.Quick);

        await _catalog.ReopenAsync();     // without a stop
        await _catalog.Scans.RecoverAsync(default);

        Assert.Equal(library, ReadLibrary());
        Assert.Equal(1, Assert.Single(await _catalog.Scans.LatestAsync(Actor.System, source, 10, default)).Id);
        _catalog.Write("Films/New (2003).mkv");
        Assert.Equal((2, 1), await _catalog.ScanAsync(source, ScanKind.Full) is var found ? (found.Id, found.Added) : default);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Many_AreWrittenInOneGo()
    {
        var source = await AddScannedSourceAsync();
        for (var scan = 0; scan <= ScanHistory.MaxUnsaved; scan++)
        {
            Assert.Equal(1, _catalog.Count("SELECT count(*) FROM scans"));
            await _catalog.ScanAsync(source, ScanKind.Quick);
        }

        Assert.Equal(ScanHistory.MaxUnsaved + 2, _catalog.Count("SELECT count(*) FROM scans"));
        Assert.Equal(ScanHistory.MaxUnsaved + 3, (await _catalog.ScanAsync(source, ScanKind.Quick)).Id);
    }

    [Fact]
    public async Task SourceAway_IsWritten()
    {
        var source = await AddScannedSourceAsync();
        Directory.Move(_catalog.Root, _catalog.Root + "-away");

        var failed = await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal(["1|Completed|2", "2|Failed|0"], ReadScans());
        Assert.Equal(ScanState.Failed, failed.State);
        Directory.Move(_catalog.Root + "-away", _catalog.Root);
        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source, ScanKind.Quick)).State);
        Assert.Equal(["1|Completed|2", "2|Failed|0"], ReadScans());
    }

    [Fact]
    public async Task Losses_AreHeld_AndTheLookThatFindsAllBackReplacesThem()
    {
        var source = await AddScannedSourceAsync();
        Directory.Move(Path.Combine(_catalog.Root, "Films"), _catalog.Root + "-away");
        Assert.Equal(ScanState.Held, (await _catalog.ScanAsync(source, ScanKind.Full)).State);
        Directory.Move(_catalog.Root + "-away", Path.Combine(_catalog.Root, "Films"));

        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source, ScanKind.Full)).State);

        Assert.Equal(["1|Completed|2", "2|Completed|0", "3|Completed|0"], ReadScans());
        Assert.Equal("Held, and replaced by a later scan.", Assert.Single(_catalog.QueryRows("SELECT reason FROM scans WHERE id = 2")));
        CatalogInvariants.Check(_catalog);
    }

    /// <summary>The results of the unsaved scan count: the film was in both places then, so the other one is a copy.</summary>
    [Fact]
    public async Task CopyBesideAFilmThatAQuietLookStillSaw_IsNoMove()
    {
        _catalog.Write("a/Metropolis (1927).mkv");
        _catalog.Write("a/Other (1930).mkv");
        _catalog.Write("b/Third (1940).mkv");
        var a = (await _catalog.AddSourceAsync("A", Path.Combine(_catalog.Root, "a"))).Id;
        var b = (await _catalog.AddSourceAsync("B", Path.Combine(_catalog.Root, "b"))).Id;
        BackdateFolders();
        await _catalog.ScanAsync(a);
        await _catalog.ScanAsync(b);
        await _catalog.Scans.RecoverAsync(default);
        var (film, copy) = (Path.Combine(_catalog.Root, "a/Metropolis (1927).mkv"), Path.Combine(_catalog.Root, "b/Metropolis (1927).mkv"));
        File.Copy(film, copy);
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(film));
        Assert.Equal(1, (await _catalog.ScanAsync(b)).Added);
        Assert.Equal(0, (await _catalog.ScanAsync(a)).Missing);
        Assert.Equal(3, _catalog.Count("SELECT count(*) FROM scans"));

        _catalog.Delete("a/Metropolis (1927).mkv");
        var scan = await _catalog.ScanAsync(a);

        Assert.Equal((0, 1), (scan.Moved, scan.Missing));
        Assert.Equal(2, (await _catalog.FindOneAsync("Metropolis")).VersionCount);
        CatalogInvariants.Check(_catalog);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    /// <summary>A scanned source of two films, in a program that continues to run.</summary>
    private async Task<long> AddScannedSourceAsync()
    {
        _catalog.Write("Films/Metropolis (1927).mkv");
        _catalog.Write("Films/Other (1930).mkv");
        BackdateFolders();
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        await _catalog.Scans.RecoverAsync(default);
        return source.Id;
    }

    /// <summary>Folders that were just written to are listed again, because their times prove nothing yet; these are set back.</summary>
    private void BackdateFolders()
    {
        foreach (var folder in Directory.EnumerateDirectories(_catalog.Root, "*", SearchOption.AllDirectories).Append(_catalog.Root))
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-1));
        }
    }

    private (long Wal, DateTime At, DateTime File) ReadWriteTimes() => (
        new FileInfo(_catalog.DatabasePath + "-wal").Length, File.GetLastWriteTimeUtc(_catalog.DatabasePath + "-wal"), File.GetLastWriteTimeUtc(_catalog.DatabasePath));

    private List<string> ReadScans() => _catalog.QueryRows("SELECT id, state, added FROM scans ORDER BY id");

    private List<string> ReadLibrary() =>
        [.. new[] { "folders", "files", "media_items", "media_versions", "file_events", "file_counts", "scans" }.SelectMany(t => _catalog.QueryRows(string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {t}")))];
}
