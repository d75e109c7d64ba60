using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Finding items by names with marks: within a batch, among stored items, and in a bulk load.</summary>
public sealed class ItemBatchTests : IAsyncDisposable
{
    private readonly TestCatalog _catalog = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Resolve_NamesThatAddMarks_GivesEachItemItsParts(bool isBulk, bool flushEach)
    {
        using var connection = _catalog.Services.GetRequiredService<SqliteFile>().OpenConnection();
        using var presenceSets = new PresenceSetIndex(connection);
        using var batch = new ItemBatch(connection, presenceSets);
        if (isBulk)
        {
            batch.BeginBulk();
        }

        string[] names = ["", "1998", "2018", "", "1998+tvdb-5", "2018", "+tvdb-5"];
        var ids = new List<long>();
        for (var i = 0; i < names.Length; i++)
        {
            var series = new ItemNode(MediaKind.Series, MediaType.TvShow, $"series|charmed|{names[i]}", "Charmed", null, null);
            var season = new ItemNode(MediaKind.Season, MediaType.TvShow, $"{series.Identity}|s1", null, null, series, 1);
            ids.Add(batch.Resolve(new ItemNode(MediaKind.Episode, MediaType.TvShow, $"{season.Identity}|e{(i < 3 ? 1 : i)}-", null, null, season, 1, i)).Parent!.Parent!.Id);
            if (flushEach)
            {
                batch.Flush(1);
            }
        }

        batch.Flush(1);

        Assert.Equal([ids[0], ids[0], ids[2], ids[3], ids[0], ids[2], ids[0]], ids);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(
            [
                "series|charmed|", "series|charmed|1998+tvdb-5", "series|charmed|1998+tvdb-5|s1", "series|charmed|1998+tvdb-5|s1|e1-", "series|charmed|1998+tvdb-5|s1|e4-", "series|charmed|1998+tvdb-5|s1|e6-",
                "series|charmed|2018", "series|charmed|2018|s1", "series|charmed|2018|s1|e1-", "series|charmed|2018|s1|e5-", "series|charmed||s1", "series|charmed||s1|e3-",
            ],
            _catalog.QueryRows("SELECT identity FROM media_items").Order(StringComparer.Ordinal));
        Assert.Equal([], _catalog.QueryRows("SELECT identity, identity_hash FROM media_items").Where(row => row[(row.LastIndexOf('|') + 1)..] != $"{ItemIdentity.ComputeHash(row[..row.LastIndexOf('|')])}"));
        ItemMarkScanTests.AssertPartsBeginWithTheirParents(_catalog);
    }

    [Fact]
    public void BulkItems_SeveralOfOneHash_FollowsAll()
    {
        var ids = new BulkItems();
        foreach (var id in (ReadOnlySpan<long>)[1, 2, 3])
        {
            ids.Add(7, id, id == 1 ? null : id - 1);
        }

        ids.Replace(7, 8, 1);
        Assert.Equal((2, 3, null, 1), (ids.GetFirst(7), ids.GetNext(7, 2), ids.GetNext(7, 3), ids.GetFirst(8)));
        ids.Replace(7, 8, 3);
        ids.Replace(7, 8, 2);
        Assert.Equal((null, 1, 3, 2), (ids.GetFirst(7), ids.GetFirst(8), ids.GetNext(8, 1), ids.GetNext(8, 3)));
        Assert.Equal([2, 3], ids.FindParts(1));
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();
}
