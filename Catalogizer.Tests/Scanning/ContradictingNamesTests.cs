using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>A catalogue that was filled before marks were told apart: redetection takes apart what contradicts, and keeps what users did.</summary>
public sealed class ContradictingNamesTests : IAsyncDisposable
{
    private static readonly string[] SnapshotQueries =
    [
        "SELECT i.kind, i.identity, i.identity_hash, i.title, i.year, i.season, i.episode, h.pattern, i.version_count, i.part_count, i.best_score, p.identity FROM media_items i JOIN holdings h ON h.id = i.holding_id LEFT JOIN media_items p ON p.id = i.parent_id ORDER BY i.identity",
        "SELECT d.path, f.name, f.presence, i.identity FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN media_versions v ON v.id = f.version_id LEFT JOIN media_items i ON i.id = v.item_id ORDER BY 1, 2",
        "SELECT facet, value, n FROM facet_counts WHERE n <> 0 AND facet NOT IN (4, 7) ORDER BY 1, 2",
    ];

    private static readonly string[] Library =
    [
        "Anime/Some Series/[Group] Some Series - 12 [1080p].mkv",
        "Anime/Some Series/[Group] Some Series - 12.5 [1080p].mkv",
        "Books/The Gift (1938).epub",
        "Books/The Gift (2007).epub",
        "Movies/Low Tide (2011) 720p.mkv",
        "Movies/Low Tide (2011) {tmdb-7}.mkv",
        "Movies/Pinocchio (2022) {tmdb-532639}/Pinocchio (2022) {tmdb-532639} - WEBDL-1080p.mkv",
        "Movies/Pinocchio (2022) {tmdb-532639}/Pinocchio (2022) {tmdb-532639} - WEBDL-1080p.en.srt",
        "Movies/Pinocchio (2022) {tmdb-555604}/Pinocchio (2022) {tmdb-555604} - WEBDL-2160p.mkv",
        "Music/Peter Gabriel/1977 - Peter Gabriel/01 - Moribund.mp3",
        "Music/Peter Gabriel/1978 - Peter Gabriel/01 - On the Air.mp3",
        "Music/Peter Gabriel/1978 - Peter Gabriel/02 - D.I.Y..mp3",
        "Shows/Half Show/Season 1/Half Show - s01e01a - First Half.mkv",
        "Shows/Half Show/Season 1/Half Show - s01e01b - Second Half.mkv",
        "TV/Charmed (1998)/Season 1/Charmed (1998) - S01E01 - Something.mkv",
        "TV/Charmed (1998)/Season 1/Charmed (1998) - S01E02 - Dead Man.mkv",
        "TV/Charmed (2018)/Season 1/Charmed (2018) - S01E01 - Pilot.mkv",
        "TV/Charmed (2018)/Season 2/Charmed (2018) - S02E01 - Safe Space.mkv",
    ];

    private readonly TemporaryFolder _home = new();
    private TestCatalog _catalog;

    public ContradictingNamesTests() => _catalog = new TestCatalog(home: _home);

    private Redetection Redetection => _catalog.Services.GetRequiredService<Redetection>();

    private ItemMergeService Merges => _catalog.Services.GetRequiredService<ItemMergeService>();

    [Fact]
    public async Task Run_OlderCatalogue_GivesWhatAFreshScanGives()
    {
        var fresh = await ScanFreshAsync(Library);
        await ScanWithOlderBuildAsync(Library, isInOrder: true);
        Assert.Equal(7, (await _catalog.FindAsync()).Total);
        var pinocchio = await _catalog.FindOneAsync("Pinocchio");
        var charmed = await _catalog.FindOneAsync("Charmed");
        var half = _catalog.Count("SELECT id FROM media_items WHERE identity = 'series|half show||s1|e1-'");
        Directory.Delete(_catalog.Root, recursive: true);

        Assert.True((await RunAsync()).HasChanges);

        Assert.Equal(fresh, ReadSnapshot(_catalog));
        Assert.Equal(["film|pinocchio|2022+tmdb-532639"], _catalog.QueryRows($"SELECT identity FROM media_items WHERE id = {pinocchio.Id}"));
        Assert.Equal(["series|charmed|1998"], _catalog.QueryRows($"SELECT identity FROM media_items WHERE id = {charmed.Id}"));
        Assert.Equal(["9|9"], _catalog.QueryRows("SELECT count(*), count(DISTINCT file_id) FROM file_events WHERE kind = 7"));
        Assert.Contains(_catalog.QueryRows("SELECT detail FROM file_events WHERE kind = 7"), detail => detail.EndsWith(": tmdb 532639 and 555604", StringComparison.Ordinal));
        Assert.Equal([$"series|half show||s1|e1a-|{half}"], _catalog.QueryRows("SELECT identity, id FROM media_items WHERE identity LIKE '%e1a-'"));
        CatalogInvariants.Check(_catalog);
        ItemMarkScanTests.AssertPartsBeginWithTheirParents(_catalog);
        var snapshot = ReadSnapshot(_catalog);

        Assert.False((await RunAsync()).HasChanges);
        Assert.Equal(snapshot, ReadSnapshot(_catalog));
    }

    [Theory]
    [InlineData(null, "1998")]      // the oldest file's
    [InlineData(2018, "2018")]
    [InlineData(1998, "1998")]
    [InlineData(2005, "1998")]      // an edit that fits neither
    public async Task Run_EditedYear_StaysWithTheHalfThatItFits(int? year, string stays)
    {
        await ScanWithOlderBuildAsync(Library, isInOrder: true);
        var charmed = await _catalog.FindOneAsync("Charmed");
        await _catalog.Media.EditAsync(Actor.System, charmed.Id, new MediaEdits { Year = year is null ? default : year, Rating = 9 }, default);

        await RunAsync();

        Assert.Equal([$"series|charmed|{stays}"], _catalog.QueryRows($"SELECT identity FROM media_items WHERE id = {charmed.Id}"));
        Assert.Equal([$"{charmed.Id}"], _catalog.QueryRows("SELECT id FROM media_items WHERE rating = 9"));
        Assert.Equal(2, _catalog.Count("SELECT count(*) FROM media_items WHERE identity IN ('series|charmed|1998', 'series|charmed|2018') AND part_count = 2"));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_PinnedMatch_StaysWithTheHalfWhoseNameHasItsId()
    {
        await ScanWithOlderBuildAsync(Library, isInOrder: true);
        var pinocchio = (await _catalog.FindOneAsync("Pinocchio")).Id;
        _catalog.Execute($"INSERT OR REPLACE INTO media_matches (item_id, state, provider, external_id, confidence, name_title, name_year, checked_at) VALUES ({pinocchio}, 'Pinned', 'tmdb', '555604', 1, 'Pinocchio', 2022, 0)");

        await RunAsync();

        Assert.Equal(["film|pinocchio|2022+tmdb-555604"], _catalog.QueryRows($"SELECT identity FROM media_items WHERE id = {pinocchio}"));
        Assert.Equal(["2160p|1", "1080p|1"], _catalog.QueryRows($"SELECT best_resolution, version_count FROM media_items WHERE title = 'Pinocchio' ORDER BY id <> {pinocchio}"));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_EditedFilmWhoseOtherHalfExistsAlready_StillComesApart()
    {
        await ScanWithOlderBuildAsync(Library, isInOrder: true);
        var pinocchio = (await _catalog.FindOneAsync("Pinocchio")).Id;
        await _catalog.Media.EditAsync(Actor.System, pinocchio, new MediaEdits { Title = "Mine" }, default);
        _catalog.Execute($"UPDATE media_items SET identity = identity || '+tmdb-532639' WHERE id = {pinocchio}");
        _catalog.Write("New/Pinocchio (2022) {tmdb-555604} 720p.mkv");     // scanned before the names were read again
        await _catalog.ScanAsync(_catalog.Count("SELECT id FROM sources"));

        await RunAsync();

        Assert.Equal(["film|pinocchio|2022+tmdb-532639|1|Mine", "film|pinocchio|2022+tmdb-555604|2|Pinocchio"], _catalog.QueryRows("SELECT identity, version_count, title FROM media_items WHERE identity LIKE 'film|pin%' ORDER BY 1"));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_MergedByAUser_StaysOneAndCanBeUndone()
    {
        string[] files = ["Movies/Pinocio (2022) {tmdb-1} 720p.mkv", "Movies/Pinocchio (2022) {tmdb-2} 1080p.mkv", "TV/Charmed (1998)/Charmed S01E01.mkv", "TV/Charmd (2018)/Charmd S01E01.mkv"];
        await ScanWithOlderBuildAsync(files);
        var (film, into) = ((await _catalog.FindOneAsync("Pinocio")).Id, (await _catalog.FindOneAsync("Pinocchio")).Id);
        var (show, intoShow) = ((await _catalog.FindOneAsync("Charmd")).Id, (await _catalog.FindOneAsync("Charmed")).Id);
        await Merges.MergeAsync(Actor.System, film, into, default);
        await Merges.MergeAsync(Actor.System, show, intoShow, default);

        await RunAsync();

        Assert.Equal(2, (await _catalog.FindAsync()).Total);
        Assert.Equal((into, 2), ((await _catalog.FindOneAsync("Pinocchio")).Id, (await _catalog.FindOneAsync("Pinocchio")).VersionCount));
        Assert.Equal(2, _catalog.Count("SELECT version_count FROM media_items WHERE kind = 3"));
        Assert.False((await RunAsync()).HasChanges);
        _catalog.Write("New/Pinocio (2022) {tmdb-1} 480p.mkv");
        _catalog.Write("New/Charmd (2018)/Charmd S01E02.mkv");
        _catalog.Write("New/Charmd/Charmd S01E03.mkv");
        await _catalog.ScanAsync(_catalog.Count("SELECT id FROM sources"));
        Assert.Equal(2, (await _catalog.FindAsync()).Total);
        Assert.Equal((3, 3), ((await _catalog.FindOneAsync("Pinocchio")).VersionCount, (await _catalog.FindOneAsync("Charmed")).PartCount));
        CatalogInvariants.Check(_catalog);

        foreach (var item in new[] { into, intoShow })
        {
            await Merges.UndoAsync(Actor.System, Assert.Single((await Merges.ForItemAsync(Actor.System, item, default)).Value).Id, default);
        }

        Assert.Equal(4, (await _catalog.FindAsync()).Total);
        Assert.Equal((film, 2, show, 3), ((await _catalog.FindOneAsync("Pinocio")).Id, (await _catalog.FindOneAsync("Pinocio")).VersionCount, (await _catalog.FindOneAsync("Charmd")).Id, (await _catalog.FindOneAsync("Charmd")).PartCount));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
        ItemMarkScanTests.AssertPartsBeginWithTheirParents(_catalog);
    }

    [Fact]
    public async Task Merge_ItemsThatAMarkKeepsApart_HoldsAndIsUndone()
    {
        await ScanAsync(_catalog, ["Movies/Low Tide (2011) {tmdb-1}.mkv", "Movies/Low Tide (2011) {tmdb-2}.mkv", "Movies/Low Tide (2011) {tmdb-3}.mkv", "Movies/Low Tide (2011).mkv"]);
        var ids = _catalog.QueryRows("SELECT id FROM media_items ORDER BY identity").Select(long.Parse).ToList();     // unmarked, 1, 2, 3
        await Merges.MergeAsync(Actor.System, ids[0], ids[1], default);
        await Merges.MergeAsync(Actor.System, ids[2], ids[1], default);
        var before = ReadSnapshot(_catalog);

        Assert.False((await RunAsync()).HasChanges);
        Assert.Equal(before, ReadSnapshot(_catalog));
        foreach (var name in new[] { "{tmdb-1}", "{tmdb-2}", "{tmdb-3}", "" })
        {
            _catalog.Write($"New/Low Tide (2011) {name} 720p.mkv");
        }

        await _catalog.ScanAsync(_catalog.Count("SELECT id FROM sources"));
        Assert.Equal(["film|low tide|2011+tmdb-1|6", "film|low tide|2011+tmdb-3|2"], _catalog.QueryRows("SELECT identity, version_count FROM media_items ORDER BY 1"));
        foreach (var merge in (await Merges.ForItemAsync(Actor.System, ids[1], default)).Value)
        {
            await Merges.UndoAsync(Actor.System, merge.Id, default);
        }

        Assert.Equal(["film|low tide|2011|2", "film|low tide|2011+tmdb-1|2", "film|low tide|2011+tmdb-2|2", "film|low tide|2011+tmdb-3|2"], _catalog.QueryRows("SELECT identity, version_count FROM media_items ORDER BY 1"));
        Assert.Equal(ids, _catalog.QueryRows("SELECT id FROM media_items ORDER BY identity").Select(long.Parse));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Run_BrokenOff_GoesOnWhereItWas()
    {
        string[] films = [.. Enumerable.Range(0, 1500).SelectMany(film => new[] { $"A/{film % 150:000}/Wonder {film} (1980) {{tmdb-{film + 1}}}.mkv", $"B/{film % 150:000}/Wonder {film} (1980) {{tmdb-{film + 5001}}}.mkv" })];
        var fresh = await ScanFreshAsync(films);
        await ScanWithOlderBuildAsync(films);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Redetection.RunAsync(null, false, new PercentTrigger(70, stop.Cancel), stop.Token));
        var parted = _catalog.Count("SELECT count(*) FROM media_items") - 1500;
        await _catalog.ReopenAsync();

        await RunAsync();

        Assert.InRange(parted, 1, 1400);
        Assert.Equal(fresh, ReadSnapshot(_catalog));
        Assert.Equal(1500, _catalog.Count("SELECT count(*) FROM file_events WHERE kind = 7"));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM media_items WHERE id <= 1500 AND NOT EXISTS (SELECT 1 FROM media_versions v JOIN files f ON f.version_id = v.id JOIN folders d ON d.id = f.folder_id AND d.path LIKE 'A/%' WHERE v.item_id = media_items.id)"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Rename_ToAnotherMark_KeepsItemOrLeavesIt()
    {
        await ScanAsync(_catalog, ["Movies/Low Tide (2011).mkv", "Movies/Quiet Water (2001) {tmdb-1} 720p.mkv", "Movies/Quiet Water (2001) {tmdb-1} 1080p.mkv", "TV/Charmed/Season 1/Charmed S01E01.mkv", "TV/Charmed/Season 1/Charmed S01E02.mkv"]);
        var (tide, water, charmed) = ((await _catalog.FindOneAsync("Low Tide")).Id, (await _catalog.FindOneAsync("Quiet Water")).Id, (await _catalog.FindOneAsync("Charmed")).Id);
        await _catalog.Media.EditAsync(Actor.System, water, new MediaEdits { Rating = 7 }, default);
        var source = _catalog.Count("SELECT id FROM sources");

        Move("Movies/Low Tide (2011).mkv", "Movies/Low Tide (2011) {tmdb-5}.mkv");
        Move("Movies/Quiet Water (2001) {tmdb-1} 720p.mkv", "Movies/Quiet Water (2001) {tmdb-2} 720p.mkv");
        Move("TV/Charmed", "TV/Charmed (1998)");
        await _catalog.ScanAsync(source);
        Move("TV/Charmed (1998)", "TV/Charmed (2018)");
        Move("Movies/Low Tide (2011) {tmdb-5}.mkv", "Movies/Low Tide (2011) {tmdb-6}.mkv");
        var scan = await _catalog.ScanAsync(source);

        Assert.Equal((3, 0), (scan.Moved, scan.Missing));
        Assert.Equal([$"film|low tide|2011+tmdb-6|{tide}"], _catalog.QueryRows("SELECT identity, id FROM media_items WHERE title = 'Low Tide'"));
        Assert.Equal([$"film|quiet water|2001+tmdb-1|1|7", "film|quiet water|2001+tmdb-2|1|"], _catalog.QueryRows("SELECT identity, version_count, rating FROM media_items WHERE title = 'Quiet Water' ORDER BY 1"));
        Assert.Equal([$"series|charmed|2018|{charmed}|2"], _catalog.QueryRows("SELECT identity, id, part_count FROM media_items WHERE title = 'Charmed'"));
        Assert.Equal(water, _catalog.Count("SELECT id FROM media_items WHERE identity = 'film|quiet water|2001+tmdb-1'"));
        Assert.False((await RunAsync()).HasChanges);
        CatalogInvariants.Check(_catalog);
        ItemMarkScanTests.AssertPartsBeginWithTheirParents(_catalog);
    }

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _home.Dispose();
    }

    private static List<string> ReadSnapshot(TestCatalog catalog) => [.. SnapshotQueries.SelectMany(catalog.QueryRows)];

    private Task<RedetectionReport> RunAsync() => Redetection.RunAsync(null, false, new Progress<ProgressUpdate>(), default);

    private void Move(string from, string to) => Directory.Move(Path.Combine(_catalog.Root, from), Path.Combine(_catalog.Root, to));

    private static async Task ScanAsync(TestCatalog catalog, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            catalog.Write(path);
        }

        Assert.Equal(ScanState.Completed, (await catalog.ScanAsync((await catalog.AddSourceAsync()).Id)).State);
    }

    private static async Task<List<string>> ScanFreshAsync(IEnumerable<string> paths)
    {
        await using var fresh = new TestCatalog();
        await ScanAsync(fresh, paths);
        return ReadSnapshot(fresh);
    }

    /// <summary>Scans with a build whose identities have no marks but the year of a film, then opens the catalogue with the current one.</summary>
    /// <param name="isInOrder">Whether to scan after each file, so that it is known which one is older.</param>
    private async Task ScanWithOlderBuildAsync(IEnumerable<string> paths, bool isInOrder = false)
    {
        await _catalog.DisposeAsync();
        _catalog = new TestCatalog(home: _home, configureServices: services => services.AddSingleton<MediaDetector>(new OlderDetector()));
        var source = (await _catalog.AddSourceAsync()).Id;
        foreach (var chunk in paths.Chunk(isInOrder ? 1 : int.MaxValue))
        {
            Array.ForEach(chunk, path => _catalog.Write(path));
            Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source, ScanKind.Full)).State);
        }

        await _catalog.DisposeAsync();
        _catalog = new TestCatalog(home: _home);
    }

    private sealed class OlderDetector : MediaDetector
    {
        public override Verdict Detect(string path, bool explain = false)
        {
            var verdict = base.Detect(path, explain);
            var marks = verdict.Type == MediaType.Movie ? new ItemMarks(verdict.Fields.Year, null, null, null) : default;
            return verdict with { Fields = verdict.Fields with { Marks = marks, EpisodePart = null } };
        }
    }
}
