using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>
/// Stores edits as a layer: the previous value is kept with the edit and restored when the edit is reset. Writes are durable, because no scan
/// can recover what a user typed.
/// </summary>
internal sealed class ItemEditStore(WriterQueue writer, TimeProvider time) : IItemEditStore
{
    public Task<bool> ApplyAsync(long id, MediaEdits edits, long? userId, Func<EditableValues, EditableValues, AuditEntry> createAuditEntry, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            if (ReadValues(connection, id) is not { } before)
            {
                return false;
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            ApplyField(connection, id, "title", edits.Title.IsGiven, edits.Title.Value?.Trim(), userId, now);
            ApplyField(connection, id, "year", edits.Year.IsGiven, edits.Year.Value?.ToString(CultureInfo.InvariantCulture), userId, now);
            ApplyField(connection, id, "description", edits.Description.IsGiven, edits.Description.Value, userId, now);
            ApplyField(connection, id, "rating", edits.Rating.IsGiven, edits.Rating.Value?.ToString("R", CultureInfo.InvariantCulture), userId, now);
            AuditRows.Add(connection, createAuditEntry(before, ReadValues(connection, id)!));
            return true;
        },
        durable: true,
        cancellation);

    internal static void ApplyField(SqliteConnection connection, long id, string field, bool isGiven, string? value, long? userId, long now)
    {
        if (!isGiven)
        {
            return;
        }

        if (value is null)
        {
            ResetField(connection, id, field, now);
            return;
        }

        using var edit = new Statement(connection, $"""
            INSERT INTO item_edits (item_id, field, value, base_value, edited_by, edited_at)
            SELECT id, ?2, ?3, {field}, ?4, ?5 FROM media_items WHERE id = ?1
            ON CONFLICT DO UPDATE SET value = excluded.value, edited_by = excluded.edited_by, edited_at = excluded.edited_at
            """);
        edit.Bind(1, id).Bind(2, field).Bind(3, value).Bind(4, userId).Bind(5, now).Run();
        SetValue(connection, id, field, value, now);
    }

    private static EditableValues? ReadValues(SqliteConnection connection, long id)
    {
        using var item = new Statement(connection, "SELECT title, year, description, rating FROM media_items WHERE id = ?1");
        return item.Bind(1, id).Read() ? new EditableValues(item.TextOrNull(0), item.Int32OrNull(1), item.TextOrNull(2), item.DoubleOrNull(3)) : null;
    }

    private static void ResetField(SqliteConnection connection, long id, string field, long now)
    {
        using var edit = new Statement(connection, "SELECT base_value FROM item_edits WHERE item_id = ?1 AND field = ?2");
        if (!edit.Bind(1, id).Bind(2, field).Read())
        {
            return;
        }

        var before = edit.TextOrNull(0);
        edit.Reset();
        using var delete = new Statement(connection, "DELETE FROM item_edits WHERE item_id = ?1 AND field = ?2");
        delete.Bind(1, id).Bind(2, field).Run();
        SetValue(connection, id, field, before, now);
    }

    private static void SetValue(SqliteConnection connection, long id, string field, string? value, long now)
    {
        var (column, extraAssignment) = field == "title" ? ("?2", ", sort_title = ?4") : field == "year" ? ("CAST(?2 AS INTEGER)", "") : field == "rating" ? ("CAST(?2 AS REAL)", "") : ("?2", "");
        using var set = new Statement(connection, $"UPDATE media_items SET {field} = {column}, updated_at = ?3{extraAssignment} WHERE id = ?1");
        set.Bind(1, id).Bind(2, value).Bind(3, now);
        if (extraAssignment.Length > 0)
        {
            set.Bind(4, value is null ? null : TextNormalizer.ToSortTitle(value));
        }

        set.Run();
    }
}
