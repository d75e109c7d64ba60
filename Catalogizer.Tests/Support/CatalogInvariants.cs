using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library.Storage;

namespace Catalogizer.Tests.Support;

/// <summary>Compares every maintained value with a recount.</summary>
internal static class CatalogInvariants
{
    public static void Check(TestCatalog catalog)
    {
        foreach (var (facet, table, column, where) in new[]
        {
            (0, "media_items", "media_type", "is_work = 1"), (1, "media_items", "year", "is_work = 1"), (2, "media_items", "best_resolution", "is_work = 1"),
            (3, "media_items", "best_codec", "is_work = 1"), (4, "media_items", "holding_id", "is_work = 1"),
            (7, "media_items", "media_type || '|' || coalesce(year, '') || '|' || coalesce(best_resolution, '') || '|' || coalesce(best_codec, '') || '|' || holding_id", "is_work = 1"),
            (5, "media_versions", "source_id || '|' || coalesce(resolution, '')", "true"), (6, "media_versions", "source_id || '|' || coalesce(video_codec, '')", "true"),
        })
        {
            Assert.Equal(0, catalog.Count($"""
                SELECT count(*) FROM (
                  SELECT coalesce({column}, '') v, count(*) n FROM {table} WHERE {where} GROUP BY 1 EXCEPT SELECT value, n FROM facet_counts WHERE facet = {facet} AND n <> 0
                  UNION ALL SELECT * FROM (SELECT value, n FROM facet_counts WHERE facet = {facet} AND n <> 0 EXCEPT SELECT coalesce({column}, ''), count(*) FROM {table} WHERE {where} GROUP BY 1))
                """));
        }

        Assert.Equal(0, catalog.Count("""
            SELECT count(*) FROM (
              SELECT source_id, presence, count(*), sum(size) FROM files GROUP BY 1, 2 EXCEPT SELECT source_id, presence, files, bytes FROM file_counts WHERE files <> 0)
            """));
        Assert.Equal(catalog.Count("SELECT count(*) FROM files"), catalog.Count("SELECT coalesce(sum(files), 0) FROM file_counts"));
        Assert.Equal(0, catalog.Count("""
            SELECT count(*) FROM media_items i JOIN holdings h ON h.id = i.holding_id
            WHERE version_count <> (SELECT count(*) FROM media_versions v JOIN sources s ON s.id = v.source_id WHERE v.item_id = i.id AND s.standing = h.standing)
            """));
        Assert.Equal(0, catalog.Count("SELECT count(*) FROM media_versions v WHERE size <> (SELECT coalesce(sum(f.size), 0) FROM files f WHERE f.version_id = v.id AND f.role <> 1)"));
        Assert.Equal([], FindWrongPresenceSets(catalog));
        Assert.Equal(0, catalog.Count("SELECT count(*) FROM late_indexes"));
        Assert.Equal(long.MaxValue, catalog.Count("SELECT items FROM catalogue_marks"));
        Assert.Equal(catalog.Count("SELECT count(*) FROM media_items WHERE title IS NOT NULL"),
            catalog.Count("SELECT count(*) FROM media_items m WHERE title IS NOT NULL AND EXISTS (SELECT 1 FROM media_titles_docsize d WHERE d.id = m.id)"));
        catalog.Execute("INSERT INTO media_search(media_search, rank) VALUES ('integrity-check', 1); INSERT INTO media_titles(media_titles, rank) VALUES ('integrity-check', 1)");
    }

    /// <summary>The items whose presence set does not match their versions and those of their parts.</summary>
    private static List<string> FindWrongPresenceSets(TestCatalog catalog)
    {
        var parents = ReadRows("SELECT id, parent_id FROM media_items").ToDictionary(r => r[0], r => r[1]);
        var copies = parents.Keys.ToDictionary(id => id, _ => new SortedDictionary<VersionTraits, Presence>());
        foreach (var row in ReadRows("SELECT item_id, source_id, presence, resolution, video_codec FROM media_versions"))
        {
            for (var item = row[0]; item.Length > 0; item = parents[item])
            {
                PresenceSet.Add(copies[item], new VersionTraits(long.Parse(row[1], CultureInfo.InvariantCulture), EmptyToNull(row[3]), EmptyToNull(row[4])), (Presence)(row[2][0] - '0'));
            }
        }

        foreach (var archived in ReadRows($"SELECT i.id FROM media_items i JOIN holdings h ON h.id = i.holding_id WHERE h.pattern LIKE '{PresenceSet.ArchivedSourceId}:%'"))
        {
            PresenceSet.Add(copies[archived[0]], new VersionTraits(PresenceSet.ArchivedSourceId, null, null), Presence.Retired);
        }

        return [.. ReadRows("SELECT i.id, h.pattern FROM media_items i JOIN holdings h ON h.id = i.holding_id").Where(r => r[1] != PresenceSet.Format(copies[r[0]]))
            .Select(r => $"{r[0]}: {r[1]} is {PresenceSet.Format(copies[r[0]])}")];

        IEnumerable<string[]> ReadRows(string sql) => catalog.QueryRows(sql).Select(r => r.Split('|'));

        static string? EmptyToNull(string value) => value.Length == 0 ? null : value;
    }
}
