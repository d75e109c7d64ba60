using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Sources.Storage;

/// <summary>
/// Changes whether a source counts. Its files, versions and items stay as they are: reads leave out uncounted ones by the few rows of
/// <c>sources</c> and <c>holdings</c>. Only items that are on other sources as well are recounted.
/// </summary>
internal sealed class SourceLifecycleChange(SqliteConnection connection)
{
    /// <summary>Items that a user changed: they are kept, archived, when their source is removed. One row each.</summary>
    public const string ManuallyChangedItemsSql = """
        SELECT item_id AS id FROM item_edits
        UNION SELECT item_id FROM media_matches WHERE state IN ('Pinned', 'LeftAlone')
        UNION SELECT to_item FROM work_joins
        """;

    /// <summary>Updates sources that were archived before lifecycles were stored.</summary>
    public static void AlignArchivedSources(SqliteConnection connection)
    {
        using var outdated = new Statement(connection, $"SELECT id FROM sources WHERE availability = {(int)SourceAvailability.Retired} AND standing = {(int)SourceLifecycle.Counted}");
        var sources = new List<long>();
        while (outdated.Read())
        {
            sources.Add(outdated.Int64(0));
        }

        foreach (var source in sources)
        {
            SqlCipher.Execute(connection, "BEGIN IMMEDIATE");
            new SourceLifecycleChange(connection).Apply(source, SourceLifecycle.Archived);
            SqlCipher.Execute(connection, "COMMIT");
        }
    }

    public void Apply(long sourceId, SourceLifecycle standing)
    {
        Execute("UPDATE sources SET standing = ?2 WHERE id = ?1", sourceId, (long)standing);
        var isShared = UpdatePresenceSets(sourceId);
        isShared |= standing == SourceLifecycle.Removed ? RetainChangedItems(sourceId) : ReleaseRetainedItems(sourceId);
        if (isShared)
        {
            RecountSharedItems(sourceId);
        }
    }

    private static bool IsShared(string pattern) => PresenceSet.Parse(pattern).Keys.DistinctBy(c => c.SourceId).Skip(1).Any();

    private static bool ContainsSource(string pattern, long sourceId) => PresenceSet.ContainsSource(pattern, sourceId);

    /// <returns>Whether one of the patterns has other sources too.</returns>
    private bool UpdatePresenceSets(long sourceId)
    {
        // A new index reads the changed lifecycle.
        using var presenceSets = new PresenceSetIndex(connection);
        var isShared = false;
        foreach (var (id, pattern) in presenceSets.All.Where(h => ContainsSource(h.Pattern, sourceId)).ToList())
        {
            Execute("UPDATE holdings SET standing = ?2 WHERE id = ?1", id, (long)presenceSets.GetLifecycle(id));
            isShared |= IsShared(pattern);
        }

        return isShared;
    }

    /// <summary>Keeps items that are only on removed sources, archived, if a user changed them; and with them their parents.</summary>
    private bool RetainChangedItems(long sourceId) => ReplaceSets(
        sourceId, (presenceSets, presenceSet) => presenceSets.GetLifecycle(presenceSet) == SourceLifecycle.Removed ? presenceSets.GetIdWith(presenceSet, new VersionTraits(PresenceSet.ArchivedSourceId, null, null), Presence.Retired) : presenceSet);

    /// <summary>Releases the items that were kept, because their source is back.</summary>
    private bool ReleaseRetainedItems(long sourceId) => ReplaceSets(
        sourceId, (presenceSets, presenceSet) => presenceSets.GetPattern(presenceSet) is var pattern && ContainsSource(pattern, PresenceSet.ArchivedSourceId) ? presenceSets.GetOrAddId(PresenceSet.WithoutSource(pattern, PresenceSet.ArchivedSourceId)) : presenceSet);

    private bool ReplaceSets(long sourceId, Func<PresenceSetIndex, int, int> replacement)
    {
        using var presenceSets = new PresenceSetIndex(connection);
        using var items = new Statement(connection, $"""
            WITH RECURSIVE own(id) AS ({ManuallyChangedItemsSql} UNION SELECT m.parent_id FROM own JOIN media_items m ON m.id = own.id WHERE m.parent_id IS NOT NULL)
            SELECT m.id, m.holding_id FROM own JOIN media_items m ON m.id = own.id
            """);
        var changes = new List<(long Id, int Now)>();
        while (items.Read())
        {
            var (id, presenceSet) = (items.Int64(0), items.Int32(1));
            if (ContainsSource(presenceSets.GetPattern(presenceSet), sourceId) && replacement(presenceSets, presenceSet) is var newSet && newSet != presenceSet)
            {
                changes.Add((id, newSet));
            }
        }

        foreach (var (id, newSet) in changes)
        {
            Execute("UPDATE media_items SET holding_id = ?2 WHERE id = ?1", id, newSet);
        }

        return changes.Count > 0;
    }

    /// <summary>Recounts the items that are on this source and on others, parts first.</summary>
    private void RecountSharedItems(long sourceId)
    {
        using var presenceSets = new PresenceSetIndex(connection);
        var sharedSets = presenceSets.All.Where(h => IsShared(h.Pattern) && ContainsSource(h.Pattern, sourceId)).Select(h => h.Id).ToHashSet();
        using var rows = new Statement(connection, """
            WITH RECURSIVE own(id) AS (
              SELECT item_id FROM media_versions WHERE source_id = ?1
              UNION SELECT m.parent_id FROM own JOIN media_items m ON m.id = own.id WHERE m.parent_id IS NOT NULL)
            SELECT m.id, m.kind, m.holding_id FROM own JOIN media_items m ON m.id = own.id
            """);
        rows.Bind(1, sourceId);
        var items = new List<(long Id, int Depth)>();
        while (rows.Read())
        {
            if (sharedSets.Contains(rows.Int32(2)))
            {
                items.Add((rows.Int64(0), GetDepth((MediaKind)rows.Int32(1))));
            }
        }

        using var recount = new ItemRecounter(connection);
        foreach (var (id, _) in items.OrderBy(i => i.Depth).ThenBy(i => i.Id))
        {
            recount.Recount(id);
        }
    }

    private static int GetDepth(MediaKind kind) => kind switch
    {
        MediaKind.Series or MediaKind.Artist => 2,
        MediaKind.Season or MediaKind.Album => 1,
        _ => 0,
    };

    private void Execute(string sql, long id, long value)
    {
        using var statement = new Statement(connection, sql);
        statement.Bind(1, id).Bind(2, value).Run();
    }
}

/// <summary>
/// Recounts an item's versions and parts. Unchanged values are not written, and values without an index are written separately from those
/// with one.
/// </summary>
internal sealed class ItemRecounter(SqliteConnection connection) : IDisposable
{
    private readonly Statement _read = new(connection, $"""
        SELECT i.version_count, i.part_count, i.best_resolution, i.best_codec, i.best_score, c.*, b.*
        FROM media_items i, ({ItemCounts.CountsSql("?1")}) c, ({ItemCounts.BestSql("?1")}) b WHERE i.id = ?1
        """);
    private readonly Statement _setCounts = new(connection, "UPDATE media_items SET version_count = ?2, part_count = ?3, best_score = ?4 WHERE id = ?1");
    private readonly Statement _setBest = new(connection, "UPDATE media_items SET best_resolution = ?2, best_codec = ?3 WHERE id = ?1");

    public void Recount(long item)
    {
        if (!_read.Bind(1, item).Read())
        {
            return;
        }

        var (versions, parts, score) = (_read.Int64(5), _read.Int64(6), _read.Double(9));
        var (resolution, codec) = (_read.TextOrNull(7), _read.TextOrNull(8));
        var isCounted = (versions, parts, score) == (_read.Int64(0), _read.Int64(1), _read.Double(4));
        var isBest = (resolution, codec) == (_read.TextOrNull(2), _read.TextOrNull(3));
        _read.Reset();
        if (!isCounted)
        {
            _setCounts.Bind(1, item).Bind(2, versions).Bind(3, parts).Bind(4, score).Run();
        }

        if (!isBest)
        {
            _setBest.Bind(1, item).Bind(2, resolution).Bind(3, codec).Run();
        }
    }

    public void Dispose()
    {
        _read.Dispose();
        _setCounts.Dispose();
        _setBest.Dispose();
    }
}
