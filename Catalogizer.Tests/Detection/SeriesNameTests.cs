using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Detection;

public sealed class SeriesNameTests
{
    [Theory]
    [InlineData("North Road S01E02", 0.95)]
    [InlineData("North.Road.s1e2.mkv", 0.95)]
    [InlineData("North Road 1x02", 0.85)]
    [InlineData("North_Road_1X02.mkv", 0.85)]
    public void Detect_EpisodePattern_KeepsItsWeight(string path, double weight)
    {
        var verdict = TestDetection.Detect(path);

        Assert.Equal(MediaType.TvShow, verdict.Type);
        Assert.Equal("North Road", verdict.Fields.Title);
        Assert.Equal(1, verdict.Fields.Season);
        Assert.Equal([2], verdict.Fields.Episodes);
        Assert.Equal(weight, verdict.Confidence, 3);
    }

    [Theory]
    [InlineData("North Road 1x02 1080p.mkv", "tv_show | North Road | s=1 | e=2")]
    [InlineData("North.Road.2005.1x02.mkv", "tv_show | North Road | y=2005 | s=1 | e=2")]
    [InlineData("Clip 1920x1080.mkv", "movie | Clip")]
    [InlineData("North.Road.S2024E101.mkv", "tv_show | North Road | s=2024 | e=101")]
    [InlineData("North.Road.2024.05.12.mkv", "tv_show | North Road | d=2024-05-12")]
    [InlineData("North Road - 113 [720p].mkv", "tv_show | North Road | e=113")]
    [InlineData("North.Road.S01E01E02.mkv", "tv_show | North Road | s=1 | e=1,2")]
    [InlineData("North.Road.S01E01-E03.mkv", "tv_show | North Road | s=1 | e=1,2,3")]
    [InlineData("North.Road.S01E01-03.720p.mkv", "tv_show | North Road | s=1 | e=1,2,3")]
    [InlineData("North.Road.S01E01-720p.mkv", "tv_show | North Road | s=1 | e=1")]
    public void Detect_EpisodeTraps_AreMended(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("North Road - Season 2 Episode 5.mkv", "tv_show | North Road | s=2 | e=5")]
    [InlineData("North.Road.S02.E05.720p.mkv", "tv_show | North Road | s=2 | e=5")]
    [InlineData("North Road 3x07-3x08.avi", "tv_show | North Road | s=3 | e=7,8")]
    [InlineData("North.Road.E07.720p.mkv", "tv_show | North Road | e=7")]
    [InlineData("North Road Folge 12.mkv", "tv_show | North Road | e=12")]
    [InlineData("north.road.412.hdtv.mkv", "tv_show | north road | s=4 | e=12")]
    [InlineData("North Road 12th Mar 2023.mp4", "tv_show | North Road | d=2023-03-12")]
    [InlineData("North.Road.12.31.2022.mp4", "tv_show | North Road | d=2022-12-31")]
    [InlineData("North Road ep 05-06.mkv", "tv_show | North Road | e=5,6")]
    [InlineData("North Road - Temporada 3 [HDTV][Cap.305]", "tv_show | North Road | s=3 | e=5")]
    [InlineData("North Road S01E01 to S01E03", "tv_show | North Road | s=1 | e=1,2,3")]
    [InlineData("Северная дорога 2 сезон 5 серия.mkv", "tv_show | Северная дорога | s=2 | e=5")]
    [InlineData("grp-roads01e02-720p", "tv_show | grp-road | s=1 | e=2")]
    public void Detect_EpisodeForms_GiveSeasonAndEpisodes(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("North.Road.S01.1080p.WEB-DL", "tv_show | North Road | s=1")]
    [InlineData("North.Road.S01-S03.1080p", "tv_show | North Road | S=1,2,3")]
    [InlineData("North Road Season 1 to 4", "tv_show | North Road | S=1,2,3,4")]
    [InlineData("North Road Staffel 2 720p", "tv_show | North Road | s=2")]
    [InlineData("North Road Season 1, 2, 3", "tv_show | North Road | S=1,2,3")]
    [InlineData("North.Road.COMPLETE.SERIES.DVDRip", "tv_show | North Road")]
    public void Detect_SeasonPack_GivesSeasons(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("[Crew] North Road - 07 [1080p][A1B2C3D4].mkv", "tv_show | North Road | e=7")]
    [InlineData("[Crew]_North_Road_-_12v2_[720p].mkv", "tv_show | North Road | e=12")]
    [InlineData("[Crew] North Road S2 - 03 (1080p).mkv", "tv_show | North Road | s=2 | e=3")]
    [InlineData("[Crew] North Road 2nd Season - 05 [1080p].mkv", "tv_show | North Road | s=2 | e=5")]
    [InlineData("[Crew] North Road - 01 ~ 03 [1080p]", "tv_show | North Road | e=1,2,3")]
    [InlineData("[Crew] North Road 05-06 [1080p]", "tv_show | North Road | e=5,6")]
    [InlineData("[Crew] North Road (01-12) [1080p]", "tv_show | North Road | e=1,2,3,4,5,6,7,8,9,10,11,12")]
    [InlineData("[字幕组] 北の道 / North Road - 05 [1080p]", "tv_show | North Road | e=5")]
    public void Detect_AnimeNames_GiveAbsoluteNumbers(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("TV/North Road/Season 01/03 - The Bend.mkv", "tv_show | North Road | s=1 | e=3")]
    [InlineData("TV/North Road (2005)/Season 2/S02E04.mkv", "tv_show | North Road | y=2005 | s=2 | e=4")]
    [InlineData("North Road/Specials/05 - Outtakes.mkv", "tv_show | North Road | s=0 | e=5")]
    [InlineData("North Road/Staffel 3/02-03 - Double.avi", "tv_show | North Road | s=3 | e=2,3")]
    [InlineData("North.Road.S03E04.720p.HDTV-TEAM/nr304.mkv", "tv_show | North Road | s=3 | e=4")]
    [InlineData("North Road/07.avi", "tv_show | North Road | e=7")]
    [InlineData("TV/North Road/Season 1/105.mkv", "tv_show | North Road | s=1 | e=5")]
    [InlineData("TV/North Road/North.Road.S02.720p/north.road.205.mkv", "tv_show | north road | s=2 | e=5")]
    [InlineData("TV/North Road/Season 1/The Bend.mkv", "tv_show | North Road | s=1")]
    [InlineData("TV/North Road/Season 1/Extras/Talk.mkv", "tv_show | North Road | s=1")]
    [InlineData("North Road (2019/S01E07/WEB-DL/1080p) Maker", "tv_show | North Road | y=2019 | s=1 | e=7")]
    public void Detect_EpisodeInFolders_ReadsTheFolders(string path, string expected) => Assert.Equal(expected, TestDetection.Format(path));

    [Theory]
    [InlineData("North.Road.S01E02.The.Long.Bend.1080p.WEB-DL-TEAM.mkv", "The Long Bend")]
    [InlineData("North Road - 1x02 - The Long Bend.mkv", "The Long Bend")]
    [InlineData("North.Road.S01E02.German.720p.mkv", null)]
    [InlineData("North.Road.S01E02.Night.of.the.Fox.720p.WEB.mkv", "Night of the Fox")]
    [InlineData("North.Road.S01E02.The.Proper.Way.720p.mkv", "The Proper Way")]
    [InlineData("north.road.s01e02-team.mkv", null)]
    [InlineData("TV/North Road/Season 01/03 - The Bend.mkv", "The Bend")]
    public void Detect_EpisodeTitle_StandsBehindTheNumber(string path, string? expected) =>
        Assert.Equal(expected, TestDetection.Detect(path).Fields.EpisodeTitle);
}
