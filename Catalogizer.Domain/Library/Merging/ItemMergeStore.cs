using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Library.Merging;

/// <summary>Merges and splits items on users' decisions, with the catalogue writer of the scans.</summary>
internal sealed class ItemMergeStore(SqliteFile file, ScanStore scans, TimeProvider time) : IItemMergeStore, IDisposable
{
    private const int MaxListed = 200;

    private readonly ReadSessionPool _sessions = new(file);

    public void Dispose() => _sessions.Dispose();

    public Task<Error?> MergeAsync(long from, long into, string userName, AuditEntry auditEntry, CancellationToken cancellation) => WriteAsync(
        (connection, catalog, now) =>
        {
            using var merger = new ItemMerger(connection, userName, now);
            if (merger.Validate(from, into) is { } error)
            {
                return error;
            }

            merger.Merge(from, into);
            catalog.RecountItems(merger.ChangedItems, merger.Placements, now);
            AuditRows.Add(connection, auditEntry);
            return (Error?)null;
        },
        cancellation);

    public Task<Result<long>> SplitAsync(long version, long? to, string? title, int? year, string userName, Func<long, AuditEntry> createAuditEntry, CancellationToken cancellation) => WriteAsync<Result<long>>(
        (connection, catalog, now) =>
        {
            using var copy = new Statement(connection, $"""
                SELECT v.item_id, i.kind, i.media_type, i.identity, i.title, i.year, i.season, i.episode, i.episode_to, i.parent_id,
                  (SELECT count(*) FROM media_versions o JOIN sources t ON t.id = o.source_id AND {SourceRows.IsInCatalog("t")} WHERE o.item_id = v.item_id), (SELECT min(f.first_seen_at) FROM files f WHERE f.version_id = v.id)
                FROM media_versions v JOIN media_items i ON i.id = v.item_id JOIN sources s ON s.id = v.source_id AND {SourceRows.IsInCatalog("s")} WHERE v.id = ?1
                """);
            if (!copy.Bind(1, version).Read())
            {
                return MediaErrors.NoSuchVersion(version);
            }

            var (from, kind, copies, seen, parent) = (copy.Int64(0), (MediaKind)copy.Int32(1), copy.Int64(10), copy.Int64OrNull(11), copy.Int64OrNull(9));
            var node = new ItemNode(
                kind, (MediaType)copy.Int32(2), string.Create(CultureInfo.InvariantCulture, $"{copy.Text(3)}|own {version}"), title ?? copy.TextOrNull(4), year ?? copy.Int32OrNull(5), null,
                copy.Int32OrNull(6), copy.Int32OrNull(7), copy.Int32OrNull(8));
            copy.Reset();
            if (copies == 1)
            {
                return new InvalidError("item", to is null ? "It is the only copy, so it has a work of its own. Edit that one." : "It is the only copy of its work. Say that the two works are one instead.");
            }

            if (to == from)
            {
                return new InvalidError("item", "The copy is of that work already.");
            }

            using var target = new Statement(connection, $"SELECT kind FROM media_items i WHERE id = ?1 AND {SourceRows.IsItemInCatalog("i")}");
            if (to is { } targetId && (!target.Bind(1, targetId).Read() || (MediaKind)target.Int32(0) != kind))
            {
                return new InvalidError("item", $"The copy is of a {kind.ToApiName()}, and so must be the work that it goes to.");
            }

            target.Reset();
            var into = to ?? catalog.CreateItem(WithParents(connection, node, parent), now);
            if (to is null)
            {
                Execute(connection, "UPDATE media_items SET first_seen_at = min(first_seen_at, ?2) WHERE id = ?1", into, seen ?? now);
            }

            Execute(connection, "DELETE FROM work_joins WHERE version_id = ?1", version);
            var placed = CreatePlacements(connection, version, $"{ReadName(connection, from)} → {ReadName(connection, into)}");
            Execute(connection, $"""
                INSERT INTO work_joins (kind, from_item, version_id, to_item, title, decided_by, decided_at)
                SELECT {(int)MergeKind.Split}, ?2, ?1, ?3, coalesce((SELECT {FilePath.Sql} FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.version_id = ?1 AND f.role <> 1 ORDER BY f.id LIMIT 1), ''), ?5, ?4
                """, version, from, into, now, userName);
            Execute(connection, "UPDATE media_versions SET item_id = ?2 WHERE id = ?1", version, into);
            catalog.RecountItems([from, into], placed, now);
            AuditRows.Add(connection, createAuditEntry(into));
            return into;
        },
        cancellation);

    public Task<Result<UndoneMerge>> UndoAsync(long mergeId, Func<UndoneMerge, AuditEntry> createAuditEntry, CancellationToken cancellation) => WriteAsync<Result<UndoneMerge>>(
        (connection, catalog, now) =>
        {
            using var row = new Statement(connection, "SELECT kind, from_item, version_id, to_item FROM work_joins WHERE id = ?1 AND part_of IS NULL");
            if (!row.Bind(1, mergeId).Read())
            {
                return new NotFoundError("There is no such decision, or it was taken back already.");
            }

            var (kind, from, version, to) = ((MergeKind)row.Int32(0), row.Int64(1), row.Int64OrNull(2), ItemMergeRows.ResolveMerged(connection, row.Int64(3)));
            row.Reset();
            if (kind == MergeKind.Split)
            {
                Execute(connection, "DELETE FROM work_joins WHERE id = ?1", mergeId);
                catalog.RecountItems([], [], now);
                var copies = new HashSet<long> { version!.Value };
                return RecordAudit(new UndoneMerge(ItemMergeRows.ResolveMerged(connection, from), to, FindFolders(connection, copies), copies, [from, to]));
            }

            using var merger = new ItemMerger(connection, "", now);
            merger.Undo(mergeId);
            catalog.RecountItems([], [], now);
            var below = ReadNumbers(connection, """
                WITH RECURSIVE below(id) AS (SELECT ?1 UNION ALL SELECT p.id FROM below b JOIN media_items p ON p.parent_id = b.id)
                SELECT v.id FROM below b JOIN media_versions v ON v.item_id = b.id
                """, to);
            return RecordAudit(new UndoneMerge(from, to, FindFolders(connection, below), below, [.. merger.ChangedItems, to]));

            UndoneMerge RecordAudit(UndoneMerge undoneMerge)
            {
                AuditRows.Add(connection, createAuditEntry(undoneMerge));
                return undoneMerge;
            }
        },
        cancellation);

    public Task RecountAsync(IReadOnlyCollection<long> items, CancellationToken cancellation) => WriteAsync(
        (_, catalog, now) =>
        {
            catalog.RecountItems(items, [], now);
            return true;
        },
        cancellation);

    public Task<IReadOnlyList<ItemMergeView>> ForItemAsync(long item, CancellationToken cancellation) => Task.Run(
        () => _sessions.Read<IReadOnlyList<ItemMergeView>>((session, _) =>
        {
            // Merges into an item that was itself merged into this one are listed too.
            using var rows = session.Prepare($"""
                WITH RECURSIVE here(id) AS (
                  SELECT ?1 UNION SELECT j.from_item FROM here h JOIN work_joins j ON j.to_item = h.id AND j.kind = {(int)MergeKind.Merge})
                SELECT j.id, j.kind, j.from_item, j.to_item, coalesce(i.title, ''), j.version_id, j.title, j.decided_by, j.decided_at
                FROM work_joins j LEFT JOIN media_items i ON i.id = j.to_item
                WHERE j.part_of IS NULL AND (j.to_item IN here OR (j.kind = {(int)MergeKind.Split} AND j.from_item IN here)) ORDER BY j.id DESC LIMIT {MaxListed}
                """);
            rows.Bind(1, item);
            var merges = new List<ItemMergeView>();
            while (rows.Read())
            {
                merges.Add(new ItemMergeView(
                    rows.Int64(0), rows.Int32(1) == (int)MergeKind.Merge ? "merge" : "split", rows.Int64(2), rows.Int64(3), rows.Text(4), rows.Int64OrNull(5), rows.Text(6), rows.Text(7),
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(8))));
            }

            return merges;
        }),
        cancellation);

    /// <summary>The files of a version, each with the detail for its history.</summary>
    internal static List<(long File, string Detail)> CreatePlacements(SqliteConnection connection, long version, string detail) =>
        [.. ReadNumbers(connection, "SELECT id FROM files WHERE version_id = ?1 AND role <> 1", version).Select(f => (f, detail))];

    internal static string ReadName(SqliteConnection connection, long item)
    {
        using var row = new Statement(connection, """
            SELECT i.kind, coalesce(i.title, p.title, g.title), coalesce(i.year, p.year, g.year)
            FROM media_items i LEFT JOIN media_items p ON p.id = i.parent_id LEFT JOIN media_items g ON g.id = p.parent_id WHERE i.id = ?1
            """);
        return row.Bind(1, item).Read() ? ItemDescription.Describe((MediaKind)row.Int32(0), row.TextOrNull(1), row.Int32OrNull(2)) : "";
    }

    internal static HashSet<long> ReadNumbers(SqliteConnection connection, string sql, long id)
    {
        using var rows = new Statement(connection, sql);
        var numbers = new HashSet<long>();
        rows.Bind(1, id);
        while (rows.Read())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }

    private static ItemNode WithParents(SqliteConnection connection, ItemNode node, long? parent)
    {
        if (parent is not { } id)
        {
            return node;
        }

        using var row = new Statement(connection, "SELECT kind, media_type, identity, title, year, season, parent_id FROM media_items WHERE id = ?1");
        row.Bind(1, id).Read();
        var above = new ItemNode((MediaKind)row.Int32(0), (MediaType)row.Int32(1), row.Text(2), row.TextOrNull(3), row.Int32OrNull(4), null, row.Int32OrNull(5));
        var next = row.Int64OrNull(6);
        return node with { Parent = WithParents(connection, above, next) };
    }

    private static List<long> FindFolders(SqliteConnection connection, IEnumerable<long> versions)
    {
        using var rows = new Statement(connection, "SELECT DISTINCT folder_id FROM files WHERE version_id = ?1");
        var folders = new SortedSet<long>();
        foreach (var version in versions)
        {
            rows.Bind(1, version);
            while (rows.Read())
            {
                folders.Add(rows.Int64(0));
            }
        }

        return [.. folders];
    }

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var statement = new Statement(connection, sql);
        for (var i = 0; i < values.Length; i++)
        {
            _ = values[i] is string text ? statement.Bind(i + 1, text) : statement.Bind(i + 1, (long)values[i]);
        }

        statement.Run();
    }

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, CatalogWriter, long, T> batch, CancellationToken cancellation) => await scans.WriteAsync(
        (connection, catalog) => batch(connection, catalog, time.GetUtcNow().ToUnixTimeMilliseconds()), durable: true, cancellation);
}
