using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Copies an encrypted database at one moment into a new encrypted file, while others read and write it, and checks such a copy.
/// </summary>
internal static class DatabaseCopy
{
    private const int Interrupted = 9;

    /// <summary>Writes the copy; its key is derived from its passphrase with a salt of its own.</summary>
    /// <param name="addContent">Adds to the copy, attached as <c>copy</c>, before it is closed; gets the rows of each table.</param>
    /// <returns>The rows of each table at that moment.</returns>
    public static IReadOnlyDictionary<string, long> Write(
        string from, string passphrase, string to, string toPassphrase, CancellationToken cancellation, Action<SqliteConnection, IReadOnlyDictionary<string, long>>? addContent = null)
    {
        // Made by us, so that nobody else may read it from its first byte on.
        new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        try
        {
            using var connection = Open(from, passphrase, readOnly: false);
            using var registration = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
            Execute(connection, "ATTACH $file AS copy KEY $key", ("$file", to), ("$key", SqlCipher.DeriveRawKey(toPassphrase, to)));

            // Nobody reads the copy before it is whole, and one that is not is thrown away.
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

    /// <summary>Opens a database apart from the program's own connections, for reading unless said otherwise.</summary>
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

    /// <summary>Removes a file that may not have been made, nor its folder.</summary>
    public static void DeleteIfExists(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    /// <summary>What is wrong with a copy that opened: every page is read and held against its seal, and every index against its table. Null when nothing is.</summary>
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
