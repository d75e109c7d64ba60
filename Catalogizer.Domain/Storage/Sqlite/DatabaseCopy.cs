using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Copies an encrypted database as of one moment into a new encrypted file, while it is being read and written, and verifies such a copy.
/// </summary>
internal static class DatabaseCopy
{
    private const int Interrupted = 9;

    /// <summary>Writes the copy; its key is derived from its passphrase with a new salt.</summary>
    /// <param name="addContent">Adds to the copy, attached as <c>copy</c>, before it is closed; receives the row count of each table.</param>
    /// <returns>The row count of each table at that moment.</returns>
    public static IReadOnlyDictionary<string, long> Write(
        string from, string passphrase, string to, string toPassphrase, CancellationToken cancellation, Action<SqliteConnection, IReadOnlyDictionary<string, long>>? addContent = null)
    {
        // Created here, so that other users cannot read it from its first byte on.
        new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        try
        {
            using var connection = Open(from, passphrase, readOnly: false);
            using var registration = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
            Execute(connection, "ATTACH $file AS copy KEY $key", ("$file", to), ("$key", SqlCipher.DeriveRawKey(toPassphrase, to)));

            // The copy is not read before it is complete, and an incomplete one is deleted, so it needs no journal and no synchronisation.
            SqlCipher.Execute(connection, "PRAGMA copy.journal_mode = OFF; PRAGMA copy.synchronous = OFF; PRAGMA copy.cache_size = -16000; BEGIN");
            var rows = CountRows(connection);
            SqlCipher.Execute(connection, "SELECT sqlcipher_export('copy')");
            addContent?.Invoke(connection, rows);
            SqlCipher.Execute(connection, "COMMIT; DETACH copy");
            using var written = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
            written.Flush(flushToDisk: true);
            return rows;
        }
        catch (Exception exception)
        {
            DeleteIfExists(to);
            if (exception is SqliteException { SqliteErrorCode: Interrupted })
            {
                cancellation.ThrowIfCancellationRequested();
            }

            throw;
        }
    }

    /// <summary>Opens a database outside the program's connection pool, read-only by default.</summary>
    public static SqliteConnection Open(string path, string passphrase, bool readOnly = true)
    {
        SqlCipher.Load();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            SqlCipher.Configure(connection, SqlCipher.DeriveRawKey(passphrase, path), "FULL");
            SqlCipher.Execute(connection, "SELECT count(*) FROM sqlite_master");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Deletes a file that may not exist; its folder may not exist either.</summary>
    public static void DeleteIfExists(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// What is wrong with an opened copy: verifies every page against its checksum, every index against its table, and the row counts. Null when
    /// nothing is wrong.
    /// </summary>
    public static string? FindProblem(SqliteConnection connection, IReadOnlyDictionary<string, long> rows)
    {
        foreach (var (check, ok) in new[] { ("PRAGMA cipher_integrity_check", null), ("PRAGMA integrity_check", "ok") })
        {
            using var statement = new Statement(connection, check);
            if (statement.Read() && statement.Text(0) != ok)
            {
                return statement.Text(0);
            }
        }

        var found = CountRows(connection);
        return rows.Where(table => found.GetValueOrDefault(table.Key, -1) != table.Value)
            .Select(table => string.Create(CultureInfo.InvariantCulture, $"{table.Key} should have {table.Value} rows and has {found.GetValueOrDefault(table.Key)}"))
            .FirstOrDefault();
    }

    public static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static Dictionary<string, long> CountRows(SqliteConnection connection)
    {
        var tables = new List<string>();
        using (var statement = new Statement(connection, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'"))
        {
            while (statement.Read())
            {
                tables.Add(statement.Text(0));
            }
        }

        return tables.ToDictionary(table => table, table =>
        {
            using var count = new Statement(connection, $"SELECT count(*) FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            count.Read();
            return count.Int64(0);
        });
    }
}
