using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>
/// SQL for an item's counts and best version. Only the versions and parts with the best lifecycle among them count: a version on an archived
/// source is in no count, and never the best, while there is a counted one.
/// </summary>
internal static class ItemCounts
{
    private const string VersionLifecycleSql = "(SELECT s.standing FROM sources s WHERE s.id = v.source_id)";
    private const string PartLifecycleSql = "(SELECT h.standing FROM holdings h WHERE h.id = p.holding_id)";

    /// <summary>Number of versions and of parts, in one row.</summary>
    /// <param name="item">The item's id, as SQL.</param>
    public static string CountsSql(string item) => $"""
        SELECT sum(copies), sum(parts) FROM (
          SELECT {VersionLifecycleSql} AS standing, 1 AS copies, 0 AS parts FROM media_versions v WHERE v.item_id = {item}
          UNION ALL SELECT {PartLifecycleSql}, 0, CASE p.kind WHEN 2 THEN p.part_count ELSE 1 END FROM media_items p WHERE p.parent_id = {item}
          UNION ALL SELECT {(int)SourceLifecycle.Archived}, 0, 0 {RetainedItemSql(item)}
          UNION ALL SELECT 9, 0, 0)
        GROUP BY standing ORDER BY standing LIMIT 1
        """;

    /// <summary>Resolution, codec and score of the best version, in one row.</summary>
    /// <param name="item">The item's id, as SQL.</param>
    public static string BestSql(string item) => $"""
        SELECT resolution, codec, score FROM (
          SELECT {VersionLifecycleSql} AS standing, v.resolution, v.video_codec AS codec, v.overall_score AS score FROM media_versions v WHERE v.item_id = {item}
          UNION ALL SELECT {PartLifecycleSql}, p.best_resolution, p.best_codec, p.best_score FROM media_items p WHERE p.parent_id = {item}
          UNION ALL SELECT {(int)SourceLifecycle.Archived}, NULL, NULL, 0 {RetainedItemSql(item)}
          UNION ALL SELECT 9, NULL, NULL, 0)
        ORDER BY standing, {VersionRanking.OrderBySql("score", "resolution", "codec")} LIMIT 1
        """;

    /// <summary>An item that is kept because of users' changes is archived, whatever happens to its versions.</summary>
    private static string RetainedItemSql(string item) =>
        $"FROM media_items k JOIN holdings h ON h.id = k.holding_id WHERE k.id = {item} AND h.pattern LIKE '{PresenceSet.ArchivedSourceId}:%'";
}
