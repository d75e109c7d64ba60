using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Tests.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>A disc folder is one version of all files below it, and so are parts in folders of their own.</summary>
public sealed class DiscFolderScanTests : IAsyncDisposable
{
    private readonly TestCatalog _catalog = new();

    [Theory]
    [InlineData(
        "Movies/Inception (2010)/Inception (2010) - 2160p/BDMV/{index.bdmv,STREAM/00800.m2ts,STREAM/00801.m2ts}|Movies/Inception (2010)/Inception (2010) - 1080p/BDMV/{index.bdmv,STREAM/00800.m2ts}|Movies/Inception (2010)/Extras/Making Of/BDMV/{index.bdmv,STREAM/00001.m2ts}",
        "film Inception 2010: 2, 3")]
    [InlineData(
        "Shows/Blue.Planet.2017/Blue.Planet.II.2017.S01E01-E03/{BDMV/index.bdmv,BDMV/STREAM/00001.m2ts,BDMV/STREAM/00002.m2ts,BDMV/PLAYLIST/00000.mpls,CERTIFICATE/id.bdmv}|Shows/Blue.Planet.2017/Blue.Planet.II.2017.S01E04-E06/{BDMV/index.bdmv,BDMV/STREAM/00001.m2ts,BDMV/STREAM/00002.m2ts,BDMV/PLAYLIST/00000.mpls,CERTIFICATE/id.bdmv}",
        "series Blue Planet II 2017|season 1|episode 1-3: 5|episode 4-6: 5")]
    [InlineData("Movies/Amazing.Movie.2002.DTS.Bluray.x264/{CD1/cd1.mkv,CD2/cd2.mkv}", "film Amazing Movie 2002: 2")]
    [InlineData("Movies/Total Recall (1990)/Total Recall (1990)-CD1.{avi,idx,sub}|Movies/Total Recall (1990)/Total Recall (1990)-CD2.{avi,idx,sub}", "film Total Recall 1990: 6")]
    [InlineData("Movies/Film Name (2003)/BDMV/STREAM/00001.m2ts|Movies/Film Name (2003)/Film Name (2003).iso", "film Film Name 2003: 1, 1")]
    [InlineData("Filme/Der Leuchtturm (1988)/VIDEO_TS/{VIDEO_TS.IFO,VIDEO_TS.BUP,VTS_01_0.IFO,VTS_01_1.VOB,VTS_01_2.VOB}", "film Der Leuchtturm 1988: 5")]
    [InlineData("Movies/Salt Harbour (2011)/Disc 1/VIDEO_TS/{VIDEO_TS.IFO,VTS_01_1.VOB}|Movies/Salt Harbour (2011)/Disc 2/VIDEO_TS/{VIDEO_TS.IFO,VTS_01_1.VOB}", "film Salt Harbour 2011: 4")]
    [InlineData("Movies/Salt.Harbour.2011.COMPLETE.BLURAY-OBN/{BDMV/{index.bdmv,STREAM/00000.m2ts,BACKUP/index.bdmv,META/DL/bdmt_eng.xml,JAR/00000.jar},CERTIFICATE/id.bdmv,AACS/Unit_Key_RO.inf}", "film Salt Harbour 2011: 7")]
    [InlineData("Movies/Salt Harbour (2011)/{Salt Harbour (2011).mkv,bdmv/stream/00001.M2TS}", "film Salt Harbour 2011: 1, 1")]
    [InlineData("BDMV/Salt Harbour (2011)/Salt Harbour (2011).mkv|BDMV/North Quay (2009)/BDMV/{index.bdmv,STREAM/1.m2ts}", "film North Quay 2009: 2|film Salt Harbour 2011: 1")]
    [InlineData("Movies/Salt Harbour (2011)/{BDMV/{index.bdmv,STREAM/1.m2ts},Featurettes/BDMV/{index.bdmv,STREAM/1.m2ts}}", "film Salt Harbour 2011: 4")]
    [InlineData("Movies/Salt Harbour (2011)/{DVD1,DVD2}/Salt Harbour (2011).avi", "film Salt Harbour 2011: 2")]
    [InlineData("Movies/Salt Harbour (2011)/{Part 1,Part 2,Part 3}/Salt Harbour (2011).mkv", "film Salt Harbour 2011: 3")]
    [InlineData("Movies/{Salt.Harbour.2011.720p,Salt.Harbour.2011.1080p}/{CD1,CD2}/film.avi", "film Salt Harbour 2011: 2, 2")]
    [InlineData("TV/North Quay (2009)/Season 3/{Disc 1,Disc 2}/VIDEO_TS/{VIDEO_TS.IFO,VTS_01_1.VOB}", "series North Quay 2009|season 3|episode -: 4")]
    [InlineData("Music/The Lamps/Night Shift (2004)/{CD1,CD2}/{01 - Morning.flac,02 - Evening.flac}", "artist The Lamps|album Night Shift 2004|track 1 Morning: 1|track 2 Evening: 1|track 1 Morning: 1|track 2 Evening: 1")]
    [InlineData("Movies/Box/Disc 1/Film One (2001).mkv|Movies/Box/Disc 2/Film Two (2002).mkv", "film Film One 2001: 1|film Film Two 2002: 1")]
    [InlineData("GOG/The Witcher 3/{setup_the_witcher_3_1.32_(64bit)_(12345).exe,setup_the_witcher_3_1.32_(64bit)_(12345)-1.bin,setup_the_witcher_3_1.32_(64bit)_(12345)-2.bin}", "game The Witcher 3: 3")]
    [InlineData("SteamLibrary/steamapps/common/Half-Life 2/{hl2.exe,bin/engine.dll,hl2/media/valve.bik}", "game Half-Life 2: 3")]
    [InlineData("SteamLibrary/steamapps/common/{Portal 2/{portal2.exe,portal2/sound/music/track01.wav,portal2/media/attract01.mp4},Iron Fox/{fox.exe,data/a.pak}}", "game Iron Fox: 2|game Portal 2: 3")]
    [InlineData("Games/{Hades (v1.38246).7z,Doom (1993).zip,PC/Stardew Valley v1.5.6.rar}", "game Doom 1993: 1|game Hades: 1|game Stardew Valley: 1")]
    [InlineData("roms/psx/{Final Fantasy VII (USA) (Disc 1).chd,Final Fantasy VII (USA) (Disc 2).chd,Final Fantasy VII (USA).m3u}", "game Final Fantasy VII: 3")]
    [InlineData("Music/Band/{Twin (Disc 1),Twin (Disc 2)}/01 - Intro.mp3", "artist Band|album Twin|track 1 Intro: 1|track 1 Intro: 1")]
    public async Task Scan_Tree_GivesItemsWithTheirVersions(string tree, string expected)
    {
        Write(tree);

        await ScanAsync();

        Assert.Equal(expected, ReadItems());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_FoldersInLaterScans_JoinTheirVersion()
    {
        Write("Movies/Other (1999).mkv|Movies/Film Name (2003)/BDMV/index.bdmv|Movies/Long Film (2002)/CD1/film.avi");
        var source = await ScanAsync();
        foreach (var (files, kind) in new[]
        {
            ("Movies/Film Name (2003)/BDMV/STREAM/{00001.m2ts,00002.m2ts}|Movies/Long Film (2002)/CD2/film.avi", ScanKind.Quick),
            ("Movies/Film Name (2003)/CERTIFICATE/id.bdmv|Movies/Film Name (2003)/BDMV/STREAM/00003.m2ts", ScanKind.Full),
        })
        {
            Write(files);
            await _catalog.ScanAsync(source, kind);
        }

        Assert.Equal("film Film Name 2003: 5|film Long Film 2002: 2|film Other 1999: 1", ReadItems());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_SameDiscOnTwoSources_IsTwoVersions()
    {
        Write("a/Movies/Film Name (2003)/BDMV/{index.bdmv,STREAM/1.m2ts}|b/Movies/Film Name (2003)/BDMV/{index.bdmv,STREAM/1.m2ts}");
        foreach (var name in new[] { "a", "b" })
        {
            var source = await _catalog.AddSourceAsync(name, Path.Combine(_catalog.Root, name));
            await _catalog.ScanAsync(source.Id);
        }

        Assert.Equal("film Film Name 2003: 2, 2", ReadItems());
        CatalogInvariants.Check(_catalog);
    }

    [Theory]
    [InlineData("Movies/Film Nam (2003)", "Movies/Film Name (2003)")]
    [InlineData("Movies/Film Nam (2003)", "Archive/Blurays/Film Name (2003)")]
    [InlineData("Movies/Film Name (2003)", "Archive/Film Name (2003)")]
    public async Task Move_OfADiscFolder_KeepsVersionEditsAndAge(string from, string to)
    {
        Write($"Movies/Other (1999).mkv|{from}/{{BDMV/{{index.bdmv,STREAM/1.m2ts,STREAM/2.m2ts,BACKUP/index.bdmv}},CERTIFICATE/id.bdmv}}");
        var source = await ScanAsync();
        var before = (await _catalog.FindAsync()).Items.Single(i => i.Title != "Other");
        var version = _catalog.Count($"SELECT id FROM media_versions WHERE item_id = {before.Id}");
        await _catalog.Media.EditAsync(Actor.System, before.Id, new MediaEdits { Rating = 9 }, default);

        Directory.CreateDirectory(Path.Combine(_catalog.Root, Path.GetDirectoryName(to)!));
        Directory.Move(Path.Combine(_catalog.Root, from), Path.Combine(_catalog.Root, to));
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((5, 0, 0), (scan.Moved, scan.Added, scan.Missing));
        var after = (await _catalog.FindAsync()).Items.Single(i => i.Title != "Other");
        Assert.Equal((before.Id, "Film Name", before.FirstSeenAt, 9d, 1), (after.Id, after.Title, after.FirstSeenAt, after.Rating, after.VersionCount));
        Assert.Equal(version, _catalog.Count($"SELECT id FROM media_versions WHERE item_id = {before.Id}"));

        Write($"{to}/BDMV/STREAM/3.m2ts");
        await _catalog.ScanAsync(source);

        Assert.Equal("film Film Name 2003: 6|film Other 1999: 1", ReadItems());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_StreamGoneAndBack_ChangesPresenceOfTheWholeVersion()
    {
        Write("Movies/Other (1999).mkv|Movies/Film Name (2003)/BDMV/{index.bdmv,STREAM/1.m2ts,STREAM/2.m2ts}");
        var source = await ScanAsync();
        _catalog.Delete("Movies/Film Name (2003)/BDMV/STREAM/2.m2ts");

        await _catalog.ScanAsync(source);
        var gone = (await _catalog.FindOneAsync("Film Name")).Presence;
        Write("Movies/Film Name (2003)/BDMV/STREAM/2.m2ts");
        await _catalog.ScanAsync(source);

        Assert.Equal((Presence.Missing, Presence.Present), (gone, (await _catalog.FindOneAsync("Film Name")).Presence));
        Assert.Equal("film Film Name 2003: 3|film Other 1999: 1", ReadItems());
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Redetect_CatalogueWithDiscsInPieces_JoinsThemOnceAndKeepsEdits()
    {
        const string tree = "Movies/Film Name (2003)/{BDMX/{index.bdmv,STREAM/1.m2ts,STREAM/2.m2ts,PLAYLIST/1.mpls},CERTIFICATX/id.bdmv}|Movies/Long Film (2002)/{CX1,CX2}/Long Film (2002).avi";
        Write(tree);
        await ScanAsync();
        Assert.NotEqual(2, _catalog.Count("SELECT count(*) FROM media_versions"));
        var film = _catalog.QueryRows("SELECT id FROM media_items WHERE title = 'Long Film'").Single();
        await _catalog.Media.EditAsync(Actor.System, long.Parse(film, System.Globalization.CultureInfo.InvariantCulture), new MediaEdits { Rating = 7 }, default);
        _catalog.Execute("UPDATE folders SET path = replace(replace(replace(path, 'BDMX', 'BDMV'), 'CERTIFICATX', 'CERTIFICATE'), '/CX', '/CD')");

        var report = await RedetectAsync();

        Assert.True(report.HasChanges);
        Assert.Equal("film Film Name 2003: 5|film Long Film 2002: 2", ReadItems());
        Assert.Equal(7d, (await _catalog.FindOneAsync("Long Film")).Rating);
        Assert.False((await RedetectAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Redetect_StoppedInTheMiddle_GoesOn()
    {
        Write(string.Join('|', Enumerable.Range(0, 400).Select(n => $"Movies/Wonder {n} (1980)/BDMX/{{index.bdmv,STREAM/1.m2ts,STREAM/2.m2ts}}")));
        await ScanAsync();
        _catalog.Execute("UPDATE folders SET path = replace(path, 'BDMX', 'BDMV')");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Redetection.RunAsync(null, false, new PercentTrigger(40, stop.Cancel), stop.Token));
        await _catalog.ReopenAsync();

        await RedetectAsync();

        Assert.Equal((400, 400), (_catalog.Count("SELECT count(*) FROM media_versions"), _catalog.Count("SELECT count(*) FROM media_items")));
        Assert.False((await RedetectAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Analysis_OfADisc_MeasuresItsLargestStream()
    {
        Write("Movies/Film Name (2003)/BDMV/{STREAM/00001.m2ts,PLAYLIST/1.mpls}");
        _catalog.Write("Movies/Film Name (2003)/BDMV/index.bdmv", new string('i', 500_000));
        await EncodedMedia.WriteAsync(
            Path.Combine(_catalog.Root, "Movies/Film Name (2003)/BDMV/STREAM/00800.m2ts"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast", "-f", "mpegts"]);
        await ScanAsync();

        await _catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);

        Assert.Equal(["1|"], _catalog.QueryRows("SELECT v.quality_from, a.error FROM media_versions v JOIN version_analyses a ON a.version_id = v.id"));
        var item = await _catalog.FindOneAsync("Film Name");
        var version = Assert.Single((await _catalog.Media.VersionsAsync(Actor.System, item.Id, default)).Value);
        Assert.EndsWith("00800.m2ts", version.Path, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private Redetection Redetection => _catalog.Services.GetRequiredService<Redetection>();

    private Task<RedetectionReport> RedetectAsync() => Redetection.RunAsync(null, false, new PercentTrigger(101, () => { }), default);

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

    /// <summary>All items with the number of files of each version, by identity: "film Inception 2010: 2, 3".</summary>
    private string ReadItems() => string.Join('|', _catalog.QueryRows("""
        SELECT CASE i.kind WHEN 0 THEN 'film' WHEN 1 THEN 'series' WHEN 2 THEN 'season ' || i.season WHEN 3 THEN 'episode ' || coalesce(i.episode, '') || '-' || coalesce(i.episode_to, '')
            WHEN 4 THEN 'artist' WHEN 5 THEN 'album' WHEN 6 THEN 'track ' || i.episode WHEN 7 THEN 'game' ELSE 'other' || i.kind END
          || CASE WHEN i.kind IN (2, 3) THEN '' ELSE coalesce(' ' || i.title, '') END || coalesce(' ' || i.year, '')
          || coalesce(': ' || (SELECT group_concat(n, ', ') FROM (SELECT (SELECT count(*) FROM files f WHERE f.version_id = v.id) AS n FROM media_versions v WHERE v.item_id = i.id ORDER BY 1)), '')
        FROM media_items i ORDER BY CASE WHEN i.kind = 5 THEN 1 WHEN i.kind = 6 THEN 2 ELSE 0 END, i.identity, i.episode
        """));
}
