using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Names read again from stored rows give what a scan of the same files gives, and leave what people did.</summary>
public sealed class RedetectionTests : IAsyncDisposable
{
    /// <summary>All that is read from names, without ids and times.</summary>
    private static readonly string[] Readings =
    [
        "SELECT i.kind, i.media_type, i.is_work, i.identity, i.title, i.sort_title, i.year, i.season, i.episode, i.episode_to, h.pattern, i.version_count, i.part_count, i.best_resolution, i.best_codec, i.best_score, p.identity FROM media_items i JOIN holdings h ON h.id = i.holding_id LEFT JOIN media_items p ON p.id = i.parent_id ORDER BY i.identity",
        "SELECT i.identity, v.presence, v.identity IS NOT NULL, v.resolution, v.video_codec, v.audio_codec, v.audio_channels, v.hdr, v.overall_score, v.label, v.size, v.confidence FROM media_versions v JOIN media_items i ON i.id = v.item_id ORDER BY 1, v.size, v.label, v.overall_score",
        "SELECT d.path, f.name, f.size, f.role, f.media_type, f.presence, i.identity FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN media_versions v ON v.id = f.version_id LEFT JOIN media_items i ON i.id = v.item_id ORDER BY 1, 2",
        "SELECT facet, value, n FROM facet_counts WHERE n <> 0 AND facet NOT IN (4, 7) ORDER BY 1, 2",
    ];

    private static readonly string[] Library =
    [
        "Films/Silver Harbor (1994)/Silver.Harbor.1994.1080p.BluRay.x264-GRP.mkv",
        "Films/Silver Harbor (1994)/Silver.Harbor.1994.1080p.BluRay.x264-GRP.en.srt",
        "Films/Silver Harbor (1994)/poster.jpg",
        "Films/Long Road (1960)/Long Road (1960) CD1.avi",
        "Films/Long Road (1960)/Long Road (1960) CD2.avi",
        "Archive/Silver Harbor (1994) 720p.mkv",
        "Films/Quiet Water (2001)/Quiet Water (2001).mkv",
        "Films/Quiet Water (2001)/Quiet Water (2001)-trailer.mkv",
        "TV/Some Show/Season 01/Some Show S01E01 720p.mkv",
        "TV/Some Show/Season 01/Some Show S01E02 720p.mkv",
        "TV/Some Show/Season 02/Some Show S02E01 The Way Back 1080p.mkv",
        "Music/The Lamps/Night Shift (2004)/01 - Morning.flac",
        "Music/The Lamps/Night Shift (2004)/02 - Evening.flac",
        "Music/The Lamps/Night Shift (2004)/cover.jpg",
        "Books/Jane Doe - The Quiet Water (1987).epub",
        "Photos/2019/IMG_0001.JPG",
        "notes.xyz",
    ];

    private readonly TestCatalogue _catalogue = new();

    [Fact]
    public async Task Run_NothingChanged_ChangesNothing()
    {
        await ScannedAsync();
        var before = Told(_catalogue);

        var report = await RunAsync();

        Assert.Equal((Library.Length, false), ((int)report.Files, report.IsNews));
        Assert.Equal(before, Told(_catalogue));
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM file_events WHERE kind = 7"));
    }

    [Fact]
    public async Task Run_SpoiledReadingsAndNoSource_GivesWhatAFreshScanGives()
    {
        await ScannedAsync();
        var fresh = Told(_catalogue);
        var seen = _catalogue.Rows("SELECT name, first_seen_at FROM files ORDER BY 1");
        await SpoilAsync();
        Directory.Delete(_catalogue.Root, recursive: true);

        var report = await RunAsync();

        Assert.True(report.IsNews);
        Assert.Equal(fresh, Told(_catalogue));
        Assert.Equal(seen, _catalogue.Rows("SELECT name, first_seen_at FROM files ORDER BY 1"));
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM media_items WHERE first_seen_at > (SELECT max(first_seen_at) FROM files)"));
        Assert.False((await RunAsync()).IsNews);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Run_Dry_TellsAndWritesNothing()
    {
        await ScannedAsync();
        await SpoilAsync();
        var before = Told(_catalogue);
        var written = Written();

        var report = await RunAsync(dryRun: true);

        Assert.True(report.Works + report.Types > 0);
        Assert.Contains(report.Examples, e => e.Path.EndsWith("S01E02 720p.mkv", StringComparison.Ordinal) && e.Now.Contains("S01E02", StringComparison.Ordinal));
        Assert.Equal(before, Told(_catalogue));
        Assert.Equal(written, Written());
    }

    [Fact]
    public async Task Run_RenamedWork_KeepsAddressAgeEditsAndMatch()
    {
        await ScannedAsync();
        var water = await _catalogue.OneAsync("Quiet Water");
        var harbor = await _catalogue.OneAsync("Silver Harbor");
        var show = await _catalogue.OneAsync("Some Show");
        await _catalogue.Media.EditAsync(Actor.System, water.Id, new MediaEdits { Title = "Still Water", Rating = 9 }, default);
        _catalogue.Execute($$"""
            INSERT INTO media_matches (item_id, state, provider, external_id, confidence, name_title, name_year, checked_at)
              VALUES ({{harbor.Id}}, 'Pinned', 'tmdb', '7', 1, 'Silver Harbor', 1994, 0);
            INSERT INTO external_metadata (item_id, provider, external_id, payload, language, fetched_at, expires_at) VALUES ({{harbor.Id}}, 'tmdb', '7', '{"Title":"The Silver Harbor","Year":1995}', 'en', 0, 0);
            UPDATE media_items SET title = 'The Silver Harbor', year = 1995, sort_title = 'silver harbor' WHERE id = {{harbor.Id}};
            """);

        // As an older reader would have had it: other titles, so other identities.
        Rename(water.Id, "Quiet Water 2001", "film|quiet water 2001|", edited: true);
        Rename(harbor.Id, null, "film|silver harbor 1994 x|", edited: true);
        _catalogue.Execute($"UPDATE media_matches SET name_title = 'Silver Harbor 1994 x', name_year = NULL WHERE item_id = {harbor.Id}");
        foreach (var id in _catalogue.Rows("SELECT id FROM media_items WHERE identity LIKE 'series|some show|%'").Select(row => long.Parse(row, CultureInfo.InvariantCulture)))
        {
            _catalogue.Execute($"UPDATE media_items SET identity = 'series|some shov|' || substr(identity, 18) WHERE id = {id}");
            Rehash(id);
        }

        _catalogue.Execute($"UPDATE media_items SET title = 'Some Shov' WHERE id = {show.Id}");

        var report = await RunAsync();

        Assert.True(report.Works > 0);
        var still = await _catalogue.OneAsync("Still Water");
        Assert.Equal((water.Id, water.FirstSeenAt, 9d, 2001), (still.Id, still.FirstSeenAt, still.Rating, still.Year));
        Assert.Equal(["Quiet Water"], _catalogue.Rows("SELECT base_value FROM item_edits WHERE field = 'title'"));
        var matched = await _catalogue.OneAsync("The Silver Harbor");
        Assert.Equal((harbor.Id, 1995, 2), (matched.Id, matched.Year, matched.VersionCount));
        Assert.Equal(["Pinned|Silver Harbor|1994"], _catalogue.Rows("SELECT state, name_title, name_year FROM media_matches"));
        Assert.Equal((show.Id, 3), ((await _catalogue.OneAsync("Some Show")).Id, (await _catalogue.OneAsync("Some Show")).PartCount));
        Assert.False((await RunAsync()).IsNews);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Run_EditedWorkThatReadsAsAnother_StaysWithItsFile()
    {
        await ScannedAsync();
        var water = await _catalogue.OneAsync("Quiet Water");
        var version = _catalogue.Count($"SELECT id FROM media_versions WHERE item_id = {water.Id}");
        _catalogue.Execute("INSERT INTO item_edits (item_id, field, value, base_value, edited_at) SELECT id, 'title', 'Mine', title, 0 FROM media_items WHERE identity = 'film|long road|1960'");
        var edited = _catalogue.Count("SELECT id FROM media_items WHERE identity = 'film|long road|1960'");
        _catalogue.Execute($"UPDATE media_items SET title = 'Mine', sort_title = 'mine' WHERE id = {edited}; UPDATE media_versions SET item_id = {edited} WHERE id = {version}");
        _catalogue.Execute($"UPDATE media_items SET version_count = 0, holding_id = (SELECT id FROM holdings WHERE pattern = '') WHERE id = {water.Id}; UPDATE media_items SET version_count = 2 WHERE id = {edited}");

        var report = await RunAsync();

        Assert.Equal(1, report.Kept);
        Assert.Equal(edited, _catalogue.Count($"SELECT item_id FROM media_versions WHERE id = {version}"));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Run_MeasuredCopy_KeepsItsMeasures()
    {
        await ScannedAsync();
        var copy = _catalogue.Count("SELECT v.id FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE i.identity = 'film|quiet water|2001'");
        _catalogue.Execute($"UPDATE media_versions SET quality_from = 1, resolution = '2160p', duration_seconds = 90 WHERE id = {copy}; INSERT INTO version_analyses (version_id, at, tries, size, modified_at) VALUES ({copy}, 1, 0, 1, 1)");
        Rename(_catalogue.Count($"SELECT item_id FROM media_versions WHERE id = {copy}"), "Quite Water", "film|quite water|2001");

        await RunAsync();

        Assert.Equal(["2160p|90|1"], _catalogue.Rows($"SELECT resolution, duration_seconds, (SELECT count(*) FROM version_analyses WHERE version_id = v.id) FROM media_versions v WHERE id = {copy}"));
        Assert.Equal("Quiet Water", (await _catalogue.OneAsync("Quiet Water")).Title);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Run_BrokenOff_GoesOnWhereItWas()
    {
        foreach (var film in Enumerable.Range(0, 3000))
        {
            _catalogue.Write($"Films/{film % 300:000}/Wonder {film} (1980).mkv", "x");
        }

        await ScannedAsync(library: false);
        var fresh = Told(_catalogue);
        _catalogue.Execute("UPDATE media_items SET title = 'Spoiled ' || id, sort_title = 'spoiled'");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Redetection.RunAsync(null, false, new AtPercent(40, stop.Cancel), stop.Token));
        var left = _catalogue.Count("SELECT count(*) FROM media_items WHERE title LIKE 'Spoiled%'");
        await _catalogue.ReopenAsync();

        var report = await RunAsync();

        Assert.InRange(left, 1, 2500);
        Assert.Equal((left, left), (report.Titles, report.Files));
        Assert.Equal(fresh, Told(_catalogue));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task IsDue_OlderReaderOrNone_UntilItWasRead()
    {
        Assert.False(await Redetection.IsDueAsync(default));     // nothing in it: noted
        await ScannedAsync();
        Assert.False(await Redetection.IsDueAsync(default));
        _catalogue.Execute($"UPDATE settings SET value = {MediaDetector.Version - 1} WHERE key = 'detector.version'");
        Assert.True(await Redetection.IsDueAsync(default));

        await RunAsync();

        Assert.False(await Redetection.IsDueAsync(default));
    }

    [Fact]
    public async Task Run_TwentyThousandFiles_InBoundedMemory()
    {
        await using (var connection = _catalogue.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            MadeCatalogue.Fill(connection, 20_000);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var report = await Redetection.RunAsync(null, false, new AtPercent(0, () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before)), default);

        Assert.True(report.Works > 1000);
        Assert.True(most < 150_000_000, $"{most} bytes");
        Assert.False((await RunAsync()).IsNews);
        CatalogueTruth.Check(_catalogue);
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private Redetection Redetection => _catalogue.Services.GetRequiredService<Redetection>();

    private static List<string> Told(TestCatalogue catalogue) => [.. Readings.SelectMany(catalogue.Rows)];

    private Task<RedetectionReport> RunAsync(bool dryRun = false) => Redetection.RunAsync(null, dryRun, new AtPercent(101, () => { }), default);

    private async Task ScannedAsync(bool library = true)
    {
        foreach (var path in library ? Library : [])
        {
            _catalogue.Write(path);
        }

        var source = await _catalogue.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(source.Id)).State);
    }

    /// <summary>What an older reader might have made of it: wrong titles and years, episodes and an album as films, parts as copies, a picture as a photo, a film beside another.</summary>
    private async Task SpoilAsync()
    {
        Rename(One("film|silver harbor|1994"), "Silver Harbour", "film|silver harbour|1990", year: 1990);
        _catalogue.Execute("UPDATE media_items SET title = 'Something', sort_title = 'something', year = 1900 WHERE identity LIKE 'book|%'");
        _catalogue.Execute("UPDATE media_versions SET resolution = '480p', label = 'Old', confidence = 0.1, overall_score = 3 WHERE item_id = (SELECT id FROM media_items WHERE identity LIKE 'series|%e2-')");

        // Two episodes of one season as one film each.
        foreach (var (episode, at) in _catalogue.Rows("SELECT id FROM media_items WHERE identity LIKE 'series|some show||s1|%'").Select((row, at) => (row, at)))
        {
            _catalogue.Execute($"UPDATE media_items SET kind = 0, media_type = 0, is_work = 0, parent_id = NULL, title = 'Some Show {at}', sort_title = 'some show {at}', year = 1999, season = NULL, episode = NULL, identity = 'film|some show {at}|1999' WHERE id = {episode}");
            Rehash(long.Parse(episode, CultureInfo.InvariantCulture));
        }

        // The parts of a film as two copies, and a film beside another.
        _catalogue.Execute("""
            UPDATE media_versions SET identity = NULL, size = (SELECT min(f.size) FROM files f WHERE f.version_id = media_versions.id) WHERE identity IS NOT NULL;
            INSERT INTO media_versions (id, item_id, source_id, presence, identity, overall_score, quality_from, size, confidence)
              SELECT (SELECT max(id) + 1 FROM media_versions), v.item_id, v.source_id, 0, NULL, 0, 0, f.size, 0.5 FROM files f JOIN media_versions v ON v.id = f.version_id WHERE f.name LIKE '%CD2.avi';
            UPDATE files SET version_id = (SELECT max(id) FROM media_versions) WHERE name LIKE '%CD2.avi';
            UPDATE media_items SET version_count = 2 WHERE identity = 'film|long road|1960';
            UPDATE files SET role = 1, media_type = 9 WHERE name LIKE '02 - Evening%';
            UPDATE files SET media_type = 8 WHERE name = 'poster.jpg';
            """);
        await _catalogue.ReopenAsync();    // which forgets the ids that the scan gave out
    }

    private (long Length, DateTime At) Written() => (new FileInfo(_catalogue.DatabasePath + "-wal").Length, File.GetLastWriteTimeUtc(_catalogue.DatabasePath + "-wal"));

    private long One(string identity) => _catalogue.Count($"SELECT id FROM media_items WHERE identity = '{identity}'");

    private void Rename(long id, string? title, string identity, bool edited = false, int? year = null)
    {
        _catalogue.Execute(title is null ? "SELECT 1" : edited
            ? $"UPDATE item_edits SET base_value = '{title}' WHERE item_id = {id} AND field = 'title'"
            : $"UPDATE media_items SET title = '{title}', sort_title = '{Fold.SortTitle(title)}' WHERE id = {id}");
        _catalogue.Execute($"UPDATE media_items SET identity = '{identity}', year = coalesce({(year is null ? "NULL" : year)}, year) WHERE id = {id}");
        Rehash(id);
    }

    private void Rehash(long id)
    {
        var identity = _catalogue.Rows($"SELECT identity FROM media_items WHERE id = {id}").Single();
        _catalogue.Execute($"UPDATE media_items SET identity_hash = {Fold.Hash(identity)} WHERE id = {id}");
    }

    /// <summary>Does something each time a run tells that it is past a share of its work.</summary>
    private sealed class AtPercent(int percent, Action then) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (value.Percent >= percent)
            {
                then();
            }
        }
    }
}
