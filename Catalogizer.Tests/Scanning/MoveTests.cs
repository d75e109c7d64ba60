using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>A moved file is the same file, with everything that is known about it.</summary>
public sealed class MoveTests : IAsyncDisposable
{
    private readonly TestCatalog _catalog = new();

    [Fact]
    public async Task Move_IntoAnotherFolder_KeepsItemVersionAndFirstSeen()
    {
        _catalog.Write("Old/Metropolis (1927).mkv");
        _catalog.Write("Old/Other (1930).mkv");
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Metropolis");
        var version = await FindVersionAsync(before.Id);

        Move("Old/Metropolis (1927).mkv", "New/Silent/Metropolis (1927).mkv");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((1, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        var after = await _catalog.FindOneAsync("Metropolis");
        Assert.Equal((before.Id, before.FirstSeenAt, 1, Presence.Present), (after.Id, after.FirstSeenAt, after.VersionCount, after.Presence));
        var moved = await FindVersionAsync(after.Id);
        Assert.Equal((version.Id, "New/Silent/Metropolis (1927).mkv"), (moved.Id, moved.Files.Single().Path));
        var story = (await _catalog.Media.HistoryAsync(Actor.System, after.Id, default)).Value;
        Assert.Equal(["moved", "added"], story.Select(e => e.Kind));
        Assert.Equal("Old/Metropolis (1927).mkv", story[0].Detail);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Rename_ToAnotherTitle_RenamesTheItemAndKeepsEdits()
    {
        _catalog.Write("Metropols (1927).mkv");
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Metropols");
        await _catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Description = "Seen twice.", Rating = 9 }, default);

        Move("Metropols (1927).mkv", "Metropolis (1927) 1080p.mkv");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((1, 0), (scan.Moved, scan.Added));
        var after = Assert.Single((await _catalog.FindAsync()).Items);
        Assert.Equal((before.Id, "Metropolis", "Seen twice.", 9d, "1080p"), (after.Id, after.Title, after.Description, after.Rating, after.Best.Resolution));
        Assert.Equal(1, (await _catalog.FindAsync(new MediaQuery { Query = "metropolis", Limit = 10 })).Total);
        Assert.Equal(0, (await _catalog.FindAsync(new MediaQuery { Query = "metropols", Limit = 10 })).Total);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Rename_OfAnItemWithAnEditedTitle_KeepsTheEdit()
    {
        _catalog.Write("Metropols (1927).mkv");
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Metropols");
        await _catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Title = "My favourite" }, default);

        Move("Metropols (1927).mkv", "Metropolis (1927).mkv");
        await _catalog.ScanAsync(source);

        Assert.Equal("My favourite", Assert.Single((await _catalog.FindAsync()).Items).Title);
        await _catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Title = new(null, true) }, default);
        Assert.Equal("Metropolis", Assert.Single((await _catalog.FindAsync()).Items).Title);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Rename_OfASeriesFolder_IsOneSeriesWithItsStory()
    {
        foreach (var episode in Enumerable.Range(1, 12))
        {
            _catalog.Write($"TV/Some Shw/Season {1 + (episode / 7):00}/Some Shw S{1 + (episode / 7):00}E{episode:00} 720p.mkv");
        }

        _catalog.Write("TV/Another/Season 01/Another S01E01.mkv");
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Some Shw");
        await _catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Rating = 8 }, default);

        foreach (var episode in Enumerable.Range(1, 12))
        {
            Move(
                $"TV/Some Shw/Season {1 + (episode / 7):00}/Some Shw S{1 + (episode / 7):00}E{episode:00} 720p.mkv",
                $"TV/Some Show/Season {1 + (episode / 7):00}/Some Show S{1 + (episode / 7):00}E{episode:00} 720p.mkv");
        }

        _catalog.Delete("TV/Some Shw");
        var scan = await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((12, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        var after = await _catalog.FindOneAsync("Some Show");
        Assert.Equal((before.Id, before.FirstSeenAt, 8d, 12), (after.Id, after.FirstSeenAt, after.Rating, after.PartCount));
        Assert.Equal(2, (await _catalog.FindAsync()).Total);
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM media_items i WHERE version_count = 0 AND part_count = 0"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Rename_OfTheTopFolder_HoldsNothingAndKeepsEveryItem()
    {
        foreach (var film in Enumerable.Range(1, 60))
        {
            _catalog.Write($"Films/Film {film} (19{film + 30})/Film {film} (19{film + 30}).mkv");
            _catalog.Write($"Films/Film {film} (19{film + 30})/poster.jpg", "the same picture");
            _catalog.Write($"Films/Film {film} (19{film + 30})/Film {film} (19{film + 30}).en.srt", $"words {film % 3}");
        }

        var source = await AddScannedSourceAsync();
        var before = _catalog.Count("SELECT sum(id) FROM media_items");
        Directory.Move(Path.Combine(_catalog.Root, "Films"), Path.Combine(_catalog.Root, "Movies"));
        var scan = await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((180, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        Assert.Equal(before, _catalog.Count("SELECT sum(id) FROM media_items"));
        Assert.Equal(180, _catalog.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path LIKE 'Movies/%' AND f.presence = 0"));
        Assert.Equal(60, _catalog.Count("SELECT count(*) FROM files f JOIN media_versions v ON v.id = f.version_id WHERE f.name LIKE '%.srt'"));
        CatalogInvariants.Check(_catalog);

        var again = await _catalog.ScanAsync(source, ScanKind.Full);
        Assert.Equal((0, 0, 0, 0), (again.Moved, again.Added, again.Changed, again.Missing));
    }

    [Fact]
    public async Task Move_ToAnotherSource_KeepsTheItem()
    {
        _catalog.Write("a/Metropolis (1927).mkv");
        _catalog.Write("a/Other (1930).mkv");
        _catalog.Write("b/Third (1940).mkv");
        var a = (await _catalog.AddSourceAsync("A", Path.Combine(_catalog.Root, "a"))).Id;
        var b = (await _catalog.AddSourceAsync("B", Path.Combine(_catalog.Root, "b"))).Id;
        await _catalog.ScanAsync(a);
        await _catalog.ScanAsync(b);
        var before = await _catalog.FindOneAsync("Metropolis");

        Move("a/Metropolis (1927).mkv", "b/Metropolis (1927).mkv");
        await _catalog.ScanAsync(b);
        Assert.Equal(2, (await _catalog.FindOneAsync("Metropolis")).VersionCount);
        var scan = await _catalog.ScanAsync(a);

        Assert.Equal((1, 0, ScanState.Completed), (scan.Moved, scan.Missing, scan.State));
        var after = await _catalog.FindOneAsync("Metropolis");
        Assert.Equal((before.Id, 1, Presence.Present), (after.Id, after.VersionCount, after.Presence));
        Assert.Equal(b, (await FindVersionAsync(after.Id)).SourceId);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Move_FoundLater_TakesUpTheMissingFile()
    {
        _catalog.Write("Metropolis (1927).mkv");
        _catalog.Write("Other (1930).mkv");
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Metropolis");
        var away = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.Move(Path.Combine(_catalog.Root, "Metropolis (1927).mkv"), away);
        Assert.Equal(1, (await _catalog.ScanAsync(source)).Missing);

        Directory.CreateDirectory(Path.Combine(_catalog.Root, "Back"));
        File.Move(away, Path.Combine(_catalog.Root, "Back/Metropolis (1927).mkv"));
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((1, 0), (scan.Moved, scan.Added));
        var after = await _catalog.FindOneAsync("Metropolis");
        Assert.Equal((before.Id, 1, Presence.Present), (after.Id, after.VersionCount, after.Presence));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Copy_ThatWasThereBefore_IsNoMove()
    {
        _catalog.Write("a/Metropolis (1927).mkv");
        _catalog.Write("a/Other (1930).mkv");
        Directory.CreateDirectory(Path.Combine(_catalog.Root, "b"));
        var time = File.GetLastWriteTimeUtc(Path.Combine(_catalog.Root, "a/Metropolis (1927).mkv"));
        File.Copy(Path.Combine(_catalog.Root, "a/Metropolis (1927).mkv"), Path.Combine(_catalog.Root, "b/Metropolis (1927).mkv"));
        File.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, "b/Metropolis (1927).mkv"), time);
        var a = (await _catalog.AddSourceAsync("A", Path.Combine(_catalog.Root, "a"))).Id;
        var b = (await _catalog.AddSourceAsync("B", Path.Combine(_catalog.Root, "b"))).Id;
        await _catalog.ScanAsync(b);
        await _catalog.ScanAsync(a);

        _catalog.Delete("a/Metropolis (1927).mkv");
        var scan = await _catalog.ScanAsync(a);

        Assert.Equal((0, 1), (scan.Moved, scan.Missing));
        Assert.Equal(2, (await _catalog.FindOneAsync("Metropolis")).VersionCount);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task EmptyFiles_AreNeverMoves()
    {
        _catalog.Write("A (2001).mkv", "");
        _catalog.Write("B (2002).mkv");
        var source = await AddScannedSourceAsync();

        Move("A (2001).mkv", "Sub/A (2001).mkv");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((0, 1, 1), (scan.Moved, scan.Added, scan.Missing));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Change_OfLetterCaseOnly_IsTheSameFile()
    {
        _catalog.Write("films/metropolis (1927).mkv");
        _catalog.Write("films/Other (1930).mkv");
        var source = await AddScannedSourceAsync();
        var before = Assert.Single((await _catalog.FindAsync()).Items, i => i.Year == 1927);

        Directory.Move(Path.Combine(_catalog.Root, "films"), Path.Combine(_catalog.Root, "Films"));
        Move("Films/metropolis (1927).mkv", "Films/Metropolis (1927).mkv");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((2, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        Assert.Equal(before.Id, Assert.Single((await _catalog.FindAsync()).Items, i => i.Year == 1927).Id);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Move_OfOnePartOfACopy_LeavesTheOtherWhereItIs()
    {
        _catalog.Write("Long Film (1960)/Long Film (1960) CD1.avi");
        _catalog.Write("Long Film (1960)/Long Film (1960) CD2.avi");
        var source = await AddScannedSourceAsync();

        Move("Long Film (1960)/Long Film (1960) CD1.avi", "Elsewhere/Long Film (1960) CD1.avi");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((1, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        Assert.Equal(2, (await _catalog.FindOneAsync("Long Film")).VersionCount);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Move_WhileAScanGoesBy_IsStillTheSameFile()
    {
        var faultySource = new FaultySource();
        await using var catalog = new TestCatalog(configureServices: faultySource.Register);
        catalog.Write("In/Metropols (1927).mkv");
        catalog.Write("In/Other (1930).mkv");
        catalog.Write("In/Sorted/Third (1931).mkv");
        var source = (await catalog.AddSourceAsync()).Id;
        await catalog.ScanAsync(source);
        var before = await catalog.FindOneAsync("Metropols");
        await catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Rating = 9 }, default);
        faultySource.TransformListing = (folder, content) =>
        {
            if (folder == "In")
            {
                File.Move(Path.Combine(catalog.Root, "In/Metropols (1927).mkv"), Path.Combine(catalog.Root, "In/Sorted/Metropolis (1927).mkv"));
            }

            return content;
        };

        var torn = await catalog.ScanAsync(source);
        faultySource.TransformListing = (_, content) => content;
        var scan = await catalog.ScanAsync(source, null);

        Assert.Equal((1, 0), (torn.Added, torn.Missing));
        Assert.Equal((1, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        var after = await catalog.FindOneAsync("Metropolis");
        Assert.Equal((before.Id, before.FirstSeenAt, 9d, 1, Presence.Present), (after.Id, after.FirstSeenAt, after.Rating, after.VersionCount, after.Presence));
        Assert.Equal(3, (await catalog.FindAsync()).Total);
        CatalogInvariants.Check(catalog);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private async Task<long> AddScannedSourceAsync()
    {
        var source = await _catalog.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source.Id)).State);
        return source.Id;
    }

    private void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_catalog.Root, to))!);
        File.Move(Path.Combine(_catalog.Root, from), Path.Combine(_catalog.Root, to));
    }

    private async Task<MediaVersion> FindVersionAsync(long item) => Assert.Single((await _catalog.Media.VersionsAsync(Actor.System, item, default)).Value);
}
