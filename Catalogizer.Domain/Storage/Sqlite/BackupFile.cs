using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// The file of a backup: the catalogue's database with an additional table, <c>backup_notes</c>, for the time of the backup, the row count
/// of each table and the jobs' database.
/// </summary>
internal static class BackupFile
{
    private const string MadeAtKey = "madeAt";
    private const string JobsKey = "jobs";
    private const string RowCountPrefix = "rows:";
    private const int NotADatabase = 26;
    private const int OutOfMemory = 7;
    private const int Full = 13;
    private const int CannotOpen = 14;

    public static void Write(string catalog, byte[]? jobs, string path, string passphrase, DateTimeOffset now, CancellationToken cancellation) =>
        DatabaseCopy.Write(catalog, passphrase, path, passphrase, cancellation, (connection, rows) =>
        {
            SqlCipher.Execute(connection, "CREATE TABLE copy.backup_notes (name TEXT PRIMARY KEY, value) WITHOUT ROWID");
            WriteNote(connection, MadeAtKey, now.ToUnixTimeMilliseconds());
            foreach (var (table, count) in rows)
            {
                WriteNote(connection, RowCountPrefix + table, count);
            }

            if (jobs is not null)
            {
                WriteNote(connection, JobsKey, jobs);
            }
        });

    /// <summary>Reads what a backup states about itself; an error when the file is no backup or does not open with this key.</summary>
    public static Result<BackupReport> Read(string path, string passphrase) => OpenAndRead(path, passphrase, path, connection => ReadNotes(connection, path));

    /// <summary>Verifies the whole backup: its key, page checksums, indexes, schema version and row counts.</summary>
    /// <param name="displayName">The file's name in messages; null for the path.</param>
    public static Result<BackupReport> Verify(string path, string passphrase, string? displayName = null) => OpenAndRead(path, passphrase, displayName ?? path, connection =>
    {
        var report = ReadNotes(connection, displayName ?? path);
        if (!report.IsOk)
        {
            return report;
        }

        var known = new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>().UseSqlite(connection).Options).Database.GetMigrations().ToHashSet();
        using (var applied = new Statement(connection, "SELECT MigrationId FROM __EFMigrationsHistory"))
        {
            while (applied.Read())
            {
                if (!known.Contains(applied.Text(0)))
                {
                    return new InvalidError("file", $"{displayName ?? path} was written by a newer Catalogizer (it has '{applied.Text(0)}'). Restore it with that version.");
                }
            }
        }

        return DatabaseCopy.FindProblem(connection, report.Value.Rows) is { } problem ? CreateDamagedError(displayName ?? path, problem) : report;
    });

    /// <summary>Turns a verified backup into the two databases of a catalogue.</summary>
    public static void Unpack(string database, string jobs, string passphrase)
    {
        using var connection = DatabaseCopy.Open(database, passphrase, readOnly: false);
        using (var find = new Statement(connection, $"SELECT value FROM backup_notes WHERE name = '{JobsKey}'"))
        {
            if (find.Read() && find.BytesOrNull(0) is { } bytes)
            {
                using var file = new FileStream(jobs, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
                file.Write(bytes);
                file.Flush(flushToDisk: true);
                find.Reset();
            }
        }

        SqlCipher.Execute(connection, "BEGIN; DROP TABLE backup_notes");
        RevokeAccess(connection);
        SqlCipher.Execute(connection, "COMMIT");
    }

    /// <summary>
    /// Revokes everything that opens an account without its password: some of it was revoked after the backup was written, but it is unknown
    /// what. Backups of earlier versions lack some of the tables.
    /// </summary>
    private static void RevokeAccess(SqliteConnection connection)
    {
        var tables = new List<string>();
        using (var find = new Statement(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('refresh_tokens', 'password_links', 'api_keys')"))
        {
            while (find.Read())
            {
                tables.Add(find.Text(0));
            }
        }

        tables.ForEach(table => SqlCipher.Execute(connection, $"DELETE FROM {table}"));
        SqlCipher.Execute(connection, $"""
            DELETE FROM user_tokens WHERE login_provider = '{Sessions.Provider}';
            DELETE FROM settings WHERE key = '{SigningKey.SettingName}';
            UPDATE users SET security_stamp = lower(hex(randomblob(16)));
            """);
    }

    /// <summary>Why a file could not be written, as a sentence.</summary>
    public static string DescribeFailure(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: Full } => "the disk is full.",
        IOException { HResult: 28 or 122 } => "the disk is full.",
        SqliteException { SqliteErrorCode: NotADatabase or OutOfMemory } => "the database does not open with this key.",
        SqliteException { SqliteErrorCode: CannotOpen } or UnauthorizedAccessException => "this user may not write there.",
        DirectoryNotFoundException => "there is no such folder.",
        _ => exception.Message.TrimEnd('.') + ".",
    };

    private static Result<BackupReport> OpenAndRead(string path, string passphrase, string displayName, Func<SqliteConnection, Result<BackupReport>> read)
    {
        try
        {
            using var connection = DatabaseCopy.Open(path, passphrase);
            return read(connection);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or OutOfMemory)
        {
            return new InvalidError("file", $"{displayName} does not open with this key, or is no backup of Catalogizer. Nothing was changed.");
        }
        catch (SqliteException exception)
        {
            return CreateDamagedError(displayName, exception.Message);
        }
    }

    private static Result<BackupReport> ReadNotes(SqliteConnection connection, string path)
    {
        using (var table = new Statement(connection, "SELECT 1 FROM sqlite_master WHERE name = 'backup_notes'"))
        {
            if (!table.Read())
            {
                return new InvalidError("file", $"{path} is no backup of Catalogizer. Nothing was changed.");
            }

            table.Reset();
        }

        var (madeAt, rows) = (0L, new Dictionary<string, long>(StringComparer.Ordinal));
        using var notes = new Statement(connection, $"SELECT name, value FROM backup_notes WHERE name <> '{JobsKey}'");
        while (notes.Read())
        {
            if (notes.Text(0) == MadeAtKey)
            {
                madeAt = notes.Int64(1);
            }
            else
            {
                rows[notes.Text(0)[RowCountPrefix.Length..]] = notes.Int64(1);
            }
        }

        return new BackupReport(path, new FileInfo(connection.DataSource).Length, DateTimeOffset.FromUnixTimeMilliseconds(madeAt), rows);
    }

    private static InvalidError CreateDamagedError(string path, string problem) =>
        new("file", string.Create(CultureInfo.InvariantCulture, $"{path} is damaged: {problem.TrimEnd('.')}. Nothing was changed."));

    private static void WriteNote(SqliteConnection connection, string name, object value) =>
        DatabaseCopy.Execute(connection, "INSERT INTO copy.backup_notes VALUES ($name, $value)", ("$name", name), ("$value", value));
}
