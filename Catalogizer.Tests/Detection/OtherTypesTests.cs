using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Detection;

public sealed class OtherTypesTests
{
    [Theory]
    [InlineData("Music/The Lamps/Night Shift (2004)/01 - Morning.flac", "The Lamps", "Night Shift", 2004, 1, null, "Morning")]
    [InlineData("Music/The Lamps/2004 - Night Shift/CD2/03 Noon.mp3", "The Lamps", "Night Shift", 2004, 3, 2, "Noon")]
    [InlineData("The Lamps - Night Shift (2004) [FLAC]/02. Evening.flac", "The Lamps", "Night Shift", 2004, 2, null, "Evening")]
    [InlineData("The Lamps - Morning.mp3", "The Lamps", null, null, null, null, "Morning")]
    public void Detect_Track_ReadsFoldersAndNumber(string path, string artist, string? album, int? year, int? track, int? disc, string title)
    {
        var verdict = TestDetection.Detect(path);
        var fields = verdict.Fields;

        Assert.Equal(MediaType.Music, verdict.Type);
        Assert.Equal((artist, album, year, track, disc, title), (fields.Artist, fields.Album, fields.Year, fields.Track, fields.Disc, fields.Title));
    }

    [Theory]
    [InlineData("The Lamps - Night Shift (2004) [FLAC]", "The Lamps", "Night Shift", 2004)]
    [InlineData("The_Lamps-Night_Shift-WEB-2004-TEAM", "The Lamps", "Night Shift", 2004)]
    [InlineData("VA - Summer Mix (2010) MP3 320kbps", "Various Artists", "Summer Mix", 2010)]
    [InlineData("The Lamps - 2004 - Night Shift [FLAC 24-96]", "The Lamps", "Night Shift", 2004)]
    [InlineData("The Lamps - Night Shift [2004/FLAC/Log]", "The Lamps", "Night Shift", 2004)]
    [InlineData("The Lamps - 25 (Deluxe Edition) [2004] MP3 320", "The Lamps", "25", 2004)]
    public void Detect_Album_ReadsArtistAndAlbum(string path, string artist, string album, int year)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Music, verdict.Type);
        Assert.Equal((artist, album, year), (verdict.Fields.Artist, verdict.Fields.Album, verdict.Fields.Year));
    }

    [Theory]
    [InlineData("Jane Doe - The Quiet Water.epub", "Jane Doe", "The Quiet Water", null, null)]
    [InlineData("Books/Jane Doe/The Quiet Water (1987).mobi", "Jane Doe", "The Quiet Water", 1987, null)]
    [InlineData("Books/02 - The Quiet Water (1987).epub", null, "The Quiet Water", 1987, "2")]
    [InlineData("The Quiet Water by Jane Doe [epub]", "Jane Doe", "The Quiet Water", null, null)]
    [InlineData("The Quiet Water (River, #3).epub", null, "The Quiet Water", null, "3")]
    [InlineData("Jane Doe - River 03 - The Quiet Water.epub", "Jane Doe", "The Quiet Water", null, "3")]
    [InlineData("The Quiet Water - J. Doe.epub", "J. Doe", "The Quiet Water", null, null)]
    [InlineData("Library/Jane Doe/Quiet Water (12)/Quiet Water - Jane Doe.epub", "Jane Doe", "Quiet Water", null, null)]
    [InlineData("Jane.Doe-Quiet.Water.2010.RETAiL.ePub.eBook-TEAM", "Jane Doe", "Quiet Water", 2010, null)]
    public void Detect_Book_ReadsAuthorAndTitle(string path, string? author, string title, int? year, string? volume)
    {
        var verdict = TestDetection.Detect(path);
        var fields = verdict.Fields;

        Assert.Equal(MediaType.Book, verdict.Type);
        Assert.Equal((author, title, year, volume), (fields.Author, fields.Title, fields.Year, fields.Volume));
    }

    [Theory]
    [InlineData("Night Owl 012 (2019).cbz", "Night Owl", null, "12", 2019)]
    [InlineData("Night Owl v03 (2019) (Digital).cbz", "Night Owl", "3", null, 2019)]
    [InlineData("Night Owl Vol. 2 Ch. 014.5.cbz", "Night Owl", "2", "14.5", null)]
    [InlineData("Night Owl #7.cbr", "Night Owl", null, "7", null)]
    [InlineData("Comics/Night Owl/Chapter 3.cbz", "Night Owl", null, "3", null)]
    [InlineData("Comics/Night Owl/Vol. 02/Chapter 3.cbz", "Night Owl", "2", "3", null)]
    [InlineData("Night Owl Vol.12 Ch.100-105.zip", "Night Owl", "12", "100-105", null)]
    [InlineData("04 - Night Owl (1964).cbz", "Night Owl", null, null, 1964)]
    public void Detect_Comic_ReadsSeriesAndNumber(string path, string series, string? volume, string? chapter, int? year)
    {
        var verdict = TestDetection.Detect(path);
        var fields = verdict.Fields;

        Assert.Equal(MediaType.Comic, verdict.Type);
        Assert.Equal((series, volume, chapter, year), (fields.Series, fields.Volume, fields.Chapter, fields.Year));
    }

    [Theory]
    [InlineData("Audiobooks/Jane Doe/The Quiet Water/Chapter 4.mp3", "Jane Doe", "The Quiet Water", "4")]
    [InlineData("Jane Doe - The Quiet Water.m4b", "Jane Doe", "The Quiet Water", null)]
    [InlineData("Audiobooks/Jane Doe/The Quiet Water.m4b", "Jane Doe", "The Quiet Water", null)]
    public void Detect_AudioBook_ReadsAuthorTitleAndChapter(string path, string author, string title, string? chapter)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Audiobook, verdict.Type);
        Assert.Equal((author, title, chapter), (verdict.Fields.Author, verdict.Fields.Title, verdict.Fields.Chapter));
    }

    [Theory]
    [InlineData("roms/snes/Iron Fox (USA).sfc", "Iron Fox", "SNES")]
    [InlineData("Iron Fox (Europe) (Rev 1).gba", "Iron Fox", "Game Boy Advance")]
    [InlineData("Iron_Fox_NSW-VENOM", "Iron Fox", "Switch")]
    [InlineData("Games/PS2/Iron Fox (Disc 2).iso", "Iron Fox", "PlayStation 2")]
    public void Detect_Game_ReadsTitleAndPlatform(string path, string title, string platform)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Game, verdict.Type);
        Assert.Equal(title, verdict.Fields.Title);
        Assert.Equal([platform], verdict.Fields.Platform);
    }

    [Theory]
    [InlineData("Software/paintbox-2.4.1-x64.msi", "paintbox", "2.4.1")]
    [InlineData("PaintBox.Pro.v3.0.12.Incl.Keygen-TEAM", "PaintBox Pro", "3.0.12")]
    [InlineData("paintbox_1.9.0_amd64.deb", "paintbox", "1.9.0")]
    [InlineData("paintbox-v1.2.0-linux-x64.tar.xz", "paintbox", "1.2.0")]
    public void Detect_Program_ReadsNameAndVersion(string path, string title, string version)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Software, verdict.Type);
        Assert.Equal((title, version), (verdict.Fields.Title, verdict.Fields.Version));
    }

    [Theory]
    [InlineData("Photos/IMG_20200102_123456.jpg", "2020-01-02")]
    [InlineData("DCIM/Camera/PXL_20231224_180000123.jpg", "2023-12-24")]
    [InlineData("Photos/DSC_0012.NEF", null)]
    [InlineData("VID_20190502_121314.mp4", "2019-05-02")]
    public void Detect_Photo_ReadsTheDay(string path, string? date)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Photo, verdict.Type);
        Assert.Equal(date, verdict.Fields.Date);
    }
}
