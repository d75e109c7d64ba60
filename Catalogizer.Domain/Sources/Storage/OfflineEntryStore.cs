using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Sources.Storage;

/// <summary>
/// Stores the offline cache's entries in a separate encrypted file, opened at the first use. A file that is damaged or has another key is
/// recreated: the sources can supply its content again.
/// </summary>
internal sealed class OfflineEntryStore(string path, string passphrase) : IOfflineEntryStore, IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS entries (
          key TEXT PRIMARY KEY, source_id INTEGER NOT NULL, read_at INTEGER NOT NULL, used_at INTEGER NOT NULL, size INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS ix_entries_used_at ON entries (used_at);
        """;

    private readonly SemaphoreSlim _lock = new(1);
    private SqliteFile? _file;
    private SqliteConnection? _connection;

    public Task<CachedContent?> FindAsync(string key, DateTimeOffset now, CancellationToken cancellation) => WithLockAsync<CachedContent?>(
        connection =>
        {
            using var find = CreateCommand(connection, "UPDATE entries SET used_at = $now WHERE key = $key RETURNING read_at, content", ("$key", key), ("$now", now.ToUnixTimeMilliseconds()));
            using var row = find.ExecuteReader();
            return row.Read() ? new CachedContent(row.GetFieldValue<byte[]>(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0))) : null;
        },
        cancellation);

    public Task<bool> SaveAsync(
        string key, long sourceId, CachedContent content, long maxBytes, IReadOnlyCollection<long> pinnedSources, CancellationToken cancellation) => WithLockAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            using (var delete = CreateCommand(connection, "DELETE FROM entries WHERE key = $key", ("$key", key)))
            {
                delete.ExecuteNonQuery();
            }

            if (!EvictAsNeeded(connection, content.Bytes.Length, maxBytes, string.Join(',', pinnedSources)))
            {
                transaction.Rollback();
                return false;
            }

            using var insert = CreateCommand(
                connection,
                "INSERT INTO entries (key, source_id, read_at, used_at, size, content) VALUES ($key, $source, $at, $at, $size, $content)",
                ("$key", key),
                ("$source", sourceId),
                ("$at", content.AsOf.ToUnixTimeMilliseconds()),
                ("$size", content.Bytes.Length),
                ("$content", content.Bytes.ToArray()));
            insert.ExecuteNonQuery();
            transaction.Commit();
            return true;
        },
        cancellation);

    public Task<(long Entries, long Bytes)> GetSizeAsync(CancellationToken cancellation) => WithLockAsync(
        connection =>
        {
            using var size = CreateCommand(connection, "SELECT count(*), coalesce(sum(size), 0) FROM entries");
            using var row = size.ExecuteReader();
            row.Read();
            return (row.GetInt64(0), row.GetInt64(1));
        },
        cancellation);

    public void Dispose()
    {
        _connection?.Dispose();
        _file?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Evicts the least recently used entries of unpinned sources, as many as necessary; false when that is not enough.</summary>
    private static bool EvictAsNeeded(SqliteConnection connection, long needed, long maxBytes, string pinned)
    {
        using var totalSize = CreateCommand(connection, "SELECT coalesce(sum(size), 0) FROM entries");
        var excess = (long)totalSize.ExecuteScalar()! + needed - maxBytes;
        if (excess <= 0)
        {
            return true;
        }

        using var oldest = CreateCommand(connection, $"SELECT rowid, size FROM entries WHERE source_id NOT IN ({pinned}) ORDER BY used_at");
        var evicted = new List<long>();
        using (var row = oldest.ExecuteReader())
        {
            while (excess > 0 && row.Read())
            {
                evicted.Add(row.GetInt64(0));
                excess -= row.GetInt64(1);
            }
        }

        using var delete = CreateCommand(connection, $"DELETE FROM entries WHERE rowid IN ({string.Join(',', evicted)})");
        delete.ExecuteNonQuery();
        return excess <= 0;
    }

    private static SqliteCommand CreateCommand(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private async Task<T> WithLockAsync<T>(Func<SqliteConnection, T> action, CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => action(_connection ??= Open()), CancellationToken.None);
        }
        finally
        {
            _lock.Release();
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
