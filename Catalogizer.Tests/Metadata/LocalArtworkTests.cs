using System.IO.Compression;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Quality;
using Catalogizer.Tests.Quality.Contents;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>Covers, posters and tags that come with the media, in really encoded files.</summary>
[Trait("Category", "Server")]
public sealed class LocalArtworkTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly TestCatalog _catalog;

    public LocalArtworkTests() => _catalog = new TestCatalog(_time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData("poster.jpg", ArtworkOrigin.Poster)]
    [InlineData("Sherlock Jr. (1924)-poster.jpg", ArtworkOrigin.Poster)]
    [InlineData("Folder.JPG", ArtworkOrigin.Folder)]
    [InlineData("cover.png", ArtworkOrigin.Cover)]
    [InlineData("front.jpg", ArtworkOrigin.Beside)]
    [InlineData("Lost S01E01-thumb.jpg", ArtworkOrigin.Beside)]
    [InlineData("Sherlock Jr. (1924).jpg", ArtworkOrigin.Beside)]
    [InlineData("fanart.jpg", null)]
    [InlineData("fanart2.jpg", null)]
    [InlineData("Sherlock Jr. (1924)-banner.jpg", null)]
    [InlineData("back.jpg", null)]
    public void OriginFromName_Names(string name, ArtworkOrigin? layer) => Assert.Equal(layer, LocalArtwork.OriginFromName(name));

    [Fact]
    public async Task Run_PicturesBesideTheMedia_GoToTheWorksTheyAreOf()
    {
        _catalog.Write("Films/Nosferatu (1922)/Nosferatu (1922).mkv");
        _catalog.Write("Films/Two/Metropolis (1927).mkv");
        _catalog.Write("Films/Two/The General (1926).mkv");
        _catalog.Write("Shows/Lost/Season 01/Lost S01E01.mkv");
        _catalog.Write("Shows/Lost/Season 02/Lost S02E01.mkv");
        _catalog.Write("Music/Someone/First (2001)/01 - One.flac");
        _catalog.Write("Music/Someone/First (2001)/02 - Two.flac");
        _catalog.Write("Music/Someone/Second (2002)/01 - Three.flac");
        foreach (var (path, color) in ((string, string)[])
            [("Films/Nosferatu (1922)/poster.jpg", "red"), ("Films/Nosferatu (1922)/folder.jpg", "gray"), ("Films/Nosferatu (1922)/fanart.jpg", "white"), ("Films/Two/Metropolis (1927)-poster.jpg", "green"), ("Films/Two/poster.jpg", "black"),
             ("Shows/Lost/poster.jpg", "blue"), ("Shows/Lost/season02-poster.jpg", "navy"), ("Shows/Lost/Season 01/folder.jpg", "teal"),
             ("Music/Someone/First (2001)/cover.jpg", "yellow"), ("Music/Someone/artist.jpg", "pink")])
        {
            await WriteImageAsync(path, color);
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        Assert.StartsWith("8 pictures", await RunAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["0|Metropolis|7", "0|Nosferatu|7", "1|Lost|7", "2|Season 1|6", "2|Season 2|7", "4|Someone|4", "5|First|5"],
            _catalog.QueryRows("""
                SELECT i.kind, coalesce(i.title, 'Season ' || i.season), max(p.layer) FROM item_pictures p JOIN media_items i ON i.id = p.item_id
                JOIN artwork a ON '/api/v1/artwork/' || a.hash = p.address WHERE i.poster IS NOT NULL GROUP BY i.id ORDER BY i.kind, 2
                """));
        Assert.Null((await _catalog.FindOneAsync("The General")).Poster);
        Assert.Equal("No new pictures.", await RunAsync());

        // Artwork that is deleted from the source stays in the catalogue.
        _catalog.Delete("Films/Nosferatu (1922)/poster.jpg");
        await _catalog.ScanAsync(1);
        await RunAsync();
        Assert.NotNull((await _catalog.FindOneAsync("Nosferatu")).Poster);
    }

    [Fact]
    public async Task Run_PictureThatChanged_IsTakenAgainAndHostileOnesAreNot()
    {
        _catalog.Write("Nosferatu (1922)/Nosferatu (1922).mkv");
        _catalog.Write("Metropolis (1927)/Metropolis (1927).mkv");
        _catalog.Write("Metropolis (1927)/poster.jpg", "<html><script>alert(1)</script>");
        await WriteImageAsync("Nosferatu (1922)/poster.jpg", "red");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await RunAsync();
        var before = (await _catalog.FindOneAsync("Nosferatu")).Poster;

        await WriteImageAsync("Nosferatu (1922)/poster.jpg", "green");
        await _catalog.ScanAsync(1);
        await RunAsync(fresh: true);

        var after = (await _catalog.FindOneAsync("Nosferatu")).Poster;
        Assert.NotNull(before);
        Assert.NotNull(after);
        Assert.NotEqual(before, after);
        Assert.Null((await _catalog.FindOneAsync("Metropolis")).Poster);
    }

    [Fact]
    public async Task Run_PicturesThatWereLost_AreTakenAgain()
    {
        _catalog.Write("Nosferatu (1922)/Nosferatu (1922).mkv");
        await WriteImageAsync("Nosferatu (1922)/poster.jpg", "red");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await RunAsync();
        Directory.Delete(Path.Combine(Path.GetDirectoryName(_catalog.DatabasePath)!, "artwork"), recursive: true);

        Assert.StartsWith("One picture", await RunAsync(fresh: true), StringComparison.Ordinal);

        var shown = (await _catalog.FindOneAsync("Nosferatu")).Poster!;
        Assert.NotNull(Artwork.Find(shown[(shown.LastIndexOf('/') + 1)..]));
    }

    [Fact]
    public async Task Run_PicturesInTheFiles_ServeAlbumsBooksAndComics()
    {
        await WriteTrackAsync("Music/Someone/First (2001)/01 - One.flac", "One", "First", withCover: false);
        await WriteTrackAsync("Music/Someone/First (2001)/02 - Two.flac", "Two", "First", withCover: true);
        await WriteImageAsync("page.jpg", "blue");
        using (var comic = ZipFile.Open(Path.Combine(Directory.CreateDirectory(Path.Combine(_catalog.Root, "Comics")).FullName, "Captain Meridian 001 (1948).cbz"), ZipArchiveMode.Create))
        {
            comic.CreateEntryFromFile(Path.Combine(_catalog.Root, "page.jpg"), "01.jpg");
        }

        File.Delete(Path.Combine(_catalog.Root, "page.jpg"));
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await AnalyzeAsync();
        await RunAsync();

        Assert.NotNull((await _catalog.FindOneAsync("First")).Poster);
        var comicItem = (await _catalog.FindAsync()).Items.Single(i => i.Type == MediaType.Comic);
        Assert.NotNull(comicItem.Poster);
        var version = Assert.Single((await _catalog.Media.VersionsAsync(Actor.System, comicItem.Id, default)).Value);
        var report = (await _catalog.Services.GetRequiredService<VersionQuality>().GetReportsAsync(Actor.System, comicItem.Id, [version], default))[version.Id];
        Assert.Equal(1, report.LastAnalysis!.ParseContents()!.Pages);
    }

    [Fact]
    public async Task Run_FilmWithoutAnyPicture_ShowsOneOfItsOwnUntilThereIsABetterOne()
    {
        await EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, "Quiet Water (2001)/Quiet Water (2001).mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await AnalyzeAsync();
        await RunAsync();
        var frame = await _catalog.FindOneAsync("Quiet Water");
        Assert.NotNull(frame.Poster);
        Assert.Equal(ValueOrigin.File, (await ReadLayersAsync(frame.Id)).Single(l => l.Field == "poster").Origin);

        await WriteImageAsync("Quiet Water (2001)/poster.jpg", "red");
        await _catalog.ScanAsync(1);
        await RunAsync();

        var better = await _catalog.FindOneAsync("Quiet Water");
        Assert.NotEqual(frame.Poster, better.Poster);
        Assert.Equal(ValueOrigin.Folder, (await ReadLayersAsync(frame.Id)).Single(l => l.Field == "poster").Origin);
    }

    [Fact]
    public async Task Run_OnAShare_ReadsThroughItsSource()
    {
        await using var server = await SmbServer.StartAsync();
        await EncodedMedia.WriteAsync(server.PathOf("auth/video/Quiet Water (2001).mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);
        await AnalyzeAsync();

        await RunAsync();

        Assert.NotNull((await _catalog.FindOneAsync("Quiet Water")).Poster);
    }

    [Fact]
    public async Task Analyse_Tags_StandAboveNamesAndBelowEdits()
    {
        await WriteTrackAsync("Music/someone/first record/01 - one.flac", "One, Again", "First Record", year: "1999");
        await WriteTrackAsync("Music/someone/first record/02 - Two.flac", "Track 02", "First Record", year: "1999");
        await WriteTrackAsync("Music/someone/mixed/01 - A.flac", "A", "This");
        await WriteTrackAsync("Music/someone/mixed/02 - B.flac", "B", "That");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        await AnalyzeAsync();

        Assert.Equal(["First Record|1999", "mixed|"], _catalog.QueryRows("SELECT title, coalesce(year, '') FROM media_items WHERE kind = 5 ORDER BY title"));
        Assert.Equal(["One, Again", "Two"], _catalog.QueryRows("SELECT t.title FROM media_items t JOIN media_items a ON a.id = t.parent_id WHERE a.title = 'First Record' ORDER BY t.episode"));
        var album = await _catalog.FindOneAsync("First Record");
        Assert.Equal(ValueOrigin.Tags, (await ReadLayersAsync(album.Id)).Single(l => l.Field == "title").Origin);

        await _catalog.Media.EditAsync(Actor.System, album.Id, new MediaEdits { Title = "Mine" }, default);
        await WriteTrackAsync("Music/someone/first record/01 - one.flac", "Once More, and Longer", "First Record", year: "1999");
        await _catalog.ScanAsync(1);
        await AnalyzeAsync();

        Assert.Equal("Mine", (await _catalog.FindOneAsync("Mine")).Title);
        Assert.Contains("Once More, and Longer", _catalog.QueryRows("SELECT title FROM media_items WHERE kind = 6"));
    }

    [Fact]
    public async Task Analyse_Book_TellsItsTitleAndDescription()
    {
        var path = Path.Combine(_catalog.Root, "Books/austen_emma_v2 (1816).epub");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, ContentReaderTests.CreateZip(("META-INF/container.xml", ContentReaderTests.Container), ("OEBPS/book.opf", ContentReaderTests.Package)));
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        await AnalyzeAsync();

        var book = await _catalog.FindOneAsync("Emma & Others");
        Assert.Equal((1816, "Handsome, clever and rich."), (book.Year, book.Description));
        Assert.Equal(ValueOrigin.Tags, (await ReadLayersAsync(book.Id)).Single(l => l.Field == "description").Origin);
    }

    [Fact]
    public async Task Retention_PicturesThatNothingShows_GoAfterAMonthAndOthersStay()
    {
        _catalog.Write("Nosferatu (1922)/Nosferatu (1922).mkv");
        await WriteImageAsync("Nosferatu (1922)/poster.jpg", "red");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await RunAsync();
        var shown = (await _catalog.FindOneAsync("Nosferatu")).Poster!;
        await WriteImageAsync("loose.jpg", "green");
        var loose = (await Artwork.SaveAsync(await File.ReadAllBytesAsync(Path.Combine(_catalog.Root, "loose.jpg")), "elsewhere", default))!;
        _time.Advance(TimeSpan.FromDays(40));

        Assert.Contains("1 unused pictures", await _catalog.Services.GetRequiredService<RetentionService>().RunAsync(null, default), StringComparison.Ordinal);

        Assert.NotNull(Artwork.Find(shown[(shown.LastIndexOf('/') + 1)..]));
        Assert.Null(Artwork.Find(loose[(loose.LastIndexOf('/') + 1)..]));
    }

    private ArtworkStore Artwork => _catalog.Services.GetRequiredService<ArtworkStore>();

    private async Task<IReadOnlyList<ValueLayer>> ReadLayersAsync(long item) =>
        (await _catalog.Services.GetRequiredService<MetadataService>().GetAsync(Actor.System, item, default)).Value.Layers;

    private Task WriteImageAsync(string path, string color) => EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, path), "-f", "lavfi", "-i", $"color={color}:size=200x300", "-frames:v", "1");

    private async Task WriteTrackAsync(string path, string title, string album, string? year = null, bool withCover = false)
    {
        var cover = Path.Combine(_catalog.Root, "cover-in-making.jpg");
        if (withCover)
        {
            await WriteImageAsync("cover-in-making.jpg", "orange");
        }

        string[] tags = ["-metadata", $"title={title}", "-metadata", $"album={album}", .. year is null ? (string[])[] : ["-metadata", $"date={year}"]];
        await EncodedMedia.WriteAsync(
            Path.Combine(_catalog.Root, path),
            withCover
                ? ["-f", "lavfi", "-t", "1", "-i", "anullsrc", "-i", cover, "-map", "0:a", "-map", "1:v", "-c:a", "flac", "-c:v", "copy", "-disposition:v:0", "attached_pic", .. tags]
                : [.. EncodedMedia.AudioArguments(), "-c:a", "flac", .. tags]);
        File.Delete(cover);
    }

    private Task<string> AnalyzeAsync() => _catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);

    /// <param name="fresh">Runs as after a restart, which does not know earlier runs.</param>
    private async Task<string> RunAsync(bool fresh = false) =>
        (await (fresh ? ActivatorUtilities.CreateInstance<LocalArtwork>(_catalog.Services) : _catalog.Services.GetRequiredService<LocalArtwork>()).RunAsync(new Progress<ProgressUpdate>(), default))!;
}
