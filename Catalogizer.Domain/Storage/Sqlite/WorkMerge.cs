using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Pictures;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Makes two works one: copies and parts go over, parts that both have become one in the same way, and what a person set on the one that
/// goes is laid on the one that stays where nobody set anything there. What it was stands in the decision, to be taken back.
/// </summary>
internal sealed class WorkMerge(SqliteConnection connection, string by, long now) : IDisposable
{
    private static readonly string[] Layers = ["item_edits", "media_matches", "external_metadata", "item_pictures"];

    private readonly StatementCache _statements = new(connection);

    /// <summary>Works whose copies or parts are others now.</summary>
    public HashSet<long> Touched { get; } = [];

    public List<(long File, string Detail)> Placed { get; } = [];

    public Error? Wrong(long from, long into)
    {
        if (from == into)
        {
            return new InvalidError("into", "They are one already.");
        }

        if (One("SELECT kind FROM media_items WHERE id = ?1", from) != One("SELECT kind FROM media_items WHERE id = ?1", into))
        {
            return new InvalidError("into", "Only works of the same kind can be one.");
        }

        return One("SELECT EXISTS (SELECT 1 FROM late_indexes)") == 1 ? new InvalidError("into", "A first scan is under way; say it again after it.") : null;
    }

    public void Run(long from, long into) => Run(from, into, null);

    public void Undo(long join)
    {
        foreach (var id in Many("SELECT id FROM work_joins WHERE id = ?1 OR (part_of = ?1 AND kind = 0) ORDER BY id", join))
        {
            Restore(id);
        }

        Do("DELETE FROM work_joins WHERE id = ?1 OR part_of = ?1", join);
    }

    public void Dispose() => _statements.Dispose();

    private void Run(long from, long into, long? partOf)
    {
        var kept = new JsonObject { ["into"] = into, ["item"] = KeptRows.Take(connection, "media_items", "id", from), ["above"] = Above(from) };
        foreach (var layer in Layers)
        {
            kept[layer] = KeptRows.Take(connection, layer, "item_id", from);
        }

        var (identity, title) = (Text("SELECT identity FROM media_items WHERE id = ?1", from)!, SqliteWorkJoins.Name(connection, from));
        var stays = Text("SELECT identity FROM media_items WHERE id = ?1", into)!;
        var name = SqliteWorkJoins.Name(connection, into);
        foreach (var version in Many("SELECT id FROM media_versions WHERE item_id = ?1", from))
        {
            Placed.AddRange(SqliteWorkJoins.Placed(connection, version, $"{title} → {name}"));
        }

        var parent = One("SELECT parent_id FROM media_items WHERE id = ?1", from);
        Touched.UnionWith(new[] { parent, into }.OfType<long>());
        Do("UPDATE media_versions SET item_id = ?2 WHERE item_id = ?1", from, into);
        Do("UPDATE media_items SET first_seen_at = min(first_seen_at, (SELECT first_seen_at FROM media_items WHERE id = ?1)) WHERE id = ?2", from, into);
        kept["carried"] = CarryEdits(from, into);
        kept["replaced"] = CarryMatch(from, into);
        var bind = Sql("""
            INSERT INTO work_joins (kind, from_item, identity, to_item, part_of, title, decided_by, decided_at) VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id
            """).Bind(1, from).Bind(2, identity).Bind(3, into).Bind(4, partOf).Bind(5, title).Bind(6, by).Bind(7, now);
        bind.Read();
        var join = bind.Int64(0);
        bind.Reset();
        kept["moved"] = MoveParts(from, into, identity, stays, partOf ?? join);
        foreach (var layer in Layers)
        {
            Do($"DELETE FROM {layer} WHERE item_id = ?1", from);
        }

        Do("DELETE FROM media_items WHERE id = ?1", from);
        Sql("UPDATE work_joins SET kept = ?2 WHERE id = ?1").Bind(1, join).Bind(2, kept.ToJsonString()).Run();
    }

    /// <summary>Parts that the one that stays has too become one with them; the others go below it as they are.</summary>
    private JsonArray MoveParts(long from, long into, string identity, string stays, long root)
    {
        var moved = new JsonArray();
        foreach (var part in Many("SELECT id FROM media_items WHERE parent_id = ?1 ORDER BY id", from))
        {
            if (part == into)
            {
                continue;
            }

            var was = Text("SELECT identity FROM media_items WHERE id = ?1", part)!;
            var now = WorkJoins.Below(was, identity, stays);
            if (now != was && Find(now) is { } same && same != part)
            {
                Run(part, same, root);
                continue;
            }

            Move(part, into, now);
            moved.Add(new JsonObject { ["id"] = part, ["identity"] = was });
            MoveBelow(part, was, now, root);
        }

        return moved;
    }

    /// <summary>What lies below a part that moved is named after it.</summary>
    private void MoveBelow(long part, string was, string now, long root)
    {
        foreach (var child in was == now ? [] : Many("SELECT id FROM media_items WHERE parent_id = ?1", part))
        {
            var before = Text("SELECT identity FROM media_items WHERE id = ?1", child)!;
            var after = WorkJoins.Below(before, was, now);
            if (after != before)
            {
                Rename(child, after);
                MoveBelow(child, before, after, root);
            }
        }
    }

    private void Move(long part, long into, string identity)
    {
        Do("UPDATE media_items SET parent_id = ?2, updated_at = ?3 WHERE id = ?1", part, into, now);
        Rename(part, identity);
        Touched.Add(part);
    }

    private void Rename(long item, string identity) =>
        Sql("UPDATE media_items SET identity = ?2, identity_hash = ?3 WHERE id = ?1").Bind(1, item).Bind(2, identity).Bind(3, TextNormalizer.ComputeHash(identity)).Run();

    /// <summary>What a person set on the one that goes holds for the one that stays, unless a person set something there.</summary>
    private JsonArray CarryEdits(long from, long into)
    {
        var fields = new List<(string Field, string? Value)>();
        var rows = Sql("SELECT field, value FROM item_edits WHERE item_id = ?1 AND field NOT IN (SELECT field FROM item_edits WHERE item_id = ?2)").Bind(1, from).Bind(2, into);
        while (rows.Read())
        {
            fields.Add((rows.Text(0), rows.TextOrNull(1)));
        }

        var carried = new JsonArray();
        foreach (var (field, value) in fields)
        {
            ItemEditStore.Apply(connection, into, field, value is not null, value, null, now);
            carried.Add(new JsonObject { ["field"] = field, ["value"] = value });
        }

        return carried;
    }

    /// <summary>A record that a person chose stays chosen. Answers what it took the place of; null when it took none.</summary>
    private JsonObject? CarryMatch(long from, long into)
    {
        const string pinned = "SELECT count(*) FROM media_matches WHERE item_id = ?1 AND state IN ('Pinned', 'LeftAlone')";
        if (One(pinned, from) is not > 0 || One(pinned, into) > 0)
        {
            return null;
        }

        var replaced = new JsonObject
        {
            ["media_matches"] = KeptRows.Take(connection, "media_matches", "item_id", into),
            ["external_metadata"] = KeptRows.Take(connection, "external_metadata", "item_id", into),
            ["item_pictures"] = KeptRows.Take(connection, "item_pictures", "item_id", into),
            ["description"] = SqliteMatchStore.Base(connection, into, "description"),
            ["rating"] = SqliteMatchStore.Base(connection, into, "rating"),
        };
        var (title, year) = Names(into);
        Do($"INSERT OR REPLACE INTO item_pictures (item_id, layer, address) SELECT ?2, layer, address FROM item_pictures WHERE item_id = ?1 AND layer = {(int)PictureLayer.Provider}", from, into);
        PictureRows.Show(connection, into, now);
        Do("DELETE FROM media_matches WHERE item_id = ?1", into);
        Sql("""
            INSERT INTO media_matches (item_id, state, provider, external_id, confidence, reasons, candidates, name_title, name_year, checked_at)
            SELECT ?2, state, provider, external_id, confidence, reasons, candidates, ?3, ?4, checked_at FROM media_matches WHERE item_id = ?1
            """).Bind(1, from).Bind(2, into).Bind(3, title).Bind(4, Year(year)).Run();
        Do("UPDATE OR REPLACE external_metadata SET item_id = ?2 WHERE item_id = ?1 AND provider NOT IN (" + OwnLayers.Sql + ")", from, into);
        Lay(into, title, year);
        return replaced;
    }

    private void Lay(long item, string? title, string? year)
    {
        var provider = Text("SELECT CASE WHEN state IN ('Automatic', 'Pinned') THEN provider END FROM media_matches WHERE item_id = ?1", item);
        SqliteMatchStore.SetValues(
            connection, item, provider is null ? null : SqliteMatchStore.Record(connection, item, provider), OwnLayers.Of(connection, item), title, year, now);
    }

    /// <summary>What names call a work, beneath its record and what a person set.</summary>
    private (string? Title, string? Year) Names(long item)
    {
        var row = Sql("SELECT name_title, name_year FROM media_matches WHERE item_id = ?1").Bind(1, item);
        (string?, string?)? known = row.Read() ? (row.TextOrNull(0), row.TextOrNull(1)) : null;
        row.Reset();
        return known ?? (SqliteMatchStore.Base(connection, item, "title"), SqliteMatchStore.Base(connection, item, "year"));
    }

    private void Restore(long join)
    {
        if (Text("SELECT kept FROM work_joins WHERE id = ?1", join) is not { } text || JsonNode.Parse(text) is not JsonObject kept)
        {
            return;
        }

        foreach (var above in (kept["above"] as JsonArray ?? []).OfType<JsonObject>().Reverse())
        {
            PutBack(above, null);
        }

        var item = (JsonObject)kept["item"]![0]!;
        var id = PutBack(item, item["parent_id"]?.GetValue<long>());
        var into = JoinRows.Stays(connection, kept["into"]!.GetValue<long>());
        foreach (var layer in Layers)
        {
            KeptRows.Put(connection, layer, kept[layer]);
        }

        TakeBack(into, kept);
        foreach (var part in (kept["moved"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (child, was) = (part["id"]!.GetValue<long>(), part["identity"]!.GetValue<string>());
            if (Text("SELECT identity FROM media_items WHERE id = ?1", child) is { } identity)
            {
                Move(child, id, was);
                MoveBelow(child, identity, was, join);
            }
        }

        Touched.UnionWith([id, into]);
    }

    /// <summary>What came from the one that is there again leaves the one that stayed, where nobody said otherwise since.</summary>
    private void TakeBack(long into, JsonObject kept)
    {
        foreach (var edit in (kept["carried"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var field = edit["field"]!.GetValue<string>();
            if (Sql("SELECT value FROM item_edits WHERE item_id = ?1 AND field = ?2").Bind(1, into).Bind(2, field) is var row && row.Read())
            {
                var isSame = row.TextOrNull(0) == edit["value"]?.GetValue<string>();
                row.Reset();
                if (isSame)
                {
                    ItemEditStore.Apply(connection, into, field, true, null, null, now);
                }
            }
        }

        if (kept["replaced"] is not JsonObject replaced)
        {
            return;
        }

        var (title, year) = Names(into);
        Do("DELETE FROM media_matches WHERE item_id = ?1", into);
        Do("DELETE FROM external_metadata WHERE item_id = ?1", into);
        if (replaced["item_pictures"] is not null)
        {
            Do("DELETE FROM item_pictures WHERE item_id = ?1", into);    // decisions from before there were any say nothing of them
        }

        foreach (var layer in (ReadOnlySpan<string>)["media_matches", "external_metadata", "item_pictures"])
        {
            KeptRows.Put(connection, layer, replaced[layer]);
        }

        Lay(into, title, year);
        PictureRows.Show(connection, into, now);
    }

    /// <summary>The work is there again, unless it, or one that names call the same, came meanwhile.</summary>
    private long PutBack(JsonObject row, long? parent)
    {
        var id = row["id"]!.GetValue<long>();
        if (One("SELECT 1 FROM media_items WHERE id = ?1", id) == 1)
        {
            return id;
        }

        if (Find(row["identity"]!.GetValue<string>()) is { } same)
        {
            return same;
        }

        var again = (JsonObject)row.DeepClone();
        if (parent is { } above && One("SELECT 1 FROM media_items WHERE id = ?1", above) != 1)
        {
            again["parent_id"] = JoinRows.Stays(connection, above) is > 0 and var stays ? stays : null;
        }

        (again["version_count"], again["part_count"], again["holding_id"]) = (0L, 0L, One("SELECT id FROM holdings WHERE pattern = ''") ?? again["holding_id"]!.GetValue<long>());
        KeptRows.Put(connection, "media_items", new JsonArray(again));
        Touched.Add(id);
        return id;
    }

    private JsonArray Above(long item)
    {
        var rows = new JsonArray();
        for (var at = One("SELECT parent_id FROM media_items WHERE id = ?1", item); at is { } id; at = One("SELECT parent_id FROM media_items WHERE id = ?1", id))
        {
            rows.Add(KeptRows.Take(connection, "media_items", "id", id)[0]!.DeepClone());
        }

        return rows;
    }

    private long? Find(string identity)
    {
        var row = Sql("SELECT id FROM media_items WHERE identity_hash = ?1 AND identity = ?2").Bind(1, TextNormalizer.ComputeHash(identity)).Bind(2, identity);
        var id = row.Read() ? row.Int64(0) : (long?)null;
        row.Reset();
        return id;
    }

    private static long? Year(string? year) => year is null ? null : long.Parse(year, CultureInfo.InvariantCulture);

    private List<long> Many(string sql, long id) => [.. SqliteWorkJoins.Numbers(connection, sql, id).Order()];

    private void Do(string sql, params ReadOnlySpan<long> values) => Bound(sql, values).Run();

    private long? One(string sql, params ReadOnlySpan<long> values)
    {
        var row = Bound(sql, values);
        var value = row.Read() ? row.Int64OrNull(0) : null;
        row.Reset();
        return value;
    }

    private string? Text(string sql, long id)
    {
        var row = Sql(sql).Bind(1, id);
        var value = row.Read() ? row.TextOrNull(0) : null;
        row.Reset();
        return value;
    }

    private Statement Bound(string sql, ReadOnlySpan<long> values)
    {
        var statement = Sql(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i + 1, values[i]);
        }

        return statement;
    }

    private Statement Sql(string sql) => _statements.Get(sql);
}
