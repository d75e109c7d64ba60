using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Detection;

public sealed class FilmNameTests
{
    [Theory]
    [InlineData("Harbour Lights (1999).mkv", 0.9)]
    [InlineData("Harbour.Lights.1999.mp4", 0.9)]
    [InlineData("Harbour Lights [1999].AVI", 0.9)]
    [InlineData("Harbour Lights - 1999.mkv", 0.8)]
    public void Detect_FilmPattern_KeepsItsWeight(string path, double weight)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.Movie, verdict.Type);
        Assert.Equal("Harbour Lights", verdict.Fields.Title);
        Assert.Equal(1999, verdict.Fields.Year);
        Assert.Equal(weight, verdict.Confidence, 3);
    }

    [Theory]
    [InlineData("Harbour.Lights.1080p.2019.mkv", "movie | Harbour Lights | y=2019")]
    [InlineData("Harbour.2160p.HDR.mkv", "movie | Harbour")]
    [InlineData("Station 2049 (2017).mkv", "movie | Station 2049 | y=2017")]
    [InlineData("Station 2049 2017 1080p.mkv", "movie | Station 2049 | y=2017")]
    [InlineData("2012.mkv", "movie | 2012")]
    [InlineData("Movies/2012 (2009)/2012.mkv", "movie | 2012 | y=2009")]
    [InlineData("1917.2019.720p.BluRay.mkv", "movie | 1917 | y=2019")]
    [InlineData("HARBOUR.LIGHTS.1999.MKV", "movie | HARBOUR LIGHTS | y=1999")]
    [InlineData("Harbour Lights (1999).m2ts", "movie | Harbour Lights | y=1999")]
    [InlineData("Harbour_Lights_(1999)_[1080p].webm", "movie | Harbour Lights | y=1999")]
    [InlineData("The.Harbour..mkv", "movie | The Harbour")]
    [InlineData("Harbour Lights (1999) - Studio Cut 2011.mkv", "movie | Harbour Lights | y=1999")]
    public void Detect_FilmTraps_AreMended(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("Movies/Harbour Lights (1999)/harbour.mkv", "movie | Harbour Lights | y=1999")]
    [InlineData("Films/Quiet Water.mkv", "movie | Quiet Water")]
    [InlineData("Quiet.Water.EXTENDED.1080p.WEB-DL.x264-TEAM", "movie | Quiet Water")]
    [InlineData("The.German.Doctor.2013.German.720p.BluRay", "movie | The German Doctor | y=2013")]
    [InlineData("Quiet Water (2001) cd1.avi", "movie | Quiet Water | y=2001")]
    [InlineData("Movies/Quiet Water (2001)/CD2/quietwater.avi", "movie | Quiet Water | y=2001")]
    [InlineData("(2001) Quiet Water.mkv", "movie | Quiet Water | y=2001")]
    [InlineData("2001 - Quiet Water.mkv", "movie | Quiet Water | y=2001")]
    [InlineData("Quiet.Water.SPECIAL.EXTENDED.EDITION.2001.1080p", "movie | Quiet Water | y=2001")]
    [InlineData("The.Final.Cut.2004.DVDRip.mkv", "movie | The Final Cut | y=2004")]
    [InlineData("Uncut.Water.2019.1080p.mkv", "movie | Uncut Water | y=2019")]
    [InlineData("[noise].mkv", "movie | [noise]")]
    [InlineData("Тихая вода / Quiet Water (2001) WEB-DL 1080p", "movie | Quiet Water | y=2001")]
    public void Detect_FilmNames_GiveTitleAndYear(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Fact]
    public void Detect_FilmInReleaseFolder_TakesTheFoldersQuality()
    {
        var fields = TestDetection.Detect("Films/Quiet.Water.2001.720p.DVDRip.XviD-TEAM/tm-qw.avi").Fields;

        Assert.Equal(("Quiet Water", 2001, "720p", "DVD", "XviD", "TEAM"),
            (fields.Title, fields.Year, fields.Resolution, fields.Source, fields.VideoCodec, fields.ReleaseGroup));
    }

    [Theory]
    [InlineData("Movies/Quiet Water (2001)/CD2/quietwater.avi", 2)]
    [InlineData("Quiet Water (2001) cd2.avi", 2)]
    [InlineData("Quiet Water (2001) part1.mkv", 1)]
    [InlineData("Quiet Water (2001) partb.mkv", 2)]
    [InlineData("Quiet Water - Part 2 (2001).mkv", null)]
    public void Detect_FilmInParts_GivesThePart(string path, int? part) => Assert.Equal(part, TestDetection.Detect(path).Fields.Part);

    [Theory]
    [InlineData("Quiet Water (2001) [tmdbid-603].mkv", 603, null)]
    [InlineData("Quiet Water (2001) {tmdb-77}.mkv", 77, null)]
    [InlineData("Quiet Water (2001) {imdb-tt0133093}.mkv", null, "tt0133093")]
    [InlineData("Quiet Water (2001) [imdbid-tt0133093]/Quiet Water.mkv", null, "tt0133093")]
    public void Detect_ProviderId_IsRead(string path, int? tmdb, string? imdb)
    {
        var fields = TestDetection.Detect(path).Fields;

        Assert.Equal("Quiet Water", fields.Title);
        Assert.Equal(tmdb, fields.TmdbId);
        Assert.Equal(imdb, fields.ImdbId);
    }
}
