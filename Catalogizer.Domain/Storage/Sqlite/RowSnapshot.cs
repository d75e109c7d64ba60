using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Captures rows as JSON and restores them unchanged.</summary>
internal static class RowSnapshot
{
    public static JsonArray Capture(SqliteConnection connection, string table, string key, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} WHERE {key} = $id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        var rows = new JsonArray();
        while (reader.Read())
        {
            var row = new JsonObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row[reader.GetName(i)] = reader.GetValue(i) switch { long number => number, double number => number, string text => text, _ => null };
            }

            rows.Add(row);
        }

        return rows;
    }

    public static void Restore(SqliteConnection connection, string table, JsonNode? rows)
    {
        foreach (var row in (rows as JsonArray ?? []).OfType<JsonObject>())
        {
            var columns = row.Select(c => c.Key).ToList();
            using var command = connection.CreateCommand();
            command.CommandText = $"INSERT OR REPLACE INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"$v{i}"))})";
            for (var i = 0; i < columns.Count; i++)
            {
                command.Parameters.AddWithValue($"$v{i}", ToValue(row[columns[i]]) ?? DBNull.Value);
            }

            command.ExecuteNonQuery();
        }
    }

    private static object? ToValue(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number => node.AsValue().TryGetValue<long>(out var whole) ? (object)whole : node.GetValue<double>(),
        _ => null,
    };
}
