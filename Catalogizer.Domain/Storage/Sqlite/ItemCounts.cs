using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// What an item says of its copies and parts, as SQL. Only those of the best standing among them count: a copy on an archived
/// source is in no count, and never the best, as long as there is one that counts.
/// </summary>
internal static class ItemCounts
{
    private const string VersionLifecycleSql = "(SELECT s.standing FROM sources s WHERE s.id = v.source_id)";
    private const string PartLifecycleSql = "(SELECT h.standing FROM holdings h WHERE h.id = p.holding_id)";

    /// <summary>Copies and parts, in one row.</summary>
    /// <param name="item">The item's id, as SQL.</param>
    public static string CountsSql(string item) => $"""
        SELECT sum(copies), sum(parts) FROM (
          SELECT {VersionLifecycleSql} AS standing, 1 AS copies, 0 AS parts FROM media_versions v WHERE v.item_id = {item}
          UNION ALL SELECT {PartLifecycleSql}, 0, CASE p.kind WHEN 2 THEN p.part_count ELSE 1 END FROM media_items p WHERE p.parent_id = {item}
          UNION ALL SELECT {(int)SourceLifecycle.Archived}, 0, 0 {RetainedItemSql(item)}
          UNION ALL SELECT 9, 0, 0)
        GROUP BY standing ORDER BY standing LIMIT 1
        """;

    /// <summary>Resolution, codec and score of the best copy, in one row.</summary>
    /// <param name="item">The item's id, as SQL.</param>
    public static string BestSql(string item) => $"""
        SELECT resolution, codec, score FROM (
          SELECT {VersionLifecycleSql} AS standing, v.resolution, v.video_codec AS codec, v.overall_score AS score FROM media_versions v WHERE v.item_id = {item}
          UNION ALL SELECT {PartLifecycleSql}, p.best_resolution, p.best_codec, p.best_score FROM media_items p WHERE p.parent_id = {item}
          UNION ALL SELECT {(int)SourceLifecycle.Archived}, NULL, NULL, 0 {RetainedItemSql(item)}
          UNION ALL SELECT 9, NULL, NULL, 0)
        ORDER BY standing, {VersionRanking.OrderBySql("score", "resolution", "codec")} LIMIT 1
        """;

    /// <summary>An item that is kept for what people did with it is archived, whatever becomes of its copies.</summary>
    private static string RetainedItemSql(string item) =>
        $"FROM media_items k JOIN holdings h ON h.id = k.holding_id WHERE k.id = {item} AND h.pattern LIKE '{PresenceSet.ArchivedSourceId}:%'";
}
