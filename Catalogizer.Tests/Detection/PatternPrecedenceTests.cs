using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Tests.Detection;

public sealed class PatternPrecedenceTests
{
    [Fact]
    public void NamedPatterns_FilmAndEpisode_KeepTheirWeights()
    {
        Assert.Equal(0.9, NamedPattern.FilmYear.Weight);
        Assert.Equal(0.8, NamedPattern.FilmDashYear.Weight);
        Assert.Equal(0.95, NamedPattern.SeasonEpisode.Weight);
        Assert.Equal(0.85, NamedPattern.Cross.Weight);
    }

    [Theory]
    [InlineData("North.Road.2005.S01E02.1080p.mkv", MediaType.TvShow, "tv SxxEyy")]
    [InlineData("North.Road.2005.1x02.mkv", MediaType.TvShow, "tv NxNN")]
    [InlineData("North.Road.2024.05.12.mkv", MediaType.TvShow, "tv air date")]
    [InlineData("Harbour Lights - 1999.mkv", MediaType.Movie, "film title - year")]
    [InlineData("Harbour Lights (1999).mkv", MediaType.Movie, "film title (year)")]
    [InlineData("Harbour Lights 1080p.mkv", MediaType.Movie, "film release words")]
    [InlineData("Harbour Lights.mkv", MediaType.Movie, "film file")]
    [InlineData("TV/North Road/Season 1/01.mkv", MediaType.TvShow, "tv season folder")]
    [InlineData("TV/North Road/Pilot.mkv", MediaType.TvShow, "tv folder")]
    [InlineData("Harbour Lights (1999).epub", MediaType.Book, "book file")]
    [InlineData("Harbour Lights (1999).cbz", MediaType.Comic, "comic file")]
    [InlineData("Harbour Lights (1999).mp3", MediaType.Music, "audio file")]
    [InlineData("The_Lamps-Night_Shift-WEB-2004-TEAM", MediaType.Music, "artist-album-year-group")]
    [InlineData("The Lamps - Night Shift (2004) FLAC", MediaType.Music, "album release words")]
    [InlineData("nothing.xyz", MediaType.Other, "nothing known")]
    public void Detect_PatternsDisagree_TheTableDecides(string path, MediaType type, string pattern)
    {
        var verdict = TestDetection.Explain(path);

        Assert.Equal(type, verdict.Type);
        Assert.Equal(pattern, pattern == "nothing known" ? pattern : Assert.Single(verdict.Clues, clue => clue is { Fact: "type", Won: true }).ReadFrom.Split(':')[0]);
    }

    [Theory]
    [InlineData("Doctor.Who.2005.1x02.mkv", "film title (year): 2005", 0.9, "an episode outranks a film")]
    [InlineData("Doctor.Who.2005.1x02.mkv", "film file", 0.5, "an episode outranks a film")]
    [InlineData("North Road 2005 2024-05-12.mkv", "film file", 0.5, "an air date outranks a film")]
    [InlineData("Harbour Lights (1999).epub", "film title (year): 1999", 0.9, "excluded by the extension .epub")]
    [InlineData("TV/North Road/Harbour Lights (1999).mkv", "tv folder", 0.64, "lower weight")]
    public void Detect_PatternLoses_ExplainsWhy(string path, string readFrom, double weight, string reason)
    {
        var clue = TestDetection.Explain(path).Clues.First(clue => clue.Fact == "type" && clue.ReadFrom.StartsWith(readFrom, StringComparison.Ordinal));

        Assert.Equal((weight, false, reason), (clue.Confidence, clue.Won, clue.LostBecause));
    }

    [Theory]
    [InlineData("Doctor.Who.2005.1x02.mkv")]
    [InlineData("Harbour Lights (1999).epub")]
    [InlineData("[Crew] North Road - 07v2 [1080p].mkv")]
    public void Detect_Explain_GivesTheSameVerdict(string path)
    {
        var (plain, explained) = (TestDetection.Detect(path), TestDetection.Explain(path));

        Assert.Equal((plain.Type, plain.Confidence, plain.Fields.Title), (explained.Type, explained.Confidence, explained.Fields.Title));
    }

    [Theory]
    [InlineData(nameof(FileKind.Video), MediaType.Book, false)]
    [InlineData(nameof(FileKind.Video), MediaType.TvShow, true)]
    [InlineData(nameof(FileKind.Audio), MediaType.Movie, false)]
    [InlineData(nameof(FileKind.Book), MediaType.Movie, false)]
    [InlineData(nameof(FileKind.Comic), MediaType.Book, false)]
    [InlineData(nameof(FileKind.Unknown), MediaType.Game, true)]
    [InlineData(nameof(FileKind.Audio), MediaType.Other, true)]
    public void CanHaveType_Extension_RulesTypesOut(string kind, MediaType type, bool expected) =>
        Assert.Equal(expected, PatternPrecedence.CanHaveType(Enum.Parse<FileKind>(kind), type));

    [Fact]
    public void Detect_SortingFolder_AddsItsBonus()
    {
        var bare = TestDetection.Detect("Harbour Lights (1999).mkv");
        var shelved = TestDetection.Detect("Movies/Harbour Lights (1999).mkv");

        Assert.Equal(PatternPrecedence.FolderTypeBonus, shelved.Confidence - bare.Confidence, 3);
    }

    [Fact]
    public void Detect_Explain_GivesEachFactItsWords()
    {
        var verdict = TestDetection.Explain("North.Road.S01E02.1080p.WEB-DL.x264-TEAM.mkv");

        Assert.Contains(verdict.Clues, clue => clue is { Fact: "season", Value: "1", ReadFrom: "tv SxxEyy: S01E02" });
        Assert.Contains(verdict.Clues, clue => clue is { Fact: "resolution", Value: "1080p" });
        Assert.Contains(verdict.Clues, clue => clue is { Fact: "release_group", Value: "TEAM" });
        Assert.Empty(TestDetection.Detect("North.Road.S01E02.mkv").Clues);
    }
}
