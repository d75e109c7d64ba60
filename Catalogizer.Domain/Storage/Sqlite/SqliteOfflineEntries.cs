using Catalogizer.Domain.Sources.Caching;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// The offline cache's entries in an encrypted file of their own, opened at the first use. A file that is damaged or has another key
/// is made anew: nothing in it is lost that sources cannot give again.
/// </summary>
internal sealed class SqliteOfflineEntries(string path, string passphrase) : IOfflineEntries, IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS entries (
          key TEXT PRIMARY KEY, source_id INTEGER NOT NULL, read_at INTEGER NOT NULL, used_at INTEGER NOT NULL, size INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS ix_entries_used_at ON entries (used_at);
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private SqliteFile? _file;
    private SqliteConnection? _connection;

    public Task<CachedContent?> FindAsync(string key, DateTimeOffset now, CancellationToken cancellation) => InTurnAsync<CachedContent?>(
        connection =>
        {
            using var find = Command(connection, "UPDATE entries SET used_at = $now WHERE key = $key RETURNING read_at, content", ("$key", key), ("$now", now.ToUnixTimeMilliseconds()));
            using var row = find.ExecuteReader();
            return row.Read() ? new CachedContent(row.GetFieldValue<byte[]>(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0))) : null;
        },
        cancellation);

    public Task<bool> KeepAsync(
        string key, long sourceId, CachedContent content, long maxBytes, IReadOnlyCollection<long> pinnedSources, CancellationToken cancellation) => InTurnAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            using (var forget = Command(connection, "DELETE FROM entries WHERE key = $key", ("$key", key)))
            {
                forget.ExecuteNonQuery();
            }

            if (!MakeRoom(connection, content.Bytes.Length, maxBytes, string.Join(',', pinnedSources)))
            {
                transaction.Rollback();
                return false;
            }

            using var keep = Command(
                connection,
                "INSERT INTO entries (key, source_id, read_at, used_at, size, content) VALUES ($key, $source, $at, $at, $size, $content)",
                ("$key", key),
                ("$source", sourceId),
                ("$at", content.AsOf.ToUnixTimeMilliseconds()),
                ("$size", content.Bytes.Length),
                ("$content", content.Bytes.ToArray()));
            keep.ExecuteNonQuery();
            transaction.Commit();
            return true;
        },
        cancellation);

    public Task<(long Entries, long Bytes)> SizeAsync(CancellationToken cancellation) => InTurnAsync(
        connection =>
        {
            using var size = Command(connection, "SELECT count(*), coalesce(sum(size), 0) FROM entries");
            using var row = size.ExecuteReader();
            row.Read();
            return (row.GetInt64(0), row.GetInt64(1));
        },
        cancellation);

    public void Dispose()
    {
        _connection?.Dispose();
        _file?.Dispose();
        _turn.Dispose();
    }

    /// <summary>Gives up the entries that were not used for longest, as many as it takes.</summary>
    private static bool MakeRoom(SqliteConnection connection, long wanted, long maxBytes, string pinned)
    {
        using var held = Command(connection, "SELECT coalesce(sum(size), 0) FROM entries");
        var over = (long)held.ExecuteScalar()! + wanted - maxBytes;
        if (over <= 0)
        {
            return true;
        }

        using var oldest = Command(connection, $"SELECT rowid, size FROM entries WHERE source_id NOT IN ({pinned}) ORDER BY used_at");
        var given = new List<long>();
        using (var row = oldest.ExecuteReader())
        {
            while (over > 0 && row.Read())
            {
                given.Add(row.GetInt64(0));
                over -= row.GetInt64(1);
            }
        }

        using var forget = Command(connection, $"DELETE FROM entries WHERE rowid IN ({string.Join(',', given)})");
        forget.ExecuteNonQuery();
        return over <= 0;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private async Task<T> InTurnAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => work(_connection ??= Open()), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    private KeyedSqliteConnection Open()
    {
        try
        {
            _file = SqliteFile.Open(path, passphrase);
        }
        catch (StartupException) when (File.Exists(path))
        {
            Array.ForEach([path, path + "-wal", path + "-shm", path + "-journal"], File.Delete);
            _file = SqliteFile.Open(path, passphrase);
        }

        var connection = _file.OpenConnection();
        SqlCipher.Execute(connection, "PRAGMA synchronous = NORMAL;" + Schema);
        return connection;
    }
}
