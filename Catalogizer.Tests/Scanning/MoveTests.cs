using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>A file that goes and comes elsewhere is the same file, with everything that was known of it.</summary>
public sealed class MoveTests : IAsyncDisposable
{
    private readonly TestCatalogue _catalogue = new();

    [Fact]
    public async Task Move_IntoAnotherFolder_KeepsItemVersionAndFirstSeen()
    {
        _catalogue.Write("Old/Metropolis (1927).mkv");
        _catalogue.Write("Old/Other (1930).mkv");
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Metropolis");
        var version = await VersionAsync(before.Id);

        Move("Old/Metropolis (1927).mkv", "New/Silent/Metropolis (1927).mkv");
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((1, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        var after = await _catalogue.OneAsync("Metropolis");
        Assert.Equal((before.Id, before.FirstSeenAt, 1, Presence.Present), (after.Id, after.FirstSeenAt, after.VersionCount, after.Presence));
        var moved = await VersionAsync(after.Id);
        Assert.Equal((version.Id, "New/Silent/Metropolis (1927).mkv"), (moved.Id, moved.Files.Single().Path));
        var story = (await _catalogue.Media.HistoryAsync(Actor.System, after.Id, default)).Value;
        Assert.Equal(["moved", "added"], story.Select(e => e.Kind));
        Assert.Equal("Old/Metropolis (1927).mkv", story[0].Detail);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Rename_ToAnotherTitle_RenamesTheItemAndKeepsEdits()
    {
        _catalogue.Write("Metropols (1927).mkv");
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Metropols");
        await _catalogue.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Description = "Seen twice.", Rating = 9 }, default);

        Move("Metropols (1927).mkv", "Metropolis (1927) 1080p.mkv");
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((1, 0), (scan.Moved, scan.Added));
        var after = Assert.Single((await _catalogue.FindAsync()).Items);
        Assert.Equal((before.Id, "Metropolis", "Seen twice.", 9d, "1080p"), (after.Id, after.Title, after.Description, after.Rating, after.Best.Resolution));
        Assert.Equal(1, (await _catalogue.FindAsync(new MediaQuery { Query = "metropolis", Limit = 10 })).Total);
        Assert.Equal(0, (await _catalogue.FindAsync(new MediaQuery { Query = "metropols", Limit = 10 })).Total);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Rename_OfAnItemWithAnEditedTitle_KeepsTheEdit()
    {
        _catalogue.Write("Metropols (1927).mkv");
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Metropols");
        await _catalogue.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Title = "My favourite" }, default);

        Move("Metropols (1927).mkv", "Metropolis (1927).mkv");
        await _catalogue.ScanAsync(source);

        Assert.Equal("My favourite", Assert.Single((await _catalogue.FindAsync()).Items).Title);
        await _catalogue.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Title = new(null, true) }, default);
        Assert.Equal("Metropolis", Assert.Single((await _catalogue.FindAsync()).Items).Title);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Rename_OfASeriesFolder_IsOneSeriesWithItsStory()
    {
        foreach (var episode in Enumerable.Range(1, 12))
        {
            _catalogue.Write($"TV/Some Shw/Season {1 + (episode / 7):00}/Some Shw S{1 + (episode / 7):00}E{episode:00} 720p.mkv");
        }

        _catalogue.Write("TV/Another/Season 01/Another S01E01.mkv");
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Some Shw");
        await _catalogue.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Rating = 8 }, default);

        foreach (var episode in Enumerable.Range(1, 12))
        {
            Move(
                $"TV/Some Shw/Season {1 + (episode / 7):00}/Some Shw S{1 + (episode / 7):00}E{episode:00} 720p.mkv",
                $"TV/Some Show/Season {1 + (episode / 7):00}/Some Show S{1 + (episode / 7):00}E{episode:00} 720p.mkv");
        }

        _catalogue.Delete("TV/Some Shw");
        var scan = await _catalogue.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((12, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        var after = await _catalogue.OneAsync("Some Show");
        Assert.Equal((before.Id, before.FirstSeenAt, 8d, 12), (after.Id, after.FirstSeenAt, after.Rating, after.PartCount));
        Assert.Equal(2, (await _catalogue.FindAsync()).Total);
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM media_items i WHERE version_count = 0 AND part_count = 0"));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Rename_OfTheTopFolder_HoldsNothingAndKeepsEveryItem()
    {
        foreach (var film in Enumerable.Range(1, 60))
        {
            _catalogue.Write($"Films/Film {film} (19{film + 30})/Film {film} (19{film + 30}).mkv");
            _catalogue.Write($"Films/Film {film} (19{film + 30})/poster.jpg", "the same picture");
            _catalogue.Write($"Films/Film {film} (19{film + 30})/Film {film} (19{film + 30}).en.srt", $"words {film % 3}");
        }

        var source = await ScannedAsync();
        var before = _catalogue.Count("SELECT sum(id) FROM media_items");
        Directory.Move(Path.Combine(_catalogue.Root, "Films"), Path.Combine(_catalogue.Root, "Movies"));
        var scan = await _catalogue.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((180, 0, 0, ScanState.Completed), (scan.Moved, scan.Added, scan.Missing, scan.State));
        Assert.Equal(before, _catalogue.Count("SELECT sum(id) FROM media_items"));
        Assert.Equal(180, _catalogue.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path LIKE 'Movies/%' AND f.presence = 0"));
        Assert.Equal(60, _catalogue.Count("SELECT count(*) FROM files f JOIN media_versions v ON v.id = f.version_id WHERE f.name LIKE '%.srt'"));
        CatalogueTruth.Check(_catalogue);

        var again = await _catalogue.ScanAsync(source, ScanKind.Full);
        Assert.Equal((0, 0, 0, 0), (again.Moved, again.Added, again.Changed, again.Missing));
    }

    [Fact]
    public async Task Move_ToAnotherSource_KeepsTheItem()
    {
        _catalogue.Write("a/Metropolis (1927).mkv");
        _catalogue.Write("a/Other (1930).mkv");
        _catalogue.Write("b/Third (1940).mkv");
        var a = (await _catalogue.AddSourceAsync("A", Path.Combine(_catalogue.Root, "a"))).Id;
        var b = (await _catalogue.AddSourceAsync("B", Path.Combine(_catalogue.Root, "b"))).Id;
        await _catalogue.ScanAsync(a);
        await _catalogue.ScanAsync(b);
        var before = await _catalogue.OneAsync("Metropolis");

        Move("a/Metropolis (1927).mkv", "b/Metropolis (1927).mkv");
        await _catalogue.ScanAsync(b);
        Assert.Equal(2, (await _catalogue.OneAsync("Metropolis")).VersionCount);
        var scan = await _catalogue.ScanAsync(a);

        Assert.Equal((1, 0, ScanState.Completed), (scan.Moved, scan.Missing, scan.State));
        var after = await _catalogue.OneAsync("Metropolis");
        Assert.Equal((before.Id, 1, Presence.Present), (after.Id, after.VersionCount, after.Presence));
        Assert.Equal(b, (await VersionAsync(after.Id)).SourceId);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Move_FoundLater_TakesUpTheMissingFile()
    {
        _catalogue.Write("Metropolis (1927).mkv");
        _catalogue.Write("Other (1930).mkv");
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Metropolis");
        var away = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.Move(Path.Combine(_catalogue.Root, "Metropolis (1927).mkv"), away);
        Assert.Equal(1, (await _catalogue.ScanAsync(source)).Missing);

        Directory.CreateDirectory(Path.Combine(_catalogue.Root, "Back"));
        File.Move(away, Path.Combine(_catalogue.Root, "Back/Metropolis (1927).mkv"));
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((1, 0), (scan.Moved, scan.Added));
        var after = await _catalogue.OneAsync("Metropolis");
        Assert.Equal((before.Id, 1, Presence.Present), (after.Id, after.VersionCount, after.Presence));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Copy_ThatWasThereBefore_IsNoMove()
    {
        _catalogue.Write("a/Metropolis (1927).mkv");
        _catalogue.Write("a/Other (1930).mkv");
        Directory.CreateDirectory(Path.Combine(_catalogue.Root, "b"));
        var time = File.GetLastWriteTimeUtc(Path.Combine(_catalogue.Root, "a/Metropolis (1927).mkv"));
        File.Copy(Path.Combine(_catalogue.Root, "a/Metropolis (1927).mkv"), Path.Combine(_catalogue.Root, "b/Metropolis (1927).mkv"));
        File.SetLastWriteTimeUtc(Path.Combine(_catalogue.Root, "b/Metropolis (1927).mkv"), time);
        var a = (await _catalogue.AddSourceAsync("A", Path.Combine(_catalogue.Root, "a"))).Id;
        var b = (await _catalogue.AddSourceAsync("B", Path.Combine(_catalogue.Root, "b"))).Id;
        await _catalogue.ScanAsync(b);
        await _catalogue.ScanAsync(a);

        _catalogue.Delete("a/Metropolis (1927).mkv");
        var scan = await _catalogue.ScanAsync(a);

        Assert.Equal((0, 1), (scan.Moved, scan.Missing));
        Assert.Equal(2, (await _catalogue.OneAsync("Metropolis")).VersionCount);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task EmptyFiles_AreNeverMoves()
    {
        _catalogue.Write("A (2001).mkv", "");
        _catalogue.Write("B (2002).mkv");
        var source = await ScannedAsync();

        Move("A (2001).mkv", "Sub/A (2001).mkv");
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((0, 1, 1), (scan.Moved, scan.Added, scan.Missing));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Change_OfLetterCaseOnly_IsTheSameFile()
    {
        _catalogue.Write("films/metropolis (1927).mkv");
        _catalogue.Write("films/Other (1930).mkv");
        var source = await ScannedAsync();
        var before = Assert.Single((await _catalogue.FindAsync()).Items, i => i.Year == 1927);

        Directory.Move(Path.Combine(_catalogue.Root, "films"), Path.Combine(_catalogue.Root, "Films"));
        Move("Films/metropolis (1927).mkv", "Films/Metropolis (1927).mkv");
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((2, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        Assert.Equal(before.Id, Assert.Single((await _catalogue.FindAsync()).Items, i => i.Year == 1927).Id);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Move_OfOnePartOfACopy_LeavesTheOtherWhereItIs()
    {
        _catalogue.Write("Long Film (1960)/Long Film (1960) CD1.avi");
        _catalogue.Write("Long Film (1960)/Long Film (1960) CD2.avi");
        var source = await ScannedAsync();

        Move("Long Film (1960)/Long Film (1960) CD1.avi", "Elsewhere/Long Film (1960) CD1.avi");
        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal((1, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        Assert.Equal(2, (await _catalogue.OneAsync("Long Film")).VersionCount);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Move_WhileAScanGoesBy_IsStillTheSameFile()
    {
        var trouble = new TroubledSource();
        await using var catalogue = new TestCatalogue(more: trouble.Replace);
        catalogue.Write("In/Metropols (1927).mkv");
        catalogue.Write("In/Other (1930).mkv");
        catalogue.Write("In/Sorted/Third (1931).mkv");
        var source = (await catalogue.AddSourceAsync()).Id;
        await catalogue.ScanAsync(source);
        var before = await catalogue.OneAsync("Metropols");
        await catalogue.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Rating = 9 }, default);
        trouble.Listed = (folder, content) =>
        {
            if (folder == "In")
            {
                File.Move(Path.Combine(catalogue.Root, "In/Metropols (1927).mkv"), Path.Combine(catalogue.Root, "In/Sorted/Metropolis (1927).mkv"));
            }

            return content;
        };

        var torn = await catalogue.ScanAsync(source);
        trouble.Listed = (_, content) => content;
        var scan = await catalogue.ScanAsync(source, null);

        Assert.Equal((1, 0), (torn.Added, torn.Missing));
        Assert.Equal((1, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        var after = await catalogue.OneAsync("Metropolis");
        Assert.Equal((before.Id, before.FirstSeenAt, 9d, 1, Presence.Present), (after.Id, after.FirstSeenAt, after.Rating, after.VersionCount, after.Presence));
        Assert.Equal(3, (await catalogue.FindAsync()).Total);
        CatalogueTruth.Check(catalogue);
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private async Task<long> ScannedAsync()
    {
        var source = await _catalogue.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(source.Id)).State);
        return source.Id;
    }

    private void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_catalogue.Root, to))!);
        File.Move(Path.Combine(_catalogue.Root, from), Path.Combine(_catalogue.Root, to));
    }

    private async Task<MediaVersion> VersionAsync(long item) => Assert.Single((await _catalogue.Media.VersionsAsync(Actor.System, item, default)).Value);
}
