using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Demo;

[Trait("Category", "Server")]
public sealed class DemoLibraryTests(DemoLibrary demo) : IClassFixture<DemoLibrary>
{
    private const string NosferatuPrefix = "Films/Nosferatu (1922)/Nosferatu.1922.";

    private static readonly Dictionary<string, MediaType> TypeByTopFolder = new()
    {
        ["Films"] = MediaType.Movie,
        ["Downloads"] = MediaType.Movie,
        ["TV Shows"] = MediaType.TvShow,
        ["Anime"] = MediaType.TvShow,
        ["Music"] = MediaType.Music,
        ["Audiobooks"] = MediaType.Audiobook,
        ["Books"] = MediaType.Book,
        ["Comics"] = MediaType.Comic,
        ["Manga"] = MediaType.Comic,
        ["Games"] = MediaType.Game,
        ["Software"] = MediaType.Software,
        ["Photos"] = MediaType.Photo,
    };

    [Fact]
    public void Scan_TakesEveryFileAndPassesOverTheLitter()
    {
        var files = Directory.EnumerateFiles(demo.Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(demo.Root, file))
            .Where(file => !file.Contains("@eaDir", StringComparison.Ordinal))
            .Where(file => !Path.GetFileName(file).StartsWith('.') && Path.GetFileName(file) is not ("Thumbs.db" or "desktop.ini"))
            .Order(StringComparer.Ordinal);

        Assert.Equal((ScanState.Completed, 0, 7), (demo.Scan.State, demo.Scan.FailedFolders, demo.Scan.Skipped));
        Assert.Equal(files, demo.Files.Select(f => f.Path).Order(StringComparer.Ordinal));
        Assert.InRange(demo.Files.Count, 130, 170);
        CatalogInvariants.Check(demo.Catalog);
    }

    /// <summary>Leaves out the checksum file in a download folder: neither its folder nor the file itself gives it a type.</summary>
    [Fact]
    public void Scan_EveryFile_HasTheTypeOfItsShelf()
    {
        var errors = demo.Files.Where(f => f.Type != TypeByTopFolder[f.TopFolder] && !f.Path.EndsWith(".sfv", StringComparison.Ordinal));

        Assert.Empty(errors);
        Assert.DoesNotContain(demo.Files, f => f.Role == FileRole.Other);
    }

    [Fact]
    public async Task Scan_CountsTheWorks()
    {
        var statistics = await demo.Catalog.Media.StatisticsAsync(Actor.System, default);

        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["audiobook"] = 2,
                ["book"] = 5,
                ["comic"] = 4,
                ["game"] = 4,
                ["movie"] = 18,
                ["music"] = 6,
                ["photo"] = 8,
                ["software"] = 4,
                ["tv_show"] = 5,
            },
            new SortedDictionary<string, long>(statistics.ByType.ToDictionary(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Years_OfTheLibrary_CanAllBeAskedForAndKept()
    {
        var all = await demo.Catalog.FindAsync();
        Assert.Contains(all.Items, i => i.Year < 1900);

        foreach (var decade in FilterChoices.Decade(new MediaQuery(), all.Facets))
        {
            Assert.Equal(decade.Count, (await demo.Catalog.FindAsync(decade.QueryWith)).Total);
        }

        foreach (var item in all.Items.Where(i => i.Year is not null))
        {
            Assert.Contains((await demo.Catalog.FindAsync(new MediaQuery { Year = item.Year, Limit = 200 })).Items, i => i.Id == item.Id);
        }

        var earliest = all.Items.Min(i => i.Year)!.Value;
        var edited = all.Items.First(i => i.Year > 1900).Id;
        Assert.Equal(earliest, (await demo.Catalog.Media.EditAsync(Actor.System, edited, new MediaEdits { Year = earliest }, default)).Value.Item.Year);
        Assert.True((await demo.Catalog.Media.EditAsync(Actor.System, edited, new MediaEdits { Year = new(null, true) }, default)).IsOk);
        Assert.Equal("year", Assert.IsType<InvalidError>((await demo.Catalog.Media.PageAsync(Actor.System, new MediaQuery { Year = earliest - 1 }, default)).Error).Field);
        Assert.Equal("year", Assert.IsType<InvalidError>((await demo.Catalog.Media.EditAsync(Actor.System, edited, new MediaEdits { Year = earliest - 1 }, default)).Error).Field);
    }

    [Fact]
    public async Task Nfo_OfTheFolder_TellsOfItsFilmHoweverManyCopies()
    {
        await demo.Catalog.Services.GetRequiredService<NfoReader>().RunAsync(all: true, new Progress<ProgressUpdate>(), default);

        foreach (var (title, plot) in new[] { ("Nosferatu", "A clerk sells a house"), ("Metropolis", "The son of a city's master"), ("Charade", "A widow in Paris"), ("The Phantom Empire", "A singing cowboy") })
        {
            Assert.StartsWith(plot, (await demo.Catalog.FindOneAsync(title)).Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Scan_SeveralCopies_AreVersionsOfOneFilm()
    {
        var film = await demo.Catalog.FindOneAsync("Nosferatu");
        var versions = await ListVersionsAsync(film.Id);

        Assert.Equal((3, "2160p", "H.265"), (versions.Count, film.Best.Resolution, film.Best.Codec));
        var subtitles = versions.Select(v => (v.Codec, v.Files.Count(f => f.Sidecar)));
        Assert.Equal([("H.264", 2), ("H.265", 0), ("XviD", 1)], subtitles.OrderBy(s => s.Codec, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Scan_Parts_AreOneVersion()
    {
        var versions = await ListVersionsAsync((await demo.Catalog.FindOneAsync("Metropolis")).Id);

        Assert.Equal([1, 2], versions.Select(v => v.Files.Count(f => !f.Sidecar)).Order());
    }

    [Fact]
    public async Task Scan_Series_HasSeasonsSpecialsAndADoubleEpisode()
    {
        var serial = await ListSeasonsAsync("The Phantom Empire");
        var invented = await ListSeasonsAsync("Lighthouse Nine");

        Assert.Equal([(0, 1), (1, 5)], serial.Select(s => (s.Season!.Value, s.PartCount)).Order());
        Assert.Equal([(1, 4), (2, 2)], invented.Select(s => (s.Season!.Value, s.PartCount)).Order());
        var episodes = (await demo.Catalog.Media.ChildrenAsync(Actor.System, invented.Single(s => s.Season == 2).Id, default)).Value;
        Assert.Equal([(1, 1), (3, 2)], episodes.Select(e => (e.Episode!.Value, e.VersionCount)).Order());
    }

    [Fact]
    public void Scan_Subtitles_AreAttached()
    {
        var subtitles = demo.Files.Where(f => f.Path.EndsWith(".srt", StringComparison.Ordinal)).ToList();

        Assert.True(subtitles.Count >= 10);
        Assert.All(subtitles, subtitle => Assert.True(subtitle is { Role: FileRole.Sidecar, VersionId: not null }, subtitle.Path));
    }

    [Theory]
    [InlineData("Films/A Trip to the Moon (1902)/poster.jpg")]
    [InlineData("Films/Sherlock Jr. (1924)/Sherlock Jr. (1924)-poster.jpg")]
    [InlineData("Films/The General (1926)/folder.jpg")]
    [InlineData("Books/Jane Austen/Pride and Prejudice (1813)/cover.jpg")]
    public void Scan_ArtworkOfASingleCopy_IsAttached(string path) =>
        Assert.NotNull(demo.Files.Single(f => f.Path == path).VersionId);

    [Theory]
    [InlineData("Films/Metropolis (1927)/Trailers/Metropolis (1927) Trailer.mp4")]
    [InlineData("Films/Metropolis (1927)/Sample/metropolis.1927.1080p-sample.mkv")]
    [InlineData("Films/Night of the Living Dead (1968)/Featurettes/The Farmhouse.mkv")]
    public void Scan_Extra_IsNoCopy(string path) =>
        Assert.Equal(FileRole.Sidecar, demo.Files.Single(f => f.Path == path).Role);

    [Theory]
    [InlineData(NosferatuPrefix + "2160p.UHD.BluRay.x265.10bit.HDR.FLAC.2.0-ORLOK.mkv", "hevc|3840|2160|yuv420p10le|smpte2084", "flac|2|eng", "subrip|eng", "subrip|ger")]
    [InlineData(NosferatuPrefix + "1080p.BluRay.x264.DD5.1-ORLOK.mkv", "h264|1920|1080|yuv420p|unknown", "ac3|6|eng", "subrip|eng", "subrip|ger", "subrip|fre")]
    [InlineData(NosferatuPrefix + "DVDRip.XviD.MP3-OLDREEL.avi", "mpeg4|640|480|yuv420p|unknown", "mp3|2")]
    [InlineData("Films/Metropolis (1927)/Metropolis (1927) Restored 1080p BluRay H.265 Opus 5.1.mkv", "hevc|1920|1080|yuv420p|unknown", "opus|6|ger", "subrip|eng")]
    [InlineData("Films/The General (1926)/The.General.1926.REMASTERED.1080p.BluRay.x265.10bit.DTS-KEATON.mkv", "hevc|1920|1080|yuv420p10le|unknown", "dts|6|eng")]
    [InlineData("Films/Charade (1963)/Charade.1963.MULTi.1080p.BluRay.x264.EAC3.5.1-VOLTAIRE.mkv", "h264|1920|1080|yuv420p|unknown", "eac3|6|eng", "eac3|6|fre", "ac3|2|ger", "subrip|eng", "subrip|fre")]
    [InlineData("Films/Charade (1963)/Charade.1963.PAL.DVD.MPEG2.AC3.mpg", "mpeg2video|720|576|yuv420p|unknown", "ac3|2")]
    [InlineData("Films/Häxan (1922)/Häxan (1922) 720p VP9.webm", "vp9|1280|720|yuv420p|unknown", "opus|2|swe")]
    [InlineData("Films/Carnival.of.Souls.1962.2160p.WEB-DL.AV1.10bit.Opus-ORGAN/carnival.of.souls.1962.2160p-organ.mkv", "av1|3840|2160|yuv420p10le|unknown", "opus|2|eng")]
    [InlineData("Anime/[Kitsune] Moonlit Railway/[Kitsune] Moonlit Railway - 03 [720p][Hi10P][AAC][4F1D2C3B].mkv", "h264|1280|720|yuv420p10le|unknown", "aac|2|jpn", "aac|2|eng", "subrip|eng")]
    public async Task Video_IsWhatItsNameSays(string path, params string[] streams)
    {
        var probed = await demo.ProbeAsync(path, "stream=codec_name,width,height,pix_fmt,color_transfer,channels:stream_tags=language");

        Assert.Equal(streams, probed.Select(stream => stream.Replace("|N/A", "", StringComparison.Ordinal).TrimEnd('|')));
    }

    [Theory]
    [InlineData("Music/Elena Marchetti/Beethoven - Piano Sonatas (2014)/02 - Sonata No. 14 Moonlight - I. Adagio sostenuto.flac", "flac", "format", "Sonata No. 14 Moonlight - I. Adagio sostenuto|Elena Marchetti|Beethoven - Piano Sonatas|2014|2")]
    [InlineData("Music/Tomasz Wilk/Chopin - Nocturnes (2009)/01. Nocturne in B-flat minor, Op. 9 No. 1.mp3", "mp3", "format", "Nocturne in B-flat minor, Op. 9 No. 1|Tomasz Wilk|Chopin - Nocturnes|2009|1")]
    [InlineData("Music/Anna Lindqvist/Satie - Gymnopédies (2011)/1-03 Gymnopédie No. 3.m4a", "aac", "format", "Gymnopédie No. 3|Anna Lindqvist|Satie - Gymnopédies|2011|3")]
    [InlineData("Music/Harbour Street Ragtime Band/Maple Leaf and Other Rags (2016)/02 The Entertainer.opus", "opus", "stream", "The Entertainer|Harbour Street Ragtime Band|Maple Leaf and Other Rags|2016|2")]
    public async Task Music_IsTaggedAndHoldsItsCover(string path, string codec, string coverSource, string tags)
    {
        var names = new[] { "title", "artist", "album", "date", "track" };
        var streams = await demo.ProbeAsync(path, "stream=codec_name:stream_disposition=attached_pic");
        var tagged = new List<string>();
        foreach (var name in names)
        {
            tagged.Add((await demo.ProbeAsync(path, $"{coverSource}_tags={name}"))[0]);
        }

        Assert.Equal([$"{codec}|0", "mjpeg|1"], streams);
        Assert.Equal(tags, string.Join('|', tagged));
    }

    [Fact]
    public async Task Photo_SaysWhenItWasTaken()
    {
        var taken = await demo.ProbeAsync("Photos/2021/Garden/DSC_0042.JPG", "frame_tags=Model,DateTimeOriginal");

        Assert.Equal("Pinhole No. 3|2021:05:02 08:12:33", taken[0]);
    }

    /// <summary>Each format by the bytes that its readers check.</summary>
    [Theory]
    [InlineData("Books/Jane Austen/Emma (1815)/Emma - Jane Austen.epub", 30, "mimetypeapplication/epub+zip")]
    [InlineData("Books/H. G. Wells - The Invisible Man (1897).pdf", 0, "%PDF-1.4")]
    [InlineData("Comics/Captain Meridian/Captain Meridian 001 (1948).cbz", 30, "page-00.jpg")]
    [InlineData("Software/copperleaf-linux-4.2-amd64.iso", 0x8001, "CD001")]
    public void File_BeginsLikeItsKind(string path, int at, string expected)
    {
        var content = File.ReadAllBytes(Path.Combine(demo.Root, path));

        Assert.Equal(expected, Encoding.ASCII.GetString(content, at, expected.Length));
    }

    [Fact]
    public async Task Make_Finished_LeavesItAlone_Interrupted_CompletesIt()
    {
        using var folder = new TemporaryFolder();
        var copy = folder.PathOf("demo");
        await CommandRun.ExecuteAsync(demo.Folder, new Dictionary<string, string?>(), "cp", "-a", ".", copy);
        var (lost, kept) = (Path.Combine(copy, "library/Books/H. G. Wells - The Invisible Man (1897).pdf"), Path.Combine(copy, "library/Films/Detour.1945.DVDRip.x264.AC3-HITCH.mkv"));
        File.Delete(lost);
        File.WriteAllText(kept, "kept");

        var finished = await DemoLibrary.CreateAsync(copy);
        var afterFinished = File.Exists(lost);
        File.Delete(Path.Combine(copy, "finished"));
        var interrupted = await DemoLibrary.CreateAsync(copy);

        Assert.Equal((0, "", false), (finished.ExitCode, finished.Errors, afterFinished));
        Assert.Equal((0, true, "kept"), (interrupted.ExitCode, File.Exists(lost), File.ReadAllText(kept)));
        Assert.False(Directory.Exists(Path.Combine(copy, "making")));
    }

    [Fact]
    public void Make_Password_IsForItsOwnerAlone()
    {
        var password = Path.Combine(demo.Folder, "password");

        Assert.Null(AccountRules.ValidatePassword(File.ReadAllText(password).Trim(), "demo"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(password));
    }

    private async Task<IReadOnlyList<MediaVersion>> ListVersionsAsync(long item) =>
        (await demo.Catalog.Media.VersionsAsync(Actor.System, item, default)).Value;

    private async Task<IReadOnlyList<MediaSummary>> ListSeasonsAsync(string title)
    {
        var series = Assert.Single((await demo.Catalog.FindAsync()).Items, i => i.Title.Equals(title, StringComparison.OrdinalIgnoreCase));
        return (await demo.Catalog.Media.ChildrenAsync(Actor.System, series.Id, default)).Value;
    }
}
