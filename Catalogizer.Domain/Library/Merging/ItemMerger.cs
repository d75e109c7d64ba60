using System.Globalization;
using System.Text.Json.Nodes;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Metadata.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Library.Merging;

/// <summary>
/// Merges two items: versions and parts move, parts that both have are merged in the same way, and edits of the merged item are applied to
/// the remaining one where it has none. The previous state is stored with the merge, so that it can be undone.
/// </summary>
internal sealed class ItemMerger(SqliteConnection connection, string userName, long now) : IDisposable
{
    private static readonly string[] Layers = ["item_edits", "media_matches", "external_metadata", "item_pictures"];

    private readonly StatementCache _statements = new(connection);

    /// <summary>Items whose versions or parts changed.</summary>
    public HashSet<long> ChangedItems { get; } = [];

    public List<(long File, string Detail)> Placements { get; } = [];

    public Error? Validate(long from, long into)
    {
        if (from == into)
        {
            return new InvalidError("into", "They are one already.");
        }

        if (ReadNumber("SELECT kind FROM media_items WHERE id = ?1", from) != ReadNumber("SELECT kind FROM media_items WHERE id = ?1", into))
        {
            return new InvalidError("into", "Only works of the same kind can be one.");
        }

        return ReadNumber("SELECT EXISTS (SELECT 1 FROM late_indexes)") == 1 ? new InvalidError("into", "A first scan is under way; say it again after it.") : null;
    }

    public void Merge(long from, long into) => Merge(from, into, null);

    public void Undo(long mergeId)
    {
        foreach (var id in ReadNumbers("SELECT id FROM work_joins WHERE id = ?1 OR (part_of = ?1 AND kind = 0) ORDER BY id", mergeId))
        {
            RestoreMerged(id);
        }

        Execute("DELETE FROM work_joins WHERE id = ?1 OR part_of = ?1", mergeId);
    }

    public void Dispose() => _statements.Dispose();

    private void Merge(long from, long into, long? partOf)
    {
        var snapshot = new JsonObject { ["into"] = into, ["item"] = RowSnapshot.Capture(connection, "media_items", "id", from), ["above"] = CaptureAncestors(from) };
        foreach (var layer in Layers)
        {
            snapshot[layer] = RowSnapshot.Capture(connection, layer, "item_id", from);
        }

        var (identity, title) = (ReadText("SELECT identity FROM media_items WHERE id = ?1", from)!, ItemMergeStore.ReadName(connection, from));
        var intoIdentity = ReadText("SELECT identity FROM media_items WHERE id = ?1", into)!;
        var name = ItemMergeStore.ReadName(connection, into);
        foreach (var version in ReadNumbers("SELECT id FROM media_versions WHERE item_id = ?1", from))
        {
            Placements.AddRange(ItemMergeStore.CreatePlacements(connection, version, $"{title} → {name}"));
        }

        var parent = ReadNumber("SELECT parent_id FROM media_items WHERE id = ?1", from);
        ChangedItems.UnionWith(new[] { parent, into }.OfType<long>());
        Execute("UPDATE media_versions SET item_id = ?2 WHERE item_id = ?1", from, into);
        Execute("UPDATE media_items SET first_seen_at = min(first_seen_at, (SELECT first_seen_at FROM media_items WHERE id = ?1)) WHERE id = ?2", from, into);
        snapshot["carried"] = CarryEdits(from, into);
        snapshot["replaced"] = CarryMatch(from, into);
        var insert = Prepare("""
            INSERT INTO work_joins (kind, from_item, identity, to_item, part_of, title, decided_by, decided_at) VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id
            """).Bind(1, from).Bind(2, identity).Bind(3, into).Bind(4, partOf).Bind(5, title).Bind(6, userName).Bind(7, now);
        insert.Read();
        var mergeId = insert.Int64(0);
        insert.Reset();
        snapshot["moved"] = MoveParts(from, into, identity, intoIdentity, partOf ?? mergeId);
        snapshot["sidecars"] = new JsonArray([.. ReadNumbers("SELECT id FROM files WHERE item_id = ?1", from).Select(id => (JsonNode)id)]);
        Execute("UPDATE files SET item_id = ?2 WHERE item_id = ?1", from, into);
        foreach (var layer in Layers)
        {
            Execute($"DELETE FROM {layer} WHERE item_id = ?1", from);
        }

        Execute("DELETE FROM media_items WHERE id = ?1", from);
        Prepare("UPDATE work_joins SET kept = ?2 WHERE id = ?1").Bind(1, mergeId).Bind(2, snapshot.ToJsonString()).Run();
    }

    /// <summary>Merges parts that the remaining item has too; the others move below it as they are.</summary>
    private JsonArray MoveParts(long from, long into, string identity, string intoIdentity, long root)
    {
        var moved = new JsonArray();
        foreach (var part in ReadNumbers("SELECT id FROM media_items WHERE parent_id = ?1 ORDER BY id", from))
        {
            if (part == into)
            {
                continue;
            }

            var previous = ReadText("SELECT identity FROM media_items WHERE id = ?1", part)!;
            var now = ItemMerges.RebaseIdentity(previous, identity, intoIdentity);
            if (now != previous && FindByIdentity(now) is { } same && same != part)
            {
                Merge(part, same, root);
                continue;
            }

            MovePart(part, into, now);
            moved.Add(new JsonObject { ["id"] = part, ["identity"] = previous });
            RenameDescendants(part, previous, now, root);
        }

        return moved;
    }

    /// <summary>Rebases the identities below a moved part on its new identity.</summary>
    private void RenameDescendants(long part, string previous, string now, long root)
    {
        foreach (var child in previous == now ? [] : ReadNumbers("SELECT id FROM media_items WHERE parent_id = ?1", part))
        {
            var before = ReadText("SELECT identity FROM media_items WHERE id = ?1", child)!;
            var after = ItemMerges.RebaseIdentity(before, previous, now);
            if (after != before)
            {
                SetIdentity(child, after);
                RenameDescendants(child, before, after, root);
            }
        }
    }

    private void MovePart(long part, long into, string identity)
    {
        Execute("UPDATE media_items SET parent_id = ?2, updated_at = ?3 WHERE id = ?1", part, into, now);
        SetIdentity(part, identity);
        ChangedItems.Add(part);
    }

    private void SetIdentity(long item, string identity) =>
        Prepare("UPDATE media_items SET identity = ?2, identity_hash = ?3 WHERE id = ?1").Bind(1, item).Bind(2, identity).Bind(3, ItemIdentity.ComputeHash(identity)).Run();

    /// <summary>Applies the merged item's edits to the remaining one, except for fields that were edited there.</summary>
    private JsonArray CarryEdits(long from, long into)
    {
        var fields = new List<(string Field, string? Value)>();
        var rows = Prepare("SELECT field, value FROM item_edits WHERE item_id = ?1 AND field NOT IN (SELECT field FROM item_edits WHERE item_id = ?2)").Bind(1, from).Bind(2, into);
        while (rows.Read())
        {
            fields.Add((rows.Text(0), rows.TextOrNull(1)));
        }

        var carried = new JsonArray();
        foreach (var (field, value) in fields)
        {
            ItemEditStore.ApplyField(connection, into, field, value is not null, value, null, now);
            carried.Add(new JsonObject { ["field"] = field, ["value"] = value });
        }

        return carried;
    }

    /// <summary>Carries over a match chosen by a user, unless the remaining item has one too. Returns what it replaced; null without a change.</summary>
    private JsonObject? CarryMatch(long from, long into)
    {
        const string pinned = "SELECT count(*) FROM media_matches WHERE item_id = ?1 AND state IN ('Pinned', 'LeftAlone')";
        if (ReadNumber(pinned, from) is not > 0 || ReadNumber(pinned, into) > 0)
        {
            return null;
        }

        var replaced = new JsonObject
        {
            ["media_matches"] = RowSnapshot.Capture(connection, "media_matches", "item_id", into),
            ["external_metadata"] = RowSnapshot.Capture(connection, "external_metadata", "item_id", into),
            ["item_pictures"] = RowSnapshot.Capture(connection, "item_pictures", "item_id", into),
            ["description"] = MatchStore.ReadBaseValue(connection, into, "description"),
            ["rating"] = MatchStore.ReadBaseValue(connection, into, "rating"),
        };
        var (title, year) = ReadDetectedNames(into);
        Execute($"INSERT OR REPLACE INTO item_pictures (item_id, layer, address) SELECT ?2, layer, address FROM item_pictures WHERE item_id = ?1 AND layer = {(int)ArtworkOrigin.Provider}", from, into);
        ArtworkRows.UpdatePoster(connection, into, now);
        Execute("DELETE FROM media_matches WHERE item_id = ?1", into);
        Prepare("""
            INSERT INTO media_matches (item_id, state, provider, external_id, confidence, reasons, candidates, name_title, name_year, checked_at)
            SELECT ?2, state, provider, external_id, confidence, reasons, candidates, ?3, ?4, checked_at FROM media_matches WHERE item_id = ?1
            """).Bind(1, from).Bind(2, into).Bind(3, title).Bind(4, ParseYear(year)).Run();
        Execute("UPDATE OR REPLACE external_metadata SET item_id = ?2 WHERE item_id = ?1 AND provider NOT IN (" + EmbeddedMetadata.LayerNamesSql + ")", from, into);
        MatchStore.SetStoredValues(connection, into, title, year, now);
        return replaced;
    }

    /// <summary>The title and year detected from names, without the match and users' edits.</summary>
    private (string? Title, string? Year) ReadDetectedNames(long item)
    {
        var row = Prepare("SELECT name_title, name_year FROM media_matches WHERE item_id = ?1").Bind(1, item);
        (string?, string?)? known = row.Read() ? (row.TextOrNull(0), row.TextOrNull(1)) : null;
        row.Reset();
        return known ?? (MatchStore.ReadBaseValue(connection, item, "title"), MatchStore.ReadBaseValue(connection, item, "year"));
    }

    private void RestoreMerged(long mergeId)
    {
        if (ReadText("SELECT kept FROM work_joins WHERE id = ?1", mergeId) is not { } text || JsonNode.Parse(text) is not JsonObject snapshot)
        {
            return;
        }

        var into = ItemMergeRows.ResolveMerged(connection, snapshot["into"]!.GetValue<long>());
        foreach (var above in (snapshot["above"] as JsonArray ?? []).OfType<JsonObject>().Reverse())
        {
            ReinsertItem(above, null, FindAlike(above["identity"]!.GetValue<string>(), into));
        }

        var item = (JsonObject)snapshot["item"]![0]!;
        var id = ReinsertItem(item, item["parent_id"]?.GetValue<long>(), FindByIdentity(item["identity"]!.GetValue<string>()));
        foreach (var layer in Layers)
        {
            RowSnapshot.Restore(connection, layer, snapshot[layer]);
        }

        RevertMerged(into, snapshot);
        foreach (var sidecar in snapshot["sidecars"] as JsonArray ?? [])
        {
            Execute("UPDATE files SET item_id = ?3 WHERE id = ?1 AND item_id = ?2", sidecar!.GetValue<long>(), into, id);
        }

        foreach (var part in (snapshot["moved"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (child, previous) = (part["id"]!.GetValue<long>(), part["identity"]!.GetValue<string>());
            if (ReadText("SELECT identity FROM media_items WHERE id = ?1", child) is { } identity)
            {
                MovePart(child, id, previous);
                RenameDescendants(child, identity, previous, mergeId);
            }
        }

        ChangedItems.UnionWith([id, into]);
    }

    /// <summary>Removes what came from the restored item from the remaining one, except where users changed it since.</summary>
    private void RevertMerged(long into, JsonObject snapshot)
    {
        foreach (var edit in (snapshot["carried"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var field = edit["field"]!.GetValue<string>();
            if (Prepare("SELECT value FROM item_edits WHERE item_id = ?1 AND field = ?2").Bind(1, into).Bind(2, field) is var row && row.Read())
            {
                var isSame = row.TextOrNull(0) == edit["value"]?.GetValue<string>();
                row.Reset();
                if (isSame)
                {
                    ItemEditStore.ApplyField(connection, into, field, true, null, null, now);
                }
            }
        }

        if (snapshot["replaced"] is not JsonObject replaced)
        {
            return;
        }

        var (title, year) = ReadDetectedNames(into);
        Execute("DELETE FROM media_matches WHERE item_id = ?1", into);
        Execute("DELETE FROM external_metadata WHERE item_id = ?1", into);
        if (replaced["item_pictures"] is not null)
        {
            Execute("DELETE FROM item_pictures WHERE item_id = ?1", into);    // older merges have no record of artwork
        }

        foreach (var layer in (ReadOnlySpan<string>)["media_matches", "external_metadata", "item_pictures"])
        {
            RowSnapshot.Restore(connection, layer, replaced[layer]);
        }

        MatchStore.SetStoredValues(connection, into, title, year, now);
        ArtworkRows.UpdatePoster(connection, into, now);
    }

    /// <summary>Inserts the item again, unless it or an item of the same identity exists by now. Returns the id of the existing or inserted item.</summary>
    private long ReinsertItem(JsonObject row, long? parent, long? existing)
    {
        var id = row["id"]!.GetValue<long>();
        if (ReadNumber("SELECT 1 FROM media_items WHERE id = ?1", id) == 1)
        {
            return id;
        }

        if (existing is { } same)
        {
            return same;
        }

        var restored = (JsonObject)row.DeepClone();
        if (parent is { } above && ReadNumber("SELECT 1 FROM media_items WHERE id = ?1", above) != 1)
        {
            restored["parent_id"] = ItemMergeRows.ResolveMerged(connection, above) is > 0 and var resolved ? resolved : null;
        }

        (restored["version_count"], restored["part_count"], restored["holding_id"]) = (0L, 0L, ReadNumber("SELECT id FROM holdings WHERE pattern = ''") ?? restored["holding_id"]!.GetValue<long>());
        RowSnapshot.Restore(connection, "media_items", new JsonArray(restored));
        ChangedItems.Add(id);
        return id;
    }

    private JsonArray CaptureAncestors(long item)
    {
        var rows = new JsonArray();
        for (var at = ReadNumber("SELECT parent_id FROM media_items WHERE id = ?1", item); at is { } id; at = ReadNumber("SELECT parent_id FROM media_items WHERE id = ?1", id))
        {
            rows.Add(RowSnapshot.Capture(connection, "media_items", "id", id)[0]!.DeepClone());
        }

        return rows;
    }

    private long? FindByIdentity(string identity) => ReadCandidates(identity).Find(item => item.Identity == identity) is { Identity: not null } found ? found.Id : null;

    /// <summary>The item that a name of this identity would belong to now, apart from one that is not meant.</summary>
    private long? FindAlike(string identity, long except)
    {
        var candidates = ReadCandidates(identity).FindAll(item => item.Id != except);
        return ItemIdentity.Choose(identity, candidates.ConvertAll(item => item.Identity)) is { } chosen ? candidates[chosen].Id : null;
    }

    private List<(long Id, string Identity)> ReadCandidates(string identity)
    {
        var rows = Prepare("SELECT id, identity FROM media_items WHERE identity_hash = ?1").Bind(1, ItemIdentity.ComputeHash(identity));
        var candidates = new List<(long, string)>();
        while (rows.Read())
        {
            candidates.Add((rows.Int64(0), rows.Text(1)));
        }

        return candidates;
    }

    private static long? ParseYear(string? year) => year is null ? null : long.Parse(year, CultureInfo.InvariantCulture);

    private List<long> ReadNumbers(string sql, long id) => [.. ItemMergeStore.ReadNumbers(connection, sql, id).Order()];

    private void Execute(string sql, params ReadOnlySpan<long> values) => BindAll(sql, values).Run();

    private long? ReadNumber(string sql, params ReadOnlySpan<long> values)
    {
        var row = BindAll(sql, values);
        var value = row.Read() ? row.Int64OrNull(0) : null;
        row.Reset();
        return value;
    }

    private string? ReadText(string sql, long id)
    {
        var row = Prepare(sql).Bind(1, id);
        var value = row.Read() ? row.TextOrNull(0) : null;
        row.Reset();
        return value;
    }

    private Statement BindAll(string sql, ReadOnlySpan<long> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i + 1, values[i]);
        }

        return statement;
    }

    private Statement Prepare(string sql) => _statements.Get(sql);
}
