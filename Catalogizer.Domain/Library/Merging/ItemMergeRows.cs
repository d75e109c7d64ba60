using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Library.Merging;

/// <summary>Reads the merges and splits decided by users. There are few rows, one for each decision.</summary>
internal static class ItemMergeRows
{
    private const int MaxSteps = 100;

    public static ItemMerges Load(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT kind, from_item, identity, version_id, to_item FROM work_joins ORDER BY id");
        var merged = new List<(string Identity, long To)>();
        var copies = new List<(long Version, long To)>();
        var after = new Dictionary<long, long>();
        while (rows.Read())
        {
            if ((MergeKind)rows.Int32(0) == MergeKind.Merge)
            {
                merged.Add((rows.Text(2), rows.Int64(4)));
                after[rows.Int64(1)] = rows.Int64(4);
            }
            else
            {
                copies.Add((rows.Int64(3), rows.Int64(4)));
            }
        }

        if (merged.Count + copies.Count == 0)
        {
            return ItemMerges.None;
        }

        using var item = new Statement(connection, "SELECT kind, media_type, identity, title, year, season, episode, episode_to, parent_id FROM media_items WHERE id = ?1");
        var (byIdentity, byVersion) = (new Dictionary<string, ItemNode>(StringComparer.Ordinal), new Dictionary<long, ItemNode>());
        foreach (var (identity, to) in merged)
        {
            if (ResolveNode(to) is { } target && target.Identity != identity)
            {
                byIdentity[identity] = target;
            }
        }

        foreach (var (version, to) in copies)
        {
            if (ResolveNode(to) is { } target)
            {
                byVersion[version] = target;
            }
        }

        return new ItemMerges(byIdentity, byVersion);

        ItemNode? ResolveNode(long id)
        {
            for (var step = 0; step < MaxSteps; step++)
            {
                if (ReadNode(id) is { } node)
                {
                    return node;
                }

                if (!after.TryGetValue(id, out id))
                {
                    return null;
                }
            }

            return null;
        }

        ItemNode? ReadNode(long id)
        {
            if (!item.Bind(1, id).Read())
            {
                return null;
            }

            var parent = item.Int64OrNull(8);
            var node = new ItemNode(
                (MediaKind)item.Int32(0), (MediaType)item.Int32(1), item.Text(2), item.TextOrNull(3), item.Int32OrNull(4), null, item.Int32OrNull(5), item.Int32OrNull(6), item.Int32OrNull(7))
            {
                IsMerged = true,
            };
            item.Reset();
            return parent is { } above ? node with { Parent = ReadNode(above) } : node;
        }
    }

    /// <summary>The item that an item was merged into, or the item itself; 0 when neither exists any more.</summary>
    public static long ResolveMerged(SqliteConnection connection, long id)
    {
        using var exists = new Statement(connection, "SELECT 1 FROM media_items WHERE id = ?1");
        using var to = new Statement(connection, $"SELECT to_item FROM work_joins WHERE from_item = ?1 AND kind = {(int)MergeKind.Merge} ORDER BY id DESC LIMIT 1");
        for (var step = 0; step < MaxSteps; step++)
        {
            var isFound = exists.Bind(1, id).Read();
            exists.Reset();
            if (isFound)
            {
                return id;
            }

            if (!to.Bind(1, id).Read())
            {
                return 0;
            }

            id = to.Int64(0);
            to.Reset();
        }

        return 0;
    }
}
