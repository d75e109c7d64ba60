using System.Data.Common;
using System.Globalization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Auditing.Storage;

/// <summary>Finds the names of the objects that audit entries refer to.</summary>
internal static class AuditTargets
{
    private const int MaxNameLength = 200;

    /// <summary>Queries by the kind before the colon; the id after it is the parameter. A part is named with the item it belongs to.</summary>
    private static readonly Dictionary<string, string> NameQueries = new(StringComparer.Ordinal)
    {
        ["item"] = $"""
            SELECT coalesce((SELECT w.title || ' · ' FROM media_items w WHERE w.id = coalesce(p.parent_id, p.id)), '') || coalesce(i.title, CASE i.kind
                WHEN {(int)MediaKind.Season} THEN iif(i.season = 0, 'Specials', 'Season ' || i.season)
                WHEN {(int)MediaKind.Episode} THEN coalesce('Season ' || i.season || ', ', '') || 'Episode ' || i.episode
                WHEN {(int)MediaKind.Track} THEN 'Track ' || i.episode END, 'Item ' || i.id)
            FROM media_items i LEFT JOIN media_items p ON p.id = i.parent_id WHERE i.id = @id
            """,
        ["source"] = "SELECT name FROM sources WHERE id = @id",
        ["scan"] = "SELECT s.name FROM scans c JOIN sources s ON s.id = c.source_id WHERE c.id = @id",
        ["user"] = "SELECT user_name FROM users WHERE id = @id",
        ["error"] = "SELECT message FROM error_logs WHERE id = @id",
        ["job:scan"] = "SELECT name FROM sources WHERE id = @id",
    };

    /// <summary>Whether objects of this kind have a name in the catalogue.</summary>
    public static bool HasName(string target) => Parse(target) is not null;

    /// <summary>The object's current name, cut to 200 characters; null when the object does not exist or has no name in the catalogue.</summary>
    /// <param name="transaction">The connection's transaction if it was begun through ADO.NET, which requires it on every command; otherwise null.</param>
    public static string? FindName(DbConnection connection, DbTransaction? transaction, string target)
    {
        if (Parse(target) is not { } named)
        {
            return null;
        }

        using var find = connection.CreateCommand();
        (find.CommandText, find.Transaction) = (named.Query, transaction);
        var id = find.CreateParameter();
        (id.ParameterName, id.Value) = ("@id", named.Id);
        find.Parameters.Add(id);
        return find.ExecuteScalar() is not string name ? null : name.Length <= MaxNameLength ? name : name[..MaxNameLength];
    }

    private static (string Query, long Id)? Parse(string target) =>
        target.LastIndexOf(':') is var colon and > 0 && NameQueries.TryGetValue(target[..colon], out var query)
        && long.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (query, id)
            : null;
}
