using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Library;

/// <summary>A user's decision about which items are one survives scans, moves, renames and redetection, and can be undone without a trace.</summary>
public sealed class ItemMergeTests : IAsyncDisposable
{
    /// <summary>Reads what a merge may change: items, versions, files, counters, edits and matches, and the number of merges.</summary>
    private static readonly string[] SnapshotQueries =
    [
        "SELECT i.id, i.kind, i.identity, i.title, i.sort_title, i.year, i.rating, i.season, i.episode, h.pattern, i.version_count, i.part_count, i.best_resolution, i.best_score, i.parent_id FROM media_items i JOIN holdings h ON h.id = i.holding_id ORDER BY i.id",
        "SELECT v.id, v.item_id, v.size, v.label FROM media_versions v ORDER BY 1",
        "SELECT f.id, f.version_id, f.role, f.name FROM files f ORDER BY 1",
        "SELECT facet, value, n FROM facet_counts WHERE n <> 0 ORDER BY 1, 2",
        "SELECT item_id, field, value, base_value FROM item_edits ORDER BY 1, 2",
        "SELECT item_id, state, provider, external_id, name_title FROM media_matches ORDER BY 1",
        "SELECT count(*) FROM work_joins",
    ];

    private readonly TestCatalog _catalog = new();

    private ItemMergeService Merges => _catalog.Services.GetRequiredService<ItemMergeService>();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Merge_PinnedFilm_ItsRecordGoesAlongAndComesBack()
    {
        await using var bench = await ProviderHarness.StartAsync(options => options.Tmdb.ApiKey = "a.b.c");
        bench.Server.Bodies["/movie/77"] = """{"id":77,"title":"Silver Harbor","overview":"Ships.","release_date":"1994-03-01"}""";
        var catalog = bench.Catalog;
        catalog.Write("Silver Harbor (1994).mkv");
        catalog.Write("Long Road (1960).mkv");
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
        var (went, stays) = ((await catalog.FindOneAsync("Silver Harbor")).Id, (await catalog.FindOneAsync("Long Road")).Id);
        await catalog.Services.GetRequiredService<MetadataService>().MatchAsync(Actor.System, went, "tmdb", "77", default);
        var joins = catalog.Services.GetRequiredService<ItemMergeService>();

        var one = (await joins.MergeAsync(Actor.System, went, stays, default)).Value.Item;
        Assert.Equal((stays, "Ships."), (one.Id, one.Description));
        Assert.Equal([$"{stays}|Pinned|77|77"], ReadMatches());

        await joins.UndoAsync(Actor.System, Assert.Single((await joins.ForItemAsync(Actor.System, stays, default)).Value).Id, default);
        Assert.Equal([$"{went}|Pinned|77|77"], ReadMatches());
        Assert.Equal(("Ships.", null), ((await catalog.FindOneAsync("Silver Harbor")).Description, (await catalog.FindOneAsync("Long Road")).Description));
        CatalogInvariants.Check(catalog);

        List<string> ReadMatches() => catalog.QueryRows("SELECT m.item_id, m.state, m.external_id, e.external_id FROM media_matches m LEFT JOIN external_metadata e ON e.item_id = m.item_id");
    }

    [Fact]
    public async Task Merge_TwoFilms_AreOneThroughScansMovesAndReadingsAndApartAgain()
    {
        var source = await AddScannedSourceAsync(
            "Films/Silver Harbor (1994) 720p.mkv", "Films/Silver Harbour (1994) 1080p.mkv", "Films/Long Road (1960).avi");
        var (went, stays) = (await _catalog.FindOneAsync("Silver Harbor"), await _catalog.FindOneAsync("Silver Harbour"));
        await _catalog.Media.EditAsync(Actor.System, went.Id, new MediaEdits { Rating = 8 }, default);
        await _catalog.Services.GetRequiredService<MetadataService>().DisableMatchAsync(Actor.System, went.Id, default);
        var before = ReadSnapshot();

        var one = (await Merges.MergeAsync(Actor.System, went.Id, stays.Id, default)).Value.Item;

        Assert.Equal((stays.Id, "Silver Harbour", 2, 8d), (one.Id, one.Title, one.VersionCount, one.Rating));
        Assert.Equal([$"{stays.Id}|LeftAlone|Silver Harbour"], _catalog.QueryRows("SELECT item_id, state, name_title FROM media_matches"));
        Assert.Equal(stays.Id, (await _catalog.Media.GetAsync(Actor.System, went.Id, default)).Value.Item.Id);
        Assert.Equal(2, (await _catalog.Media.VersionsAsync(Actor.System, went.Id, default)).Value.Count);
        Assert.Contains((await _catalog.Media.HistoryAsync(Actor.System, stays.Id, default)).Value, e => e.Kind == "placed");
        Assert.Empty((await _catalog.FindAsync(new MediaQuery { Query = "harbor", Limit = 10 })).Items);
        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM audit_logs WHERE action = 'media.merge'"));
        CatalogInvariants.Check(_catalog);

        _catalog.Write("New/Silver Harbor (1994) 480p.mkv");                                              // another copy under the old name
        Move("Films/Silver Harbor (1994) 720p.mkv", "Else/Where/Silver Harbor (1994) 720p.mkv");         // moved
        await _catalog.ScanAsync(source);
        Assert.Equal(3, (await _catalog.FindOneAsync("Silver Harbour")).VersionCount);
        Move("Else/Where/Silver Harbor (1994) 720p.mkv", "Else/Where/Argent Haven (1995) 720p.mkv");     // and renamed to what neither was called
        await _catalog.ScanAsync(source);
        Assert.Equal((stays.Id, 3), ((await _catalog.FindOneAsync("Silver Harbour")).Id, (await _catalog.FindOneAsync("Silver Harbour")).VersionCount));
        await _catalog.ReopenAsync();
        await RedetectAsync();
        Assert.Equal(2, (await _catalog.FindAsync()).Total);
        CatalogInvariants.Check(_catalog);

        Move("Else/Where/Argent Haven (1995) 720p.mkv", "Films/Silver Harbor (1994) 720p.mkv");
        _catalog.Delete("New/Silver Harbor (1994) 480p.mkv");
        await _catalog.ScanAsync(source);
        _catalog.Delete("Films");                                                                         // undoing needs only the catalogue
        var merge = Assert.Single((await Merges.ForItemAsync(Actor.System, stays.Id, default)).Value);
        var back = (await Merges.UndoAsync(Actor.System, merge.Id, default)).Value.Item;

        Assert.Equal((went.Id, "Silver Harbor", 8d), (back.Id, back.Title, back.Rating));
        Assert.Equal((1, null), ((await _catalog.FindOneAsync("Silver Harbour")).VersionCount, (await _catalog.FindOneAsync("Silver Harbour")).Rating));
        Assert.Equal(before.Where(r => r.StartsWith("4:", StringComparison.Ordinal) || r.StartsWith("5:", StringComparison.Ordinal)), ReadSnapshot().Where(r => r.StartsWith("4:", StringComparison.Ordinal) || r.StartsWith("5:", StringComparison.Ordinal)));
        CatalogInvariants.Check(_catalog);
        await RedetectAsync();
    }

    [Fact]
    public async Task Merge_TwoSeriesAndBack_LeavesNoTrace()
    {
        var source = await AddScannedSourceAsync(
            "TV/Some Show/Season 01/Some Show S01E01 720p.mkv", "TV/Some Show/Season 01/Some Show S01E02 720p.mkv", "TV/Some Show/Season 02/Some Show S02E01 720p.mkv",
            "TV/Sum Show/Sum Show S01E01 1080p.mkv", "TV/Sum Show/Sum Show S01E03 1080p.mkv", "TV/Sum Show/Sum Show S03E01 1080p.mkv");
        var (stays, went) = (await _catalog.FindOneAsync("Some Show"), await _catalog.FindOneAsync("Sum Show"));
        var before = ReadSnapshot();

        await Merges.MergeAsync(Actor.System, went.Id, stays.Id, default);

        var one = await _catalog.FindOneAsync("Some Show");
        Assert.Equal((stays.Id, 5, "1080p"), (one.Id, one.PartCount, one.Best.Resolution));
        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM media_items WHERE kind = 1"));
        Assert.Equal(3, (await _catalog.Media.ChildrenAsync(Actor.System, stays.Id, default)).Value.Count);
        CatalogInvariants.Check(_catalog);
        await RedetectAsync();
        _catalog.Write("TV/Sum Show/Sum Show S01E04 1080p.mkv");
        await _catalog.ScanAsync(source);
        Assert.Equal(6, (await _catalog.FindOneAsync("Some Show")).PartCount);
        _catalog.Delete("TV/Sum Show/Sum Show S01E04 1080p.mkv");

        await Merges.UndoAsync(Actor.System, Assert.Single((await Merges.ForItemAsync(Actor.System, stays.Id, default)).Value).Id, default);

        Assert.Equal((3, 4), ((await _catalog.FindOneAsync("Some Show")).PartCount, (await _catalog.FindOneAsync("Sum Show")).PartCount));
        Assert.Equal(went.Id, (await _catalog.FindOneAsync("Sum Show")).Id);
        CatalogInvariants.Check(_catalog);
        await RedetectAsync();
        Assert.Equal(before.Where(r => r.StartsWith("0:", StringComparison.Ordinal)).Select(Shorten), ReadSnapshot().Where(r => r.StartsWith("0:", StringComparison.Ordinal) && !r.Contains("|e4-", StringComparison.Ordinal)).Select(Shorten));

        static string Shorten(string row) => string.Join('|', row.Split('|').Take(7));
    }

    [Fact]
    public async Task Split_OfAWorkOfItsOwn_StaysThroughScansAndANewNameAndIsTakenBack()
    {
        var source = await AddScannedSourceAsync("Films/Quiet Water (2001) 720p.mkv", "Films/Quiet Water (2001) 1080p.mkv");
        var water = await _catalog.FindOneAsync("Quiet Water");
        var before = ReadSnapshot();
        var version = _catalog.Count("SELECT version_id FROM files WHERE name LIKE '%1080p.mkv'");

        var own = (await Merges.SplitAsync(Actor.System, version, null, "Quiet Water: The Play", 2003, default)).Value.Item;

        Assert.Equal(("Quiet Water: The Play", 2003, 1, "1080p"), (own.Title, own.Year, own.VersionCount, own.Best.Resolution));
        Assert.Equal((1, "720p"), ((await _catalog.FindOneAsync("Quiet Water")).VersionCount, (await _catalog.FindOneAsync("Quiet Water")).Best.Resolution));
        Assert.Single((await _catalog.FindAsync(new MediaQuery { Query = "play", Limit = 10 })).Items);
        CatalogInvariants.Check(_catalog);
        Move("Films/Quiet Water (2001) 1080p.mkv", "Else/Quiet Water (2001) 1080p BluRay.mkv");
        await _catalog.ScanAsync(source);
        Move("Else/Quiet Water (2001) 1080p BluRay.mkv", "Else/Other Water (2002) 1080p BluRay.mkv");
        await _catalog.ScanAsync(source);
        Assert.Equal(own.Id, _catalog.Count($"SELECT item_id FROM media_versions WHERE id = {version}"));
        Assert.Equal(2, (await _catalog.FindAsync()).Total);
        await _catalog.ReopenAsync();
        await RedetectAsync();
        Move("Else/Other Water (2002) 1080p BluRay.mkv", "Films/Quiet Water (2001) 1080p.mkv");
        await _catalog.ScanAsync(source);
        CatalogInvariants.Check(_catalog);

        var merge = Assert.Single((await Merges.ForItemAsync(Actor.System, own.Id, default)).Value);
        await Merges.UndoAsync(Actor.System, merge.Id, default);

        Assert.Equal(2, (await _catalog.FindOneAsync("Quiet Water")).VersionCount);
        Assert.Equal(1, (await _catalog.FindAsync()).Total);
        Assert.Equal(water.Id, (await _catalog.FindOneAsync("Quiet Water")).Id);
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM work_joins"));
        Assert.Equal(before.Where(r => r.StartsWith("0:", StringComparison.Ordinal)), ReadSnapshot().Where(r => r.StartsWith("0:", StringComparison.Ordinal)));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Split_ToAWorkThatIsThereWhileItsSourceIsAway_Goes()
    {
        await AddScannedSourceAsync("Quiet Water (2001) 720p.mkv", "Quiet Water (2001) 1080p.mkv", "Quiet Water (2001) 1080p.en.srt", "Loud Water (2002).mkv");
        Directory.Delete(_catalog.Root, recursive: true);
        var (from, to) = (await _catalog.FindOneAsync("Quiet Water"), await _catalog.FindOneAsync("Loud Water"));
        var version = _catalog.Count("SELECT version_id FROM files WHERE name LIKE '%1080p.mkv'");

        var now = (await Merges.SplitAsync(Actor.System, version, to.Id, null, null, default)).Value.Item;
        Assert.Equal((to.Id, 2, "1080p"), (now.Id, now.VersionCount, now.Best.Resolution));
        CatalogInvariants.Check(_catalog);

        // Merges the item it went to into the one it came from: both decisions hold, and each can be undone separately.
        await Merges.MergeAsync(Actor.System, to.Id, from.Id, default);
        Assert.Equal(3, (await _catalog.FindOneAsync("Quiet Water")).VersionCount);
        await RedetectAsync();
        foreach (var merge in (await Merges.ForItemAsync(Actor.System, from.Id, default)).Value)
        {
            Assert.True((await Merges.UndoAsync(Actor.System, merge.Id, default)).IsOk);
        }

        Assert.Equal((2, 1), ((await _catalog.FindOneAsync("Quiet Water")).VersionCount, (await _catalog.FindOneAsync("Loud Water")).VersionCount));
        Assert.Equal(to.Id, (await _catalog.FindOneAsync("Loud Water")).Id);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Decide_WhatCannotBe_IsSaidAndChangesNothing()
    {
        await AddScannedSourceAsync("Quiet Water (2001).mkv", "Loud Water (2002).mkv", "TV/Some Show S01E01.mkv");
        var (film, other, show) = (await _catalog.FindOneAsync("Quiet Water"), await _catalog.FindOneAsync("Loud Water"), await _catalog.FindOneAsync("Some Show"));
        var version = _catalog.Count($"SELECT id FROM media_versions WHERE item_id = {film.Id}");
        var before = ReadSnapshot();
        var viewer = new Actor(1, "viewer", [Permission.MediaView]);

        Assert.IsType<InvalidError>((await Merges.MergeAsync(Actor.System, film.Id, film.Id, default)).Error);
        Assert.IsType<InvalidError>((await Merges.MergeAsync(Actor.System, film.Id, show.Id, default)).Error);
        Assert.IsType<NotFoundError>((await Merges.MergeAsync(Actor.System, film.Id, 99_999, default)).Error);
        Assert.IsType<InvalidError>((await Merges.SplitAsync(Actor.System, version, other.Id, null, null, default)).Error);
        Assert.IsType<NotFoundError>((await Merges.SplitAsync(Actor.System, 99_999, null, null, null, default)).Error);
        Assert.IsType<NotFoundError>((await Merges.UndoAsync(Actor.System, 99_999, default)).Error);
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Merges.MergeAsync(viewer, film.Id, other.Id, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Merges.SplitAsync(viewer, version, null, null, null, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Merges.UndoAsync(viewer, 1, default));

        Assert.Equal(before, ReadSnapshot());
    }

    private async Task<long> AddScannedSourceAsync(params string[] paths)
    {
        foreach (var path in paths)
        {
            _catalog.Write(path);
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        return source.Id;
    }

    /// <summary>Redetects, and asserts that nothing changes.</summary>
    private async Task RedetectAsync()
    {
        var before = ReadSnapshot();
        var report = await _catalog.Services.GetRequiredService<Redetection>().RunAsync(null, dryRun: false, new Progress<ProgressUpdate>(), default);
        Assert.False(report.HasChanges);
        Assert.Equal(before, ReadSnapshot());
    }

    private void Move(string from, string to)
    {
        var full = Path.Combine(_catalog.Root, to);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.Move(Path.Combine(_catalog.Root, from), full);
    }

    private List<string> ReadSnapshot() => [.. SnapshotQueries.SelectMany((sql, i) => _catalog.QueryRows(sql).Select(row => $"{i}:{row}"))];
}
