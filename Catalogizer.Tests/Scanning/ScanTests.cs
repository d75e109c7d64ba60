using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

public sealed class ScanTests : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TestCatalog _catalog = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Scan_RealFolder_BecomesWorksVersionsAndSidecars()
    {
        _catalog.Write("Movies/The Matrix (1999)/The Matrix (1999) 1080p BluRay x264.mkv");
        _catalog.Write("Movies/The Matrix (1999)/The Matrix (1999) 2160p UHD BluRay x265.mkv");
        _catalog.Write("Movies/The Matrix (1999)/The Matrix (1999) 1080p BluRay x264.en.srt");
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E01 720p.mkv");
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E02 720p.mkv");
        _catalog.Write("Music/An Artist/An Album (2001)/01 - A Track.flac");
        _catalog.Write("@eaDir/junk.jpg");
        var source = await _catalog.AddSourceAsync();

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal(ScanState.Completed, scan.State);
        Assert.Equal(6, scan.Added);
        Assert.Equal(1, scan.Skipped);
        var matrix = await _catalog.FindOneAsync("The Matrix");
        Assert.Equal((MediaType.Movie, 1999, 2, "2160p"), (matrix.Type, matrix.Year, matrix.VersionCount, matrix.Best.Resolution));
        var show = await _catalog.FindOneAsync("Some Show");
        Assert.Equal((MediaKind.Series, 2), (show.Kind, show.PartCount));
        var season = Assert.Single((await _catalog.Media.ChildrenAsync(Actor.System, show.Id, default)).Value);
        Assert.Equal(2, (await _catalog.Media.ChildrenAsync(Actor.System, season.Id, default)).Value.Count);
        Assert.Equal(MediaKind.Album, (await _catalog.FindOneAsync("An Album")).Kind);
        var versions = (await _catalog.Media.VersionsAsync(Actor.System, matrix.Id, default)).Value;
        Assert.Contains(versions, v => v.Files.Any(f => f.Sidecar && f.Path.EndsWith(".srt", StringComparison.Ordinal)));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_HundredsAndUnfinishedDownloads_AreSeasonsAndNoWorks()
    {
        _catalog.Write("TV/North Road/North Road - 101 - Pilot.mkv");
        _catalog.Write("TV/North Road/North Road - 108 - The Bend.mkv");
        _catalog.Write("TV/North Road/North Road - 401 - Home.mkv");
        _catalog.Write("Incoming/Quiet.Water.2001.1080p.mkv.part");
        _catalog.Write("Incoming/_UNPACK_Quiet.Water.2001/quiet.mkv");
        var source = await _catalog.AddSourceAsync();

        await _catalog.ScanAsync(source.Id);

        var show = await _catalog.FindOneAsync("North Road");
        var seasons = (await _catalog.Media.ChildrenAsync(Actor.System, show.Id, default)).Value;
        Assert.Equal([1, 4], seasons.Select(season => season.Season));
        Assert.Equal([1, 8], (await _catalog.Media.ChildrenAsync(Actor.System, seasons[0].Id, default)).Value.Select(episode => episode.Episode));
        Assert.Equal(0, _catalog.Count($"SELECT count(*) FROM media_items WHERE kind = {(int)MediaKind.Film}"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_NothingChanged_WritesNothing()
    {
        _catalog.Write("A (2001).mkv");
        _catalog.Write("Sub/B (2002).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        var rows = _catalog.Count("SELECT count(*) FROM file_events");

        var again = await _catalog.ScanAsync(source.Id);

        Assert.Equal((0, 0, 0, 2), (again.Added, again.Changed, again.Missing, again.Listed));
        Assert.Equal(rows, _catalog.Count("SELECT count(*) FROM file_events"));
    }

    [Fact]
    public async Task Scan_VeryLargeFolder_IsSavedInPartsAndIsOneFolder()
    {
        foreach (var film in Enumerable.Range(1, 4500))
        {
            _catalog.Write($"All/Film Number {film:0000} (1950).mkv");
            _catalog.Write($"All/Film Number {film:0000} (1950).en.srt");
        }

        var source = await _catalog.AddSourceAsync();
        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((9000, 9000, ScanState.Completed), (scan.Listed, scan.Added, scan.State));
        Assert.Equal(2, _catalog.Count("SELECT count(*) FROM folders WHERE listed_at IS NOT NULL"));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM files WHERE version_id IS NULL"));
        _catalog.Delete("All/Film Number 4400 (1950).mkv");
        var again = await _catalog.ScanAsync(source.Id);
        Assert.Equal((0, 1, 8999), (again.Added, again.Missing, again.Listed));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_FileGrows_IsChangedAndStaysTheSameItem()
    {
        _catalog.Write("A (2001).mkv", "short");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        var before = await _catalog.FindOneAsync("A");

        _catalog.Write("A (2001).mkv", "rather longer");
        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((0, 1), (scan.Added, scan.Changed));
        Assert.Equal(before.Id, (await _catalog.FindOneAsync("A")).Id);
        Assert.Contains((await _catalog.Media.HistoryAsync(Actor.System, before.Id, default)).Value, e => e.Kind == "changed");
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_OneOfManyGone_IsMissingAndComesBack()
    {
        for (var i = 0; i < 30; i++)
        {
            _catalog.Write($"Film {i:00} (2001).mkv");
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("Film 07 (2001).mkv");

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Completed, 1), (scan.State, scan.Missing));
        Assert.Equal(Presence.Missing, (await _catalog.FindOneAsync("Film 07")).Presence);
        CatalogInvariants.Check(_catalog);

        _catalog.Write("Film 07 (2001).mkv");
        File.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, "Film 07 (2001).mkv"), DateTime.UtcNow.AddDays(-1));
        await _catalog.ScanAsync(source.Id);
        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("Film 07")).Presence);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_FolderComesBackAsItWas_QuickLookFindsItsFiles()
    {
        for (var i = 0; i < 5; i++)
        {
            _catalog.Write($"Shelf {i}/Film {i} (2001).mkv");
        }

        _catalog.Write("Shelf 0/a/b/Deep (2001).mkv");
        foreach (var folder in new[] { "Shelf 0/a/b", "Shelf 0/a" })
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, folder), DateTime.UtcNow.AddDays(-1));
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        Directory.Move(Path.Combine(_catalog.Root, "Shelf 0/a"), _catalog.Root + ".away");
        await _catalog.ScanAsync(source.Id, ScanKind.Quick);
        Assert.Equal(Presence.Missing, (await _catalog.FindOneAsync("Deep")).Presence);

        Directory.Move(_catalog.Root + ".away", Path.Combine(_catalog.Root, "Shelf 0/a"));
        await _catalog.ScanAsync(source.Id, ScanKind.Quick);

        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("Deep")).Presence);
    }

    [Fact]
    public async Task Scan_FolderEmptiedByAMoveAndFilledAgain_QuickLookSeesIt()
    {
        _catalog.Write("Shelf/Inbox/Film 1 (2001).mkv");
        _catalog.Write("Shelf/Stays/Other (2002).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        File.Move(Path.Combine(_catalog.Root, "Shelf/Inbox/Film 1 (2001).mkv"), Path.Combine(_catalog.Root, "Shelf/Stays/Film 1 (2001).mkv"));
        var moved = await _catalog.ScanAsync(source.Id, ScanKind.Full);
        Assert.Equal(1, moved.Moved);

        _catalog.Write("Shelf/Inbox/New (2003).mkv");
        foreach (var folder in new[] { "Shelf", "" })
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, folder), DateTime.UtcNow.AddDays(-1));
        }

        await _catalog.ScanAsync(source.Id, ScanKind.Quick);

        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("New")).Presence);
        CatalogInvariants.Check(_catalog);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    [InlineData(120)]
    public async Task Scan_RootEmptied_HoldsAndKeepsEverything(int files)
    {
        for (var i = 0; i < files; i++)
        {
            _catalog.Write($"Films/Film {i:000} (2001).mkv");
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("Films");

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Held, files), (scan.State, scan.Missing));
        Assert.Equal(files, Assert.Single(scan.HeldFolders).Lost);
        Assert.Equal(files, (await _catalog.FindAsync()).Total);
        Assert.All((await _catalog.FindAsync()).Items, i => Assert.Equal(Presence.Present, i.Presence));
    }

    [Fact]
    public async Task Resolve_LaterScanTookItsPlaceMeanwhile_IsRefused()
    {
        _catalog.Write("A (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("A (2001).mkv");
        var held = await _catalog.ScanAsync(source.Id);
        var writer = _catalog.Services.GetRequiredService<WriterQueue>();
        Task<Result<ScanView>> deciding;
        using (await writer.AcquireAsync(default))
        {
            deciding = _catalog.Scans.ResolveAsync(Actor.System, held.Id, DeletionDecision.Accept, default);
            Assert.True(SpinWait.SpinUntil(() => writer.WaitingCount == 1, TimeSpan.FromSeconds(30)));
            _catalog.Execute($"UPDATE scans SET state = 'Completed' WHERE id = {held.Id}; DELETE FROM scan_losses WHERE scan_id = {held.Id}");
        }

        Assert.IsType<ConflictError>((await deciding).Error);
        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("A")).Presence);
    }

    [Theory]
    [InlineData(DeletionDecision.Accept, Presence.Missing)]
    [InlineData(DeletionDecision.Retire, Presence.Retired)]
    [InlineData(DeletionDecision.Hold, Presence.Present)]
    public async Task Resolve_HeldScan_DoesWhatWasSaid(DeletionDecision decision, Presence presence)
    {
        _catalog.Write("A (2001).mkv");
        _catalog.Write("B (2002).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("A (2001).mkv");
        _catalog.Delete("B (2002).mkv");
        var held = await _catalog.ScanAsync(source.Id);
        Assert.Equal(2, (await _catalog.Scans.PendingDeletionsAsync(Actor.System, held.Id, 10, default)).Count);

        var resolved = (await _catalog.Scans.ResolveAsync(Actor.System, held.Id, decision, default)).Value;

        Assert.Equal(decision == DeletionDecision.Hold ? ScanState.Held : ScanState.Completed, resolved.State);
        var asked = new MediaQuery { Presence = presence == Presence.Retired ? presence : null, Limit = 10 };     // archived items are returned only on request
        Assert.Equal([presence, presence], (await _catalog.FindAsync(asked)).Items.Select(i => i.Presence));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_AfterHeldOneAndFilesBack_ReplacesIt()
    {
        _catalog.Write("A (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("A (2001).mkv");
        var held = await _catalog.ScanAsync(source.Id, ScanKind.Quick);
        Assert.Equal(ScanState.Held, held.State);
        _catalog.Write("A (2001).mkv");

        var scan = await _catalog.ScanAsync(source.Id, ScanKind.Quick);

        Assert.Equal(ScanState.Completed, scan.State);
        Assert.Equal(ScanState.Completed, (await _catalog.Scans.GetAsync(Actor.System, held.Id, default)).Value.State);
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM scan_losses"));
    }

    [Fact]
    public async Task Scan_RootGone_FailsAndEverythingIsUnknownUntilItIsBack()
    {
        _catalog.Write("A (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        Directory.Move(_catalog.Root, _catalog.Root + ".away");

        var failed = await _catalog.ScanAsync(source.Id);

        Assert.Equal(ScanState.Failed, failed.State);
        Assert.Equal(Presence.Unknown, (await _catalog.FindOneAsync("A")).Presence);
        Assert.Equal(1, (await _catalog.FindAsync(new MediaQuery { Presence = Presence.Unknown })).Total);
        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("open", 0, 1), (status.State, status.PresentFiles, status.UnknownFiles));

        Directory.Move(_catalog.Root + ".away", _catalog.Root);
        await _catalog.ScanAsync(source.Id);
        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("A")).Presence);
    }

    [Fact]
    public async Task Scan_FolderBecomesALink_CountsAsNotThere()
    {
        _catalog.Write("Films/A (2001).mkv");
        _catalog.Write("More/B (2002).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("Films");
        Directory.CreateSymbolicLink(Path.Combine(_catalog.Root, "Films"), "/");

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal(ScanState.Held, scan.State);
        Assert.Equal(2, (await _catalog.FindAsync()).Total);
    }

    [Fact]
    public async Task Scan_HostileNames_AreData()
    {
        string[] names =
        [
            "new\nline (2001).mkv", "‮evil (2002).mkv", new string('ä', 120) + ".mkv", "<script>alert(1)</script> (2003).mkv", "'; DROP TABLE files; -- (2004).mkv", "%s%n (2005).mkv", "..(2006).mkv",
        ];
        foreach (var name in names)
        {
            _catalog.Write(name);
        }

        CreateNonUtf8Name(_catalog.Root);
        Directory.CreateSymbolicLink(Path.Combine(_catalog.Root, "loop"), _catalog.Root);
        var source = await _catalog.AddSourceAsync();

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Completed, names.Length + 2, 1), (scan.State, scan.Added, scan.Skipped));
        Assert.Equal(names.Length + 2, _catalog.Count("SELECT count(DISTINCT name) FROM files"));
        var again = await _catalog.ScanAsync(source.Id);
        Assert.Equal((0, 0), (again.Added, again.Missing));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_ManyThenSearch_FindsByAnyWordAndSurvivesReopening()
    {
        for (var i = 0; i < 3000; i++)
        {
            _catalog.Write($"Folder {i % 40}/Number {i:0000} Wonder ({1950 + (i % 70)}).mkv", "");
        }

        var source = await _catalog.AddSourceAsync();
        var scan = await _catalog.ScanAsync(source.Id);
        Assert.Equal(3000, scan.Added);
        await _catalog.ReopenAsync();

        Assert.Equal(3000, (await _catalog.FindAsync()).Total);
        Assert.Equal("Number 1234 Wonder", Assert.Single((await _catalog.FindAsync(new MediaQuery { Query = "1234 won" })).Items).Title);
        Assert.Equal(3000, (await _catalog.FindAsync(new MediaQuery { Query = "wonder" })).Total);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Start_WhileOneRuns_AnswersThatOne()
    {
        var slow = new FaultySource();
        await using var catalog = new TestCatalog(configureServices: slow.Register);
        catalog.Write("A (2001).mkv");
        var source = await catalog.AddSourceAsync();
        using var canList = new ManualResetEventSlim();
        slow.BeforeAccess = _ => Assert.True(canList.Wait(WaitTimeout));

        var first = (await catalog.Scans.StartAsync(Actor.System, source.Id, null, default)).Value;
        var second = (await catalog.Scans.StartAsync(Actor.System, source.Id, ScanKind.Quick, default)).Value;
        canList.Set();
        await catalog.Scans.WaitAsync(first.Id, default);
        var third = (await catalog.Scans.StartAsync(Actor.System, source.Id, null, default)).Value;

        Assert.Equal((first.Id, ScanKind.Full, ScanKind.Full), (second.Id, first.Kind, second.Kind));
        Assert.NotEqual(first.Id, third.Id);
        await catalog.Scans.WaitAsync(third.Id, default);
    }

    private static void CreateNonUtf8Name(string folder)
    {
        using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", "printf x > \"$1/$(printf 'bad\\377name (2007).mkv')\"; printf x > \"$1/$(printf 'bad\\376name (2007).mkv')\"", "sh", folder]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
