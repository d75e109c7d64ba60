using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>Which files of a scan are copies of one item, and which only share its title.</summary>
public sealed class ItemMarkScanTests : IAsyncDisposable
{
    /// <summary>What the library lists, with the number of its copies or parts, and the highest number of copies of one episode or track.</summary>
    private const string ListedSql = """
        SELECT title || coalesce(' ' || year, '') || ' ' || CASE WHEN kind IN (1, 5) THEN part_count || '/' ||
          (SELECT max(version_count) FROM media_items e WHERE e.parent_id = i.id OR e.parent_id IN (SELECT s.id FROM media_items s WHERE s.parent_id = i.id)) ELSE version_count END
        FROM media_items i WHERE is_work = 1 ORDER BY 1
        """;

    private readonly TestCatalog _catalog = new();

    public static TheoryData<string, string> Trees => new()
    {
        // Marks that contradict each other.
        { "Movies/Pinocchio (2022) {tmdb-532639}/Pinocchio (2022) {tmdb-532639} - WEBDL-1080p.mkv;Movies/Pinocchio (2022) {tmdb-555604}/Pinocchio (2022) {tmdb-555604} - WEBDL-2160p.mkv", "Pinocchio 2022 1;Pinocchio 2022 1" },
        { "TV/Charmed (1998)/Season 1/Charmed (1998) - S01E01 - Something.mkv;TV/Charmed (2018)/Season 1/Charmed (2018) - S01E01 - Pilot.mkv", "Charmed 1998 1/1;Charmed 2018 1/1" },
        { "TV/Battlestar Galactica (1978)/S01E01.mkv;TV/Battlestar Galactica (2003)/S01E01.mkv", "Battlestar Galactica 1978 1/1;Battlestar Galactica 2003 1/1" },
        { "TV/Doctor Who (1963)/Season 01/Doctor Who - 1x01.avi;TV/Doctor Who (2005)/Season 01/Doctor Who - 1x01.avi", "Doctor Who 1963 1/1;Doctor Who 2005 1/1" },
        { "Music/Peter Gabriel/1977 - Peter Gabriel/01 - Moribund.mp3;Music/Peter Gabriel/1978 - Peter Gabriel/01 - On the Air.mp3", "Peter Gabriel 1977 1/1;Peter Gabriel 1978 1/1" },
        { "Anime/Some Series/[Group] Some Series - 12 [1080p].mkv;Anime/Some Series/[Group] Some Series - 12.5 [1080p].mkv", "Some Series 2/1" },
        { "Shows/Half Show/Season 1/Half Show - s01e01a - First Half.mkv;Shows/Half Show/Season 1/Half Show - s01e01b - Second Half.mkv", "Half Show 2/1" },
        { "Movies/Low Tide (2011) {imdb-tt1111111}.mkv;Movies/Low Tide (2011) {imdb-tt2222222}.mkv", "Low Tide 2011 1;Low Tide 2011 1" },
        { "TV/Night Post {tvdb-111}/Season 1/Night Post S01E01.mkv;TV/Night Post {tvdb-222}/Season 1/Night Post S01E01.mkv", "Night Post 1/1;Night Post 1/1" },
        { "TV/Night.Post.1999.S01E01.720p.HDTV.x264-GRP.mkv;TV/Night.Post.2021.S01E01.720p.HDTV.x264-GRP.mkv", "Night Post 1999 1/1;Night Post 2021 1/1" },
        { "Movies/Low Tide (2011) [tmdbid-5].mkv;Movies/Low Tide (2011) {tmdb-6}.mkv;Movies/Low Tide (2011).mkv", "Low Tide 2011 1;Low Tide 2011 1;Low Tide 2011 1" },
        { "TV/Night.Post.(1999).S01E01.mkv;TV/Night.Post.(2021).S01E01.mkv;TV/Night.Post.S01E01.mkv;TV/Night.Post.S01E02.mkv", "Night Post 1999 1/1;Night Post 2021 1/1;Night Post 2/1" },
        { "Shows/Half Show/Half Show - 1x01a.mkv;Shows/Half Show/Half Show - 1x01b.mkv;Shows/Half Show/Half Show - 1x01c.mkv;Shows/Half Show/Half Show - 1x02.mkv", "Half Show 4/1" },
        { "Anime/Some Series/Some Series - S01E12.mkv;Anime/Some Series/Some Series - S01E12.5 [1080p].mkv", "Some Series 2/1" },
        { "Music/The Lamps/Weezer (1994)/01 - One.flac;Music/The Lamps/Weezer (2001)/01 - One.flac;Music/The Lamps/Weezer (2008)/01 - One.flac", "Weezer 1994 1/1;Weezer 2001 1/1;Weezer 2008 1/1" },
        { "Books/The Gift (1938).epub;Books/The Gift (2007).epub", "The Gift 1938 1;The Gift 2007 1" },

        // Marks that are missing, or agree.
        { "movies/1080p/The Conjuring (2013) [tmdbid=138843]/The Conjuring (2013).mkv;movies/2160p/The Conjuring (2013) [tmdbid=138843]/The Conjuring (2013).mkv", "The Conjuring 2013 2" },
        { "Movies/Nutty Squirrels (1988)/Nutty Squirrels (1988).mkv;Movies/Nutty Squirrels (1988)/Nutty Squirrels (1988) Theatrical.mkv;Movies/Nutty Squirrels (1988)/Plex Versions/Optimized for TV/Nutty Squirrels (1988).mp4", "Nutty Squirrels 1988 3" },
        { "Books/Jane Roe/A Fresh Start (12)/A Fresh Start - Jane Roe.epub;Books/Jane Roe/A Fresh Start (12)/A Fresh Start - Jane Roe.azw3;Books/John Doe/A Fresh Start (13)/A Fresh Start - John Doe.epub", "A Fresh Start 1;A Fresh Start 2" },
        { "Movies/RoboCop (1987).mkv;Movies/RoboCop (2014).mkv", "RoboCop 1987 1;RoboCop 2014 1" },
        { "Movies/Twin (2001).mkv;Movies/twin (2001).mkv", "Twin 2001 2" },
        { "Music/Band/Twin2/CD1/01 - Intro.mp3;Music/Band/Twin2/CD2/01 - Intro.mp3", "Twin2 2/1" },
        { "Movies/Low Tide (2011) {tmdb-5}.mkv;Movies/Low Tide (2011) 720p.mkv;Movies/Low Tide (2011) [imdbid-tt1111111].mkv", "Low Tide 2011 3" },
        { "TV/Night Post (1999)/Season 1/Night Post S01E01.mkv;TV/Night.Post.S01E02.720p.HDTV.x264-GRP.mkv", "Night Post 1999 2/1" },
        { "TV/Night Post (1999)/Season 1/Night Post S01E01.mkv;Shows/Night Post/Season 1/Night Post S01E01.mkv;Mixed/Night.Post.S01E01.720p.HDTV.x264-GRP.mkv", "Night Post 1999 1/3" },
        { "Music/VA/Greatest Hits/01 - Song (1984).mp3;Music/VA/Greatest Hits/02 - Other Song (1987).mp3;Music/VA/Greatest Hits/03 - Third.mp3", "Greatest Hits 1984 3/1" },
        { "TV/Night Post (1999)/Night Post - S01E01 - Blackout (1977).mkv;TV/Night Post (1999)/Night Post - S01E02 - Dawn (1981).mkv;TV/Night Post (1999)/Night Post - S01E03.mkv", "Night Post 1999 3/1" },
        { "TV/Night Post/Night Post - S01E01 - Blackout (1977).mkv;TV/Night Post/Night Post - S01E02 - Dawn (1981).mkv", "Night Post 1977 2/1" },
        { "TV/Night Post/Night Post - S01E01 [tt1111111].mkv;TV/Night Post/Night Post - S01E02 [tt2222222].mkv", "Night Post 2/1" },
        { "TV/Night Post (1999)/Season 01 (1999)/Night Post 1x01.mkv;TV/Night Post (1999)/Season 02 (2001)/Night.Post.S02E01.2001.720p.mkv", "Night Post 1999 2/1" },
        { "Music/Band/Album (1973)/01 - One.mp3;Music/Band/Album (1973) [2011 Remaster]/01 - One.mp3;Music/Band/Album/02 - Two.mp3", "Album 1973 2/2" },
        { "Shows/Half Show/Half Show - s01e01a-s01e01b.mkv;Shows/Half Show/Half Show - s01e01.mkv", "Half Show 1/2" },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public async Task Scan_Tree_ListsItsItems(string paths, string expected)
    {
        foreach (var path in paths.Split(';'))
        {
            _catalog.Write(path);
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        Check(expected);
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public async Task Scan_FileByFile_ListsTheSame(string paths, string expected)
    {
        _catalog.Write("Photos/2019/IMG_0001.JPG");
        var source = (await _catalog.AddSourceAsync()).Id;
        await _catalog.ScanAsync(source);
        foreach (var path in paths.Split(';'))
        {
            _catalog.Write(path);
            await _catalog.ScanAsync(source);
        }

        Check(expected + ";IMG_0001.JPG 1");
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private void Check(string expected)
    {
        Assert.Equal(expected.Split(';').Order(StringComparer.Ordinal), _catalog.QueryRows(ListedSql).Order(StringComparer.Ordinal));
        AssertPartsBeginWithTheirParents(_catalog);
        CatalogInvariants.Check(_catalog);
    }

    internal static void AssertPartsBeginWithTheirParents(TestCatalog catalog) => Assert.Equal([], catalog.QueryRows("""
        SELECT c.identity, p.identity FROM media_items c JOIN media_items p ON p.id = c.parent_id
        WHERE p.kind IN (1, 2, 5) AND substr(c.identity, 1, length(p.identity) + 1) <> p.identity || '|'
        """));
}
