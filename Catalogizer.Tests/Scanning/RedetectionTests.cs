using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Redetection from stored rows gives the same result as a scan of the same files, and keeps what users did.</summary>
public sealed class RedetectionTests : IAsyncDisposable
{
    /// <summary>Everything that is detected from names, without ids and times.</summary>
    private static readonly string[] SnapshotQueries =
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

    private readonly TemporaryFolder _home = new();
    private TestCatalog _catalog;

    public RedetectionTests() => _catalog = new TestCatalog(home: _home);

    [Fact]
    public async Task Run_NothingChanged_ChangesNothing()
    {
        await ScanLibraryAsync();
        var before = ReadSnapshot(_catalog);

        var report = await RunAsync();

        Assert.Equal((Library.Length, false), ((int)report.Files, report.HasChanges));
        Assert.Equal(before, ReadSnapshot(_catalog));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM file_events WHERE kind = 7"));
    }

    [Fact]
    public async Task Run_SpoiledReadingsAndNoSource_GivesWhatAFreshScanGives()
    {
        var fresh = await ScanWithCurrentDetectorAsync(Library);
        await ScanWithOlderDetectorAsync(Library, SimulateMisreading);
        Assert.NotEqual(fresh, ReadSnapshot(_catalog));
        var seen = _catalog.QueryRows("SELECT name, first_seen_at FROM files ORDER BY 1");
        Directory.Delete(_catalog.Root, recursive: true);

        var report = await RunAsync();

        Assert.True(report.HasChanges);
        Assert.Equal(fresh, ReadSnapshot(_catalog));
        Assert.Equal(seen, _catalog.QueryRows("SELECT name, first_seen_at FROM files ORDER BY 1"));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM media_items WHERE first_seen_at > (SELECT max(first_seen_at) FROM files)"));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_Dry_TellsAndWritesNothing()
    {
        await ScanWithOlderDetectorAsync(Library, SimulateMisreading);
        var before = ReadSnapshot(_catalog);
        var written = ReadWriteTimes();

        var report = await RunAsync(dryRun: true);

        Assert.True(report.Items + report.Types > 0);
        Assert.Contains(report.Examples, e => e.Path.EndsWith("S01E02 720p.mkv", StringComparison.Ordinal) && e.After.Contains("S01E02", StringComparison.Ordinal));
        Assert.Equal(before, ReadSnapshot(_catalog));
        Assert.Equal(written, ReadWriteTimes());
    }

    [Fact]
    public async Task Run_RenamedWork_KeepsAddressAgeEditsAndMatch()
    {
        await using var provider = await TestProvider.StartAsync();
        provider.Bodies["/movie/7"] = """{"id":7,"title":"The Silver Harbor","release_date":"1995-06-01"}""";
        await ScanWithOlderDetectorAsync(Library, path => path
            .Replace("Quiet Water (2001)", "Quite Water (2001)", StringComparison.Ordinal)
            .Replace("Silver.Harbor.1994", "Silver.Harbour.1990", StringComparison.Ordinal).Replace("Silver Harbor (1994)", "Silver Harbour (1990)", StringComparison.Ordinal)
            .Replace("Some Show", "Some Shov", StringComparison.Ordinal));
        await ReopenAsync(() => ProviderHarness.CreateCatalog(provider, options => options.Tmdb.ApiKey = "a.b.c", home: _home));
        var water = await _catalog.FindOneAsync("Quite Water");
        var harbor = await _catalog.FindOneAsync("Silver Harbour");
        var show = await _catalog.FindOneAsync("Some Shov");
        await _catalog.Media.EditAsync(Actor.System, water.Id, new MediaEdits { Title = "Still Water", Rating = 9 }, default);
        await _catalog.Services.GetRequiredService<MetadataService>().MatchAsync(Actor.System, harbor.Id, "tmdb", "7", default);
        Assert.Equal(["Pinned|Silver Harbour|1990"], _catalog.QueryRows("SELECT state, name_title, name_year FROM media_matches"));

        var report = await RunAsync();

        Assert.True(report.Items > 0);
        var still = await _catalog.FindOneAsync("Still Water");
        Assert.Equal((water.Id, water.FirstSeenAt, 9d, 2001), (still.Id, still.FirstSeenAt, still.Rating, still.Year));
        Assert.Equal(["Quiet Water"], _catalog.QueryRows("SELECT base_value FROM item_edits WHERE field = 'title'"));
        var matched = await _catalog.FindOneAsync("The Silver Harbor");
        Assert.Equal((harbor.Id, 1995, 2), (matched.Id, matched.Year, matched.VersionCount));
        Assert.Equal(["Pinned|Silver Harbor|1994"], _catalog.QueryRows("SELECT state, name_title, name_year FROM media_matches"));
        Assert.Equal((show.Id, 3), ((await _catalog.FindOneAsync("Some Show")).Id, (await _catalog.FindOneAsync("Some Show")).PartCount));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_EditedWorkThatReadsAsAnother_StaysWithItsFile()
    {
        await ScanWithOlderDetectorAsync(
            [.. Library, "Archive/Quiet Water (2001) 720p.mkv"],
            path => path.EndsWith("/Quiet Water (2001).mkv", StringComparison.Ordinal) ? "Films/Long Road (1960)/Long Road (1960).mkv" : path);
        var edited = (await _catalog.FindOneAsync("Long Road")).Id;
        await _catalog.Media.EditAsync(Actor.System, edited, new MediaEdits { Title = "Mine" }, default);
        var version = _catalog.Count("SELECT version_id FROM files WHERE name = 'Quiet Water (2001).mkv'");
        Assert.Equal(edited, _catalog.Count($"SELECT item_id FROM media_versions WHERE id = {version}"));

        var report = await RunAsync();

        Assert.Equal(1, report.Pinned);
        Assert.Equal(edited, _catalog.Count($"SELECT item_id FROM media_versions WHERE id = {version}"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_MeasuredCopy_KeepsItsMeasures()
    {
        await EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, "Films/Quiet Water (2001) 2160p.mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        await ScanWithOlderDetectorAsync([], path => path.Replace("Quiet", "Quite", StringComparison.Ordinal));
        await _catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);
        var measured = ReadMeasured();
        Assert.Equal((1, "Quite Water"), (measured.Count, Assert.Single((await _catalog.FindAsync()).Items).Title));
        Assert.DoesNotContain("2160p", measured[0], StringComparison.Ordinal);

        await RunAsync();

        Assert.Equal(measured, ReadMeasured());
        Assert.Equal("Quiet Water", Assert.Single((await _catalog.FindAsync()).Items).Title);
        CatalogInvariants.Check(_catalog);

        List<string> ReadMeasured() => _catalog.QueryRows("SELECT v.id, v.quality_from, v.resolution, v.duration_seconds, a.at FROM media_versions v JOIN version_analyses a ON a.version_id = v.id");
    }

    [Fact]
    public async Task Run_BrokenOff_GoesOnWhereItWas()
    {
        string[] films = [.. Enumerable.Range(0, 3000).Select(film => $"Films/{film % 300:000}/Wonder {film} (1980).mkv")];
        var fresh = await ScanWithCurrentDetectorAsync(films);
        await ScanWithOlderDetectorAsync(films, path => path.Replace("Wonder", "Wönder", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Redetection.RunAsync(null, false, new PercentTrigger(40, stop.Cancel), stop.Token));
        var left = _catalog.Count("SELECT count(*) FROM media_items WHERE title LIKE 'Wönder%'");
        await _catalog.ReopenAsync();

        var report = await RunAsync();

        Assert.InRange(left, 1, 2500);
        Assert.Equal((left, left), (report.Titles, report.Files));
        Assert.Equal(fresh, ReadSnapshot(_catalog));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task IsDue_OlderReaderOrNone_UntilItWasRead()
    {
        Assert.False(await Redetection.IsDueAsync(default));     // an empty catalogue: the version is recorded
        await ScanLibraryAsync();
        Assert.False(await Redetection.IsDueAsync(default));
        _catalog.Execute($"UPDATE settings SET value = {MediaDetector.Version - 1} WHERE key = 'detector.version'");
        Assert.True(await Redetection.IsDueAsync(default));

        await RunAsync();

        Assert.False(await Redetection.IsDueAsync(default));
    }

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _home.Dispose();
    }

    private Redetection Redetection => _catalog.Services.GetRequiredService<Redetection>();

    private static List<string> ReadSnapshot(TestCatalog catalog) => [.. SnapshotQueries.SelectMany(catalog.QueryRows)];

    private Task<RedetectionReport> RunAsync(bool dryRun = false) => Redetection.RunAsync(null, dryRun, new PercentTrigger(101, () => { }), default);

    private Task ScanLibraryAsync() => ScanAsync(_catalog, Library);

    private static async Task ScanAsync(TestCatalog catalog, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            catalog.Write(path);
        }

        var source = await catalog.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await catalog.ScanAsync(source.Id)).State);
    }

    /// <summary>The result of scanning files with the current detector.</summary>
    private static async Task<List<string>> ScanWithCurrentDetectorAsync(IEnumerable<string> paths)
    {
        await using var today = new TestCatalog();
        await ScanAsync(today, paths);
        return ReadSnapshot(today);
    }

    /// <summary>Scans files with an older detector, then opens the catalogue with the current one.</summary>
    /// <param name="readAs">The path for which the current detector returns what the older one returned for the real path.</param>
    private async Task ScanWithOlderDetectorAsync(IEnumerable<string> paths, Func<string, string> readAs)
    {
        await ReopenAsync(() => new TestCatalog(home: _home, configureServices: services => services.AddSingleton<MediaDetector>(new OlderDetector(readAs))));
        await ScanAsync(_catalog, paths);
        await ReopenAsync(() => new TestCatalog(home: _home));
    }

    private async Task ReopenAsync(Func<TestCatalog> open)
    {
        await _catalog.DisposeAsync();
        _catalog = open();
    }

    /// <summary>Wrong titles and years, episodes as films, parts as versions, an episode as artwork, artwork as a photo.</summary>
    private static string SimulateMisreading(string path) => path[(path.LastIndexOf('/') + 1)..] switch
    {
        "Silver.Harbor.1994.1080p.BluRay.x264-GRP.mkv" => "Films/Silver Harbour (1990)/Silver.Harbour.1990.1080p.BluRay.x264-GRP.mkv",
        "Silver Harbor (1994) 720p.mkv" => "Archive/Silver Harbour (1990) 720p.mkv",
        "Some Show S01E01 720p.mkv" => "Films/Some Show 1 (1999).mkv",
        "Some Show S01E02 720p.mkv" => "Films/Some Show 2 (1999) 480p.mkv",
        "Long Road (1960) CD1.avi" or "Long Road (1960) CD2.avi" => "Films/Long Road (1960)/Long Road (1960).avi",
        "Some Show S02E01 The Way Back 1080p.mkv" => "TV/Some Show/Season 02/folder.jpg",
        "01 - Morning.flac" => "Music/The Lamps/Night Shift (2004)/01 - Mörning.flac",
        "poster.jpg" => "Photos/1994/IMG_0002.JPG",
        "Jane Doe - The Quiet Water (1987).epub" => "Books/Something (1900).epub",
        _ => path,
    };

    private (long Length, DateTime At) ReadWriteTimes() => (new FileInfo(_catalog.DatabasePath + "-wal").Length, File.GetLastWriteTimeUtc(_catalog.DatabasePath + "-wal"));

    /// <summary>Detects each name as the current detector detects another one.</summary>
    private sealed class OlderDetector(Func<string, string> readAs) : MediaDetector
    {
        public override Verdict Detect(string path, bool explain = false) => base.Detect(readAs(path), explain);
    }
}
