using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Sidecars and extras belong to their item, in whatever order folders were found.</summary>
public sealed class SidecarOwnerScanTests : IAsyncDisposable
{
    private const string Copies = "Movies/Catch Me (2002)/{Catch Me (2002) - 1080p.mkv,Catch Me (2002) - 720p.mkv,Catch Me (2002).en.srt,Catch Me (2002) - 720p.de.srt,movie.nfo,poster.jpg,Extras/Bonus.mkv}";
    private const string Show = "Shows/Some Show (2019)/Season 01/{Some Show - S01E01.mkv,Some Show - S01E02.mkv,clips/Behind the set.mkv,other/Reunion talk.mkv,trailers/Season 1 Teaser.mkv}|Shows/Some Show (2019)/Extras/Gag reel.mkv";

    private readonly TestCatalog _catalog = new();

    [Theory]
    [InlineData(Copies, "film Catch Me < Catch Me (2002).en.srt, Extras/Bonus.mkv, movie.nfo, poster.jpg|Catch Me (2002) - 720p.mkv < Catch Me (2002) - 720p.de.srt")]
    [InlineData(
        "Flat/{Der Mann (2001).mkv,Der Mann (2001)-trailer.mkv,Die Frau (2002).mkv,Die Frau (2002)-behindthescenes.mkv}",
        "film Der Mann < Der Mann (2001)-trailer.mkv|film Die Frau < Die Frau (2002)-behindthescenes.mkv")]
    [InlineData(Show, "season 1 < clips/Behind the set.mkv, other/Reunion talk.mkv, trailers/Season 1 Teaser.mkv|series Some Show < Extras/Gag reel.mkv")]
    [InlineData(
        "Movies/One Copy (2003)/{One Copy (2003).mkv,sample.mp4,theme.mp3,trailer.mp4,theme-music/theme2.mp3,shorts/Something in Shorts.mp4,deleted scenes/Alt ending.mp4}",
        "One Copy (2003).mkv < deleted scenes/Alt ending.mp4, sample.mp4, shorts/Something in Shorts.mp4, theme-music/theme2.mp3, theme.mp3, trailer.mp4")]
    [InlineData(
        "Movies/Inception (2010)/{Inception (2010) - 2160p/BDMV/{index.bdmv,STREAM/00800.m2ts},Inception (2010) - 1080p/BDMV/STREAM/00800.m2ts,Extras/Making Of/BDMV/{index.bdmv,STREAM/00001.m2ts},poster.jpg}",
        "film Inception < Extras/Making Of/BDMV/STREAM/00001.m2ts, Extras/Making Of/BDMV/index.bdmv, poster.jpg")]
    [InlineData("Movies/Salt Harbour (2011)/{BDMV/{index.bdmv,STREAM/1.m2ts},poster.jpg,movie.nfo}", "1.m2ts < movie.nfo, poster.jpg")]
    [InlineData("Movies/Salt Harbour (2011)/{CD1/salt.avi,CD2/salt.avi,CD1/salt.srt,poster.jpg}", "salt.avi < CD1/salt.srt, poster.jpg")]
    [InlineData("Movies/Salt Harbour (2011)/{Salt Harbour (2011) 720p.mkv,Salt Harbour (2011) 1080p.mkv,Subs/{en.srt,de.srt},Artwork/cover.jpg}", "film Salt Harbour < Artwork/cover.jpg, Subs/de.srt, Subs/en.srt")]
    [InlineData("TV/North Quay (2009)/{Season 1/{North Quay S01E01.mkv,North Quay S01E02.mkv,folder.jpg},Season 2/North Quay S02E01.mkv,poster.jpg,tvshow.nfo}", "season 1 < folder.jpg|series North Quay < poster.jpg, tvshow.nfo")]
    [InlineData("TV/North Quay (2009)/{Season 1/{North Quay S01E01.mkv,folder.jpg},fanart.jpg}", "season 1 < folder.jpg|series North Quay < fanart.jpg")]
    [InlineData("TV/{North Quay/{Season 1/North Quay S01E01.mkv,poster.jpg},South Quay/{Season 1/South Quay S01E01.mkv,poster.jpg},poster.jpg}", "series North Quay < poster.jpg|series South Quay < poster.jpg|- < poster.jpg")]
    [InlineData("Music/The Lamps/{Night Shift (2004)/{01 - Morning.flac,02 - Evening.flac,cover.jpg,Scans/back.jpg},Day Shift (2006)/{01 - Noon.flac,02 - Tea.flac},artist.jpg}", "album Night Shift < Scans/back.jpg, cover.jpg|artist The Lamps < artist.jpg")]
    [InlineData("Movies/{Film One (2001).mkv,Film Two (2002).mkv,Leftovers/readme.nfo,Extras/Film Two (2002) - Interview.mkv}", "film Film Two < Extras/Film Two (2002) - Interview.mkv|- < Leftovers/readme.nfo")]
    [InlineData(
        "Movies/Tenki no Ko (2019)/{Tenki no Ko (2019) - [2160p_HDR].mkv,Tenki no Ko (2019) - [1080p].mkv,Tenki no Ko (2019) - [1080p].flac.mka,[Grp] Tenki no Ko [Fonts].zip,SPs/Tenki no Ko - Trailer 1.mkv}",
        "film Tenki no Ko < Tenki no Ko (2019) - [1080p].flac.mka, Tenki no Ko - Trailer 1.mkv, [Grp] Tenki no Ko [Fonts].zip")]
    public async Task Scan_Tree_GivesSidecarsTheirOwners(string tree, string expected)
    {
        Write(tree);

        await ScanAsync();

        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), ReadOwners());
        await AssertStableAsync();
    }

    [Fact]
    public async Task Scan_SidecarsBeforeTheirMedia_FindThemInLaterScans()
    {
        Write("Movies/Else (1999).mkv|Movies/Catch Me (2002)/{Catch Me (2002).en.srt,movie.nfo,poster.jpg,Extras/Bonus.mkv}|Shows/Some Show (2019)/{poster.jpg,Extras/Gag reel.mkv}");
        var source = await ScanAsync();
        Assert.Equal(6, _catalog.Count("SELECT count(*) FROM files WHERE role = 1 AND version_id IS NULL AND item_id IS NULL"));

        Write(Copies + "|" + Show);
        await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal(
        [
            "Catch Me (2002) - 720p.mkv < Catch Me (2002) - 720p.de.srt",
            "film Catch Me < Catch Me (2002).en.srt, Extras/Bonus.mkv, movie.nfo, poster.jpg",
            "season 1 < clips/Behind the set.mkv, other/Reunion talk.mkv, trailers/Season 1 Teaser.mkv",
            "series Some Show < Extras/Gag reel.mkv, poster.jpg",
        ], ReadOwners());
        await AssertStableAsync();
    }

    [Fact]
    public async Task Scan_SecondVersion_MovesWhatIsOfBothToTheItem()
    {
        Write("Movies/Catch Me (2002)/{Catch Me (2002) - 1080p.mkv,Catch Me (2002) - 1080p.srt,movie.nfo,Extras/Bonus.mkv}");
        var source = await ScanAsync();
        Assert.Equal(["Catch Me (2002) - 1080p.mkv < Catch Me (2002) - 1080p.srt, Extras/Bonus.mkv, movie.nfo"], ReadOwners());

        Write("Movies/Catch Me (2002)/Catch Me (2002) - 720p.mkv");
        await _catalog.ScanAsync(source);

        Assert.Equal(["Catch Me (2002) - 1080p.mkv < Catch Me (2002) - 1080p.srt", "film Catch Me < Extras/Bonus.mkv, movie.nfo"], ReadOwners());
        Write("Movies/Catch Me (2002)/{Catch Me (2002) - 480p.mkv,fanart.jpg}");
        await _catalog.ScanAsync(source);

        Assert.Equal(["Catch Me (2002) - 1080p.mkv < Catch Me (2002) - 1080p.srt", "film Catch Me < Extras/Bonus.mkv, fanart.jpg, movie.nfo"], ReadOwners());
        await AssertStableAsync();
    }

    [Fact]
    public async Task Scan_MovedAndRenamedFolder_KeepsSidecars()
    {
        Write("Movies/Other (1999).mkv|" + Copies.Replace("Catch Me", "Cetch Me", StringComparison.Ordinal));
        var source = await ScanAsync();
        Directory.Move(Path.Combine(_catalog.Root, "Movies/Cetch Me (2002)"), Path.Combine(_catalog.Root, "Movies/Catch Me (2002)"));
        foreach (var file in Directory.GetFiles(Path.Combine(_catalog.Root, "Movies/Catch Me (2002)")))
        {
            File.Move(file, file.Replace("Cetch", "Catch", StringComparison.Ordinal));
        }

        await _catalog.ScanAsync(source);

        Assert.Equal(2, (await _catalog.FindOneAsync("Catch Me")).VersionCount);
        Assert.Equal(["Catch Me (2002) - 720p.mkv < Catch Me (2002) - 720p.de.srt", "film Catch Me < Catch Me (2002).en.srt, Extras/Bonus.mkv, movie.nfo, poster.jpg"], ReadOwners());
        await AssertStableAsync();
    }

    [Fact]
    public async Task Scan_VersionMovedAway_LeavesSidecarsForTheNext()
    {
        Write("Movies/Other (1999).mkv|Movies/Old/{Quiet Water (2001).mkv,Quiet Water (2001).en.srt}");
        var source = await ScanAsync();
        Directory.CreateDirectory(Path.Combine(_catalog.Root, "Movies/New"));
        File.Move(Path.Combine(_catalog.Root, "Movies/Old/Quiet Water (2001).mkv"), Path.Combine(_catalog.Root, "Movies/New/Loud Water (2001).mkv"));

        await _catalog.ScanAsync(source);

        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM files f WHERE version_id NOT IN (SELECT id FROM media_versions) OR item_id NOT IN (SELECT id FROM media_items)"));
        await AssertStableAsync();
    }

    [Fact]
    public async Task Merge_AndUndo_TakeSidecarsAlong()
    {
        Write(Copies + "|Movies/Caught (2002)/Caught (2002).mkv");
        await ScanAsync();
        var (from, into) = ((await _catalog.FindOneAsync("Catch Me")).Id, (await _catalog.FindOneAsync("Caught")).Id);
        var merges = _catalog.Services.GetRequiredService<ItemMergeService>();
        Assert.True((await merges.MergeAsync(Actor.System, from, into, default)).IsOk);
        Assert.Equal(4, (await _catalog.Media.GetAsync(Actor.System, into, default)).Value.Sidecars.Count);

        var decision = Assert.Single((await merges.ForItemAsync(Actor.System, into, default)).Value);
        Assert.True((await merges.UndoAsync(Actor.System, decision.Id, default)).IsOk);

        Assert.Equal((4, 0), ((await _catalog.Media.GetAsync(Actor.System, from, default)).Value.Sidecars.Count, (await _catalog.Media.GetAsync(Actor.System, into, default)).Value.Sidecars.Count));
        await AssertStableAsync();
    }

    [Fact]
    public async Task Redetect_CatalogueWithoutOwners_FindsThemOnce()
    {
        Write(Copies + "|" + Show);
        await ScanAsync();
        var owners = ReadOwners();
        _catalog.Execute("UPDATE files SET item_id = NULL");

        Assert.True((await RedetectAsync()).HasChanges);

        Assert.Equal(owners, ReadOwners());
        await AssertStableAsync();
    }

    [Fact]
    public async Task Purge_OfASource_LeavesNothingBehind()
    {
        Write("a/" + Copies + "|b/Movies/Catch Me (2002)/{Catch Me (2002) - 480p.mkv,poster.jpg}");
        var first = await _catalog.AddSourceAsync("a", Path.Combine(_catalog.Root, "a"));
        var second = await _catalog.AddSourceAsync("b", Path.Combine(_catalog.Root, "b"));
        await _catalog.ScanAsync(first.Id);
        await _catalog.ScanAsync(second.Id);
        var removal = _catalog.Services.GetRequiredService<SourceRemoval>();
        var item = (await _catalog.FindOneAsync("Catch Me")).Id;
        Assert.Equal(4, (await _catalog.Media.GetAsync(Actor.System, item, default)).Value.Sidecars.Count);

        var preview = (await removal.PreviewAsync(Actor.System, first.Id, default)).Value;
        await removal.RemoveAsync(Actor.System, first.Id, preview.Token, default);
        await removal.PurgeAsync(Actor.System, first.Id, default);
        await removal.PurgeDueAsync(new Progress<ProgressUpdate>(), default);

        Assert.Empty((await _catalog.Media.GetAsync(Actor.System, item, default)).Value.Sidecars);
        Assert.Equal(["Catch Me (2002) - 480p.mkv < poster.jpg"], ReadOwners());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Get_Item_GivesKindSizeAndPlaceOfSidecars()
    {
        Write(Copies);
        await ScanAsync();

        var sidecars = (await _catalog.Media.GetAsync(Actor.System, (await _catalog.FindOneAsync("Catch Me")).Id, default)).Value.Sidecars;

        Assert.Equal(["subtitle", "video", "metadata", "artwork"], sidecars.Select(f => f.Kind));
        Assert.All(sidecars, f => Assert.True(f is { Size: > 0, SourceName: "Films", Presence: Presence.Present } && f.Path.StartsWith("Movies/Catch Me (2002)/", StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private Task<RedetectionReport> RedetectAsync() => _catalog.Services.GetRequiredService<Redetection>().RunAsync(null, false, new PercentTrigger(101, () => { }), default);

    /// <summary>Neither redetection nor another scan changes anything.</summary>
    private async Task AssertStableAsync()
    {
        var owners = ReadOwners();
        Assert.False((await RedetectAsync()).HasChanges);
        await _catalog.ScanAsync(_catalog.Count("SELECT min(id) FROM sources"));
        Assert.Equal(owners, ReadOwners());
        CatalogInvariants.Check(_catalog);
    }

    private void Write(string tree)
    {
        foreach (var path in tree.Split('|').SelectMany(Braces.Expand))
        {
            _catalog.Write(path);
        }
    }

    private async Task<long> ScanAsync()
    {
        var source = await _catalog.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source.Id)).State);
        return source.Id;
    }

    /// <summary>Each owner with its sidecars: "film Title &lt; poster.jpg" or "Title.mkv &lt; Title.srt"; a hyphen for those without one.</summary>
    private List<string> ReadOwners() =>
    [
        .. _catalog.QueryRows("""
            SELECT coalesce((SELECT n.name FROM files n WHERE n.version_id = f.version_id AND n.role <> 1 ORDER BY n.role = 3 AND n.name NOT LIKE '%.m2ts', n.name LIMIT 1),
                (SELECT CASE i.kind WHEN 0 THEN 'film ' || i.title WHEN 1 THEN 'series ' || i.title WHEN 2 THEN 'season ' || i.season WHEN 4 THEN 'artist ' || i.title WHEN 5 THEN 'album ' || i.title ELSE i.kind END
                  FROM media_items i WHERE i.id = f.item_id), '-'),
              coalesce(f.version_id, 0), coalesce(f.item_id, 0), d.path || '/' || f.name
            FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.role = 1
            """).Select(row => row.Split('|')).GroupBy(row => string.Join('|', row[..3])).Select(group => $"{group.First()[0]} < {string.Join(", ", group.Select(row => Shorten(row[3])).Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The name with the folders for sidecars above it.</summary>
    private static string Shorten(string path)
    {
        var folders = path.Split('/');
        var first = Array.FindIndex(folders, f => f is "Extras" or "clips" or "other" or "trailers" or "theme-music" or "shorts" or "deleted scenes" or "Subs" or "Artwork" or "Scans" or "CD1" or "Leftovers");
        return first < 0 ? folders[^1] : string.Join('/', folders[first..]);
    }
}
