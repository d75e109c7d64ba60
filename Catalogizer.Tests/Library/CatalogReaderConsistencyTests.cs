using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Library;

/// <summary>Writes invalidate what reads have cached, and no read goes through all rows.</summary>
public sealed class CatalogReaderConsistencyTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;

    public CatalogReaderConsistencyTests() => _catalog = new TestCatalog(_time);

    private ICatalogReader Reader => _catalog.Services.GetRequiredService<ICatalogReader>();

    private SqliteFile File => _catalog.Services.GetRequiredService<SqliteFile>();

    public Task InitializeAsync()
    {
        using var connection = File.OpenConnection();
        SyntheticCatalog.Fill(connection, 2_000);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public void Counters_MadeCatalog_AreTrue() => CatalogInvariants.Check(_catalog);

    [Fact]
    public async Task Page_AfterAChange_CountsAndListsAnew()
    {
        var query = new MediaQuery { Resolution = "480p", Sort = MediaSort.Title };
        var before = await Reader.PageAsync(query, default);
        var id = _catalog.Count("SELECT id FROM media_items WHERE is_work = 1 AND best_resolution = '1080p' AND version_count = 1 LIMIT 1");

        _catalog.Execute($"UPDATE media_versions SET resolution = '480p' WHERE item_id = {id}; UPDATE media_items SET best_resolution = '480p', sort_title = '!' WHERE id = {id}; {PresenceSet.RecountSql}");
        var after = await Reader.PageAsync(query, default);

        Assert.Equal((before.Total + 1, id), (after.Total, after.Items[0].Id));
        Assert.Equal(before.Facets.Resolution["1080p"] - 1, after.Facets.Resolution["1080p"]);
    }

    [Fact]
    public async Task Search_AfterAChange_FindsItAtOnce()
    {
        Assert.Equal(0, (await Reader.PageAsync(new MediaQuery { Query = "unheardof" }, default)).Total);

        _catalog.Execute("UPDATE media_items SET title = 'Unheardof' WHERE id = 3");

        Assert.Equal(3, Assert.Single((await Reader.PageAsync(new MediaQuery { Query = "unheardof" }, default)).Items).Id);
    }

    [Fact]
    public async Task Window_FarDown_LagsBehindAChangeForSecondsAtMost()
    {
        var query = new MediaQuery { Sort = MediaSort.TitleDown };
        await Reader.WindowAsync(query, 1_990, 10, default);

        _catalog.Execute("UPDATE media_items SET sort_title = '!' WHERE id = 3");
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(3, (await Reader.WindowAsync(query, 1_990, 10, default))[^1].Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(MediaSort.Title)]
    [InlineData(MediaSort.YearDown)]
    public async Task Search_WhileHitsAreAdded_MeetsWhatWasThereOnce(MediaSort? sort)
    {
        var query = new MediaQuery { Query = "the", Sort = sort, Limit = 40 };
        var before = (await Reader.PageAsync(query with { Limit = 200 }, default)).Items.Select(i => i.Id).ToList();
        var met = new List<long>();
        var id = 1_000_000;
        string? cursor = null;
        do
        {
            var page = await Reader.PageAsync(query with { Cursor = cursor }, default);
            met.AddRange(page.Items.Select(i => i.Id));
            cursor = page.NextCursor;
            if (id < 1_000_003)
            {
                _catalog.Execute($"""
                    INSERT INTO media_items (id, kind, media_type, is_work, identity, identity_hash, title, sort_title, year, holding_id, version_count, part_count, best_score, first_seen_at, updated_at)
                    VALUES ({++id}, 0, 0, 1, 'made|{id}', {id}, 'The', 'the', 2030, 1, 0, 0, 0, {id}, {id})
                    """);
            }
        }
        while (cursor is not null);

        Assert.Equal(met.Count, met.Distinct().Count());
        Assert.Equal(before.Order(), met.Where(before.Contains).Order());
    }

    [Fact]
    public async Task Count_ThousandsOfRatedWorks_IsExactToTenThousandHits()
    {
        await using var catalog = new TestCatalog();
        using (var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SyntheticCatalog.Fill(connection, 12_000);
            SqlCipher.Execute(connection, "UPDATE media_items SET rating = id % 10 WHERE is_work = 1");
        }

        var all = await catalog.FindAsync(new MediaQuery { Rating = 0, Limit = 1 });
        var good = await catalog.FindAsync(new MediaQuery { Rating = 6, Limit = 1 });
        var films = await catalog.FindAsync(new MediaQuery { Rating = 1, Type = MediaType.Movie, Limit = 1 });

        Assert.Equal((10_000, true), (all.Total, all.TotalIsAtLeast));
        Assert.Equal((catalog.Count("SELECT count(*) FROM media_items WHERE is_work = 1 AND rating >= 6"), false), (good.Total, good.TotalIsAtLeast));
        Assert.Equal((catalog.Count("SELECT count(*) FROM media_items WHERE is_work = 1 AND rating >= 1 AND media_type = 0"), false), (films.Total, films.TotalIsAtLeast));
        Assert.Equal(catalog.Count("SELECT count(*) FROM media_items WHERE is_work = 1 AND rating >= 1 AND media_type = 8"), films.Facets.Type["photo"]);
    }

    [Fact]
    public async Task Search_TensOfThousandsOfHits_SaysAtLeastTenThousand()
    {
        await using var catalog = new TestCatalog();
        using (var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SyntheticCatalog.Fill(connection, 10_500);
            SqlCipher.Execute(connection, "UPDATE media_items SET title = 'Everywhere ' || id WHERE is_work = 1");
        }

        var found = await catalog.FindAsync(new MediaQuery { Query = "everywhere", Limit = 1 });

        Assert.Equal((10_000, true), (found.Total, found.TotalIsAtLeast));
    }

    [Fact]
    public async Task Read_Failed_LeavesNothingBehind()
    {
        var open = File.OpenConnections;
        using (var sessions = new ReadSessionPool(File))
        {
            Assert.Throws<SqliteException>(() => sessions.Read((session, _) => session.Prepare("SELECT no_such FROM media_items")));
            Assert.Equal(1, sessions.Read((session, _) =>
            {
                using var one = session.Prepare("SELECT 1");
                return one.Read() ? one.Int32(0) : 0;
            }));
        }

        Assert.Equal(open, File.OpenConnections);
        _catalog.Execute("UPDATE media_items SET title = 'Free to write' WHERE id = 3");
        Assert.Equal("Free to write", (await Reader.GetAsync(3, default))!.Item.Title);
    }

    /// <summary>Every sort order with every filter uses an index, and none sorts rows.</summary>
    [Fact]
    public void Lists_EveryOrderAndFilter_FollowIndexes()
    {
        using var session = new ReadSession(File);
        var scope = new AvailabilitySnapshot(session);
        var cells = new FacetCube(session);
        foreach (var sort in Enum.GetValues<MediaSort>())
        {
            foreach (var query in (MediaQuery[])[
                new(), new() { Type = MediaType.Movie }, new() { Year = 2020 }, new() { Resolution = "1080p" }, new() { Codec = "AV1" }, new() { Source = 1 },
                new() { Presence = Presence.Missing }, new() { Rating = 9 }, new() { Rating = 5, Resolution = "480p", Type = MediaType.TvShow }])
            {
                var (filter, order) = (new ItemFilter(query, scope), new ItemOrder(sort));
                var list = new ItemList(session, scope, filter, order, () => cells);
                var (_, next) = list.ReadPage(null, 20);
                list.ReadPage(next, 20);
                list.ReadPage(order.ToCursor(new ItemKey(1, null, null)), 20);
                list.ReadIds();
                list.Count();
            }
        }

        FullTextSearch.Suggest(session, scope, "the", 8);
        AssertPlans(session);
    }

    [Fact]
    public void Search_EveryOrder_SortsNoRowsAndScansNoTable()
    {
        using var session = new ReadSession(File);
        foreach (var sort in Enum.GetValues<MediaSort>())
        {
            FullTextSearch.Find(session, new AvailabilitySnapshot(session), new MediaQuery { Query = "the", Sort = sort });
        }

        AssertPlans(session);
    }

    private void AssertPlans(ReadSession session)
    {
        Assert.NotEmpty(session.PreparedSql);
        using var connection = File.OpenConnection(readOnly: true);
        foreach (var text in session.PreparedSql)
        {
            using var plan = new Statement(connection, "EXPLAIN QUERY PLAN " + text);
            var sortsFew = text.Contains("media_titles_docsize", StringComparison.Ordinal);
            while (plan.Read())
            {
                var step = plan.Text(3);
                Assert.False(step.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal) && !sortsFew, $"{step}: {text}");
                Assert.False(step is "SCAN m" or "SCAN f" or "SCAN v", $"{step}: {text}");
                if (text.Contains("INDEXED BY", StringComparison.Ordinal) && step.Contains(" m ", StringComparison.Ordinal))
                {
                    Assert.Contains("USING COVERING INDEX", step, StringComparison.Ordinal);
                    Assert.True(!text.Contains("AND m.id", StringComparison.Ordinal) || step.Contains(" AND rowid", StringComparison.Ordinal) || step.Contains(" AND id", StringComparison.Ordinal), $"{step}: {text}");
                }
            }
        }
    }
}
