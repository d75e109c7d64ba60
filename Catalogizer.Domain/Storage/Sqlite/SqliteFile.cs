using Catalogizer.Domain.Common;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// One encrypted database file: its key, derived once, and the slots that limit it to 25 open connections.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    /// <summary>The brief's pool limit. SQLite's provider has no setting for it, so every connection needs a slot.</summary>
    public const int MaxConnections = 25;

    private const int ReadActivityMilliseconds = 1000;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _slots = new(MaxConnections);
    private readonly string _rawKey;
    private long _lastRead = -ReadActivityMilliseconds;

    private SqliteFile(string path, string rawKey, bool wasUncleanShutdown)
    {
        Path = path;
        WasUncleanShutdown = wasUncleanShutdown;
        _rawKey = rawKey;
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        ReadOnlyConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public string Path { get; }

    /// <summary>Whether an earlier process ended without closing the file: a kill, a crash, a power cut.</summary>
    public bool WasUncleanShutdown { get; }

    public string ConnectionString { get; }

    public string ReadOnlyConnectionString { get; }

    public int OpenConnections => MaxConnections - _slots.CurrentCount;

    /// <summary>Whether the file was read for a page or a request within the last second; scans then yield to readers.</summary>
    public bool IsBeingRead => Environment.TickCount64 - Volatile.Read(ref _lastRead) < ReadActivityMilliseconds;

    /// <summary>
    /// Held while the file is read or written past the WAL outside the writer queue: a check of its pages during a checkpoint would find
    /// half-written ones.
    /// </summary>
    internal Lock CheckpointLock { get; } = new();

    /// <summary>
    /// Held while a connection is opened or closed. The provider's pool mistakes a connection that another thread is just opening or closing for
    /// a leaked one, and hands it out twice (dotnet/efcore issue 39008).
    /// </summary>
    internal Lock PoolLock { get; } = new();

    /// <summary>Records a read for a page or a request.</summary>
    public void RecordRead() => Volatile.Write(ref _lastRead, Environment.TickCount64);

    /// <summary>Opens or creates the file and checks the key.</summary>
    /// <exception cref="StartupException">The library is missing, the key is wrong or the file cannot be opened.</exception>
    public static SqliteFile Open(string path, string passphrase)
    {
        SqlCipher.Load();
        var existed = File.Exists(path);
        var wasUncleanShutdown = File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;
        var rawKey = SqlCipher.DeriveRawKey(passphrase, path);
        SqlCipher.Verify(path, rawKey);
        if (!existed)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new SqliteFile(path, rawKey, wasUncleanShutdown);
    }

    public KeyedSqliteConnection CreateConnection(bool readOnly = false) => new(this, readOnly);

    public KeyedSqliteConnection OpenConnection(bool readOnly = false)
    {
        var connection = CreateConnection(readOnly);
        connection.Open();
        return connection;
    }

    internal void Configure(SqliteConnection connection) => SqlCipher.Configure(connection, _rawKey, "FULL");

    internal void AcquireSlot()
    {
        if (!_slots.Wait(MaxWait))
        {
            throw new TimeoutException($"No database connection became free within {MaxWait.TotalSeconds:0} seconds.");
        }
    }

    internal void ReleaseSlot() => _slots.Release();

    public void Dispose()
    {
        // Writable connections last: the last one to close copies the WAL into the file and deletes it.
        foreach (var connectionString in (ReadOnlySpan<string>)[ReadOnlyConnectionString, ConnectionString])
        {
            using var connection = new SqliteConnection(connectionString);
            lock (PoolLock)
            {
                SqliteConnection.ClearPool(connection);
            }
        }

        _slots.Dispose();
    }
}
