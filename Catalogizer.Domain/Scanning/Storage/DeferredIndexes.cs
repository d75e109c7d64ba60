using System.Globalization;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Updates the full-text tables and counters for rows that a bulk load inserted without triggers.</summary>
internal static class DeferredIndexes
{
    /// <summary>
    /// The parts that are cheaper to create at the end: indexes, and the triggers for added rows, which have nothing to do in the meantime. The
    /// index of files by folder stays: a folder's files arrive in its order, and a resumed scan needs it. So do the two that few files are in.
    /// </summary>
    private const string DeferredPartsSql = """
        sql IS NOT NULL AND (
          (type = 'index' AND tbl_name IN ('files', 'media_items', 'media_versions') AND name NOT IN ('ix_files_folder_id_name', 'ix_files_item_id', 'ix_files_unowned'))
          OR (type = 'trigger' AND name IN ('media_items_added', 'media_versions_added', 'files_added')))
        """;

    /// <summary>Bytes of new terms that a full-text table buffers before it writes them: SQLite's default, and the size for a bulk load.</summary>
    private const int DefaultHashSizeBytes = 1 << 20;
    private const int BulkHashSizeBytes = 1 << 25;

    /// <summary>Stops following: new rows wait for <see cref="CatchUp"/>. Drops the parts that are cheaper to create at the end.</summary>
    public static void Suspend(SqliteConnection connection)
    {
        SqlCipher.Execute(connection, """
            UPDATE catalogue_marks SET
              items = min(items, (SELECT coalesce(max(id), 0) FROM media_items)),
              files = min(files, (SELECT coalesce(max(id), 0) FROM files)),
              versions = min(versions, (SELECT coalesce(max(id), 0) FROM media_versions));
            """);
        SqlCipher.Execute(connection, $"INSERT OR IGNORE INTO late_indexes SELECT name, sql FROM sqlite_master WHERE {DeferredPartsSql}");
        foreach (var (name, sql) in ReadDeferredParts(connection))
        {
            SqlCipher.Execute(connection, $"DROP {(sql.StartsWith("CREATE TRIGGER", StringComparison.Ordinal) ? "TRIGGER" : "INDEX")} IF EXISTS \"{name}\"");
        }

        SetFullTextHashSize(connection, BulkHashSizeBytes);
    }

    /// <summary>Follows all rows that exist now; later ones continue to wait.</summary>
    public static void CatchUp(SqliteConnection connection)
    {
        using var marks = connection.CreateCommand();
        marks.CommandText = """
            SELECT items, files, versions,
              (SELECT coalesce(max(id), 0) FROM media_items), (SELECT coalesce(max(id), 0) FROM files), (SELECT coalesce(max(id), 0) FROM media_versions)
            FROM catalogue_marks
            """;
        using var reader = marks.ExecuteReader();
        reader.Read();
        var (items, files, versions) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        if (items == CatalogSchema.Everything)
        {
            return;
        }

        var (lastItem, lastFile, lastVersion) = (reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
        reader.Close();
        CatchUpItems(connection, items, lastItem);
        CatchUpVersions(connection, versions, lastVersion);
        CatchUpFiles(connection, files, lastFile);
        Run(connection, "UPDATE catalogue_marks SET items = $items, files = $files, versions = $versions",
            ("$items", Math.Max(items, lastItem)), ("$files", Math.Max(files, lastFile)), ("$versions", Math.Max(versions, lastVersion)));
    }

    /// <summary>Whether a bulk load is running or was interrupted.</summary>
    public static bool IsSuspended(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT items < 9223372036854775807 OR EXISTS (SELECT 1 FROM late_indexes) FROM catalogue_marks";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) == 1;
    }

    /// <summary>Follows the remaining rows and all later ones.</summary>
    public static void Resume(SqliteConnection connection)
    {
        CatchUp(connection);
        SetFullTextHashSize(connection, DefaultHashSizeBytes);
        SqlCipher.Execute(connection, "UPDATE catalogue_marks SET items = 9223372036854775807, files = 9223372036854775807, versions = 9223372036854775807");
    }

    /// <summary>Recreates one dropped part; false when none is left. One at a time, so that other writes can run in between.</summary>
    public static bool BuildNext(SqliteConnection connection)
    {
        foreach (var (name, sql) in ReadDeferredParts(connection))
        {
            using var exists = connection.CreateCommand();
            exists.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = $name";
            exists.Parameters.AddWithValue("$name", name);
            if (Convert.ToInt64(exists.ExecuteScalar(), CultureInfo.InvariantCulture) == 0)
            {
                SqlCipher.Execute(connection, sql);
            }

            Run(connection, "DELETE FROM late_indexes WHERE name = $name", ("$name", name));
            return true;
        }

        return false;
    }

    /// <summary>Recounts everything and rebuilds both full-text tables.</summary>
    public static void Rebuild(SqliteConnection connection)
    {
        SqlCipher.Execute(connection, PresenceSet.RecountSql);
        using (var presenceSets = new PresenceSetIndex(connection))
        {
            presenceSets.SaveLifecycles();
        }

        SqlCipher.Execute(connection, """
            INSERT INTO media_search(media_search) VALUES ('rebuild');
            INSERT INTO media_titles(media_titles) VALUES ('rebuild');
            DELETE FROM facet_counts;
            DELETE FROM file_counts;
            """);
        CountItems(connection, 0, CatalogSchema.Everything);
        CatchUpVersions(connection, 0, CatalogSchema.Everything);
        CatchUpFiles(connection, 0, CatalogSchema.Everything);
        SqlCipher.Execute(connection, "UPDATE catalogue_marks SET items = 9223372036854775807, files = 9223372036854775807, versions = 9223372036854775807");
    }

    private static void CatchUpItems(SqliteConnection connection, long after, long through)
    {
        if (through <= after)
        {
            return;
        }

        Run(connection, "INSERT INTO media_search(rowid, title, description) SELECT id, title, description FROM media_items WHERE id > $after AND id <= $through", ("$after", after), ("$through", through));
        Run(connection, "INSERT INTO media_titles(rowid, title) SELECT id, title FROM media_items WHERE id > $after AND id <= $through", ("$after", after), ("$through", through));
        CountItems(connection, after, through);
    }

    private static void CountItems(SqliteConnection connection, long after, long through)
    {
        // The rows are read once; the facets are summed from the result.
        var facets = string.Join("\nUNION ALL ", CatalogSchema.ItemFacets.Select(f => $"SELECT {f.Facet}, coalesce({f.Column}, ''), sum(n) FROM alike GROUP BY 2"));
        Run(connection, $"""
            WITH alike AS MATERIALIZED (
              SELECT media_type, year, best_resolution, best_codec, holding_id, count(*) AS n FROM media_items
              WHERE is_work = 1 AND id > $after AND id <= $through GROUP BY 1, 2, 3, 4, 5)
            INSERT INTO facet_counts {facets} ON CONFLICT DO UPDATE SET n = n + excluded.n
            """,
            ("$after", after), ("$through", through));
    }

    private static void CatchUpVersions(SqliteConnection connection, long after, long through)
    {
        foreach (var (facet, column) in CatalogSchema.VersionFacets)
        {
            Run(connection, $"INSERT INTO facet_counts SELECT {facet}, coalesce({column}, ''), count(*) FROM media_versions WHERE id > $after AND id <= $through GROUP BY 2 ON CONFLICT DO UPDATE SET n = n + excluded.n",
                ("$after", after), ("$through", through));
        }
    }

    private static void CatchUpFiles(SqliteConnection connection, long after, long through) =>
        Run(connection, "INSERT INTO file_counts SELECT source_id, presence, count(*), sum(size) FROM files WHERE id > $after AND id <= $through GROUP BY 1, 2 ON CONFLICT DO UPDATE SET files = files + excluded.files, bytes = bytes + excluded.bytes",
            ("$after", after), ("$through", through));

    private static List<(string Name, string Sql)> ReadDeferredParts(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM late_indexes ORDER BY name";
        using var reader = command.ExecuteReader();
        var indexes = new List<(string, string)>();
        while (reader.Read())
        {
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        }

        return indexes;
    }

    private static void SetFullTextHashSize(SqliteConnection connection, int bytes) => SqlCipher.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO media_search(media_search, rank) VALUES ('hashsize', {bytes});
        INSERT INTO media_titles(media_titles, rank) VALUES ('hashsize', {bytes});
        """));

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
