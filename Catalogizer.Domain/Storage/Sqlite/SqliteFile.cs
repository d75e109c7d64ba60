using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// One encrypted database file: its key, derived once, and the gate that keeps at most 25 connections open to it.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    /// <summary>The brief's pool limit. SQLite's provider has no knob for it, so every connection passes this gate.</summary>
    public const int MaxConnections = 25;

    private const int ReadingLasts = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _gate = new(MaxConnections);
    private readonly string _rawKey;
    private long _lastRead = -ReadingLasts;

    private SqliteFile(string path, string rawKey, bool wasLeftOpen)
    {
        Path = path;
        WasLeftOpen = wasLeftOpen;
        _rawKey = rawKey;
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        ReadOnlyConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public string Path { get; }

    /// <summary>Whether an earlier process ended without closing the file: a kill, a crash, a power cut.</summary>
    public bool WasLeftOpen { get; }

    public string ConnectionString { get; }

    public string ReadOnlyConnectionString { get; }

    /// <summary>Connections open now.</summary>
    public int OpenConnections => MaxConnections - _gate.CurrentCount;

    /// <summary>Whether somebody read for a page within the last second; then a scan leaves them room.</summary>
    public bool IsBeingRead => Environment.TickCount64 - Volatile.Read(ref _lastRead) < ReadingLasts;

    /// <summary>
    /// Held while the file is read or written past the WAL outside the writer's turn: a check of its pages that meets a checkpoint would find
    /// half-written ones.
    /// </summary>
    internal Lock Checkpointing { get; } = new();

    /// <summary>
    /// Held while a connection is opened or closed. The provider's pool takes one for lost that another thread is just opening or closing,
    /// and lends it twice (dotnet/efcore issue 39008).
    /// </summary>
    internal Lock Pool { get; } = new();

    /// <summary>Notes a read for a page or a request.</summary>
    public void NoteRead() => Volatile.Write(ref _lastRead, Environment.TickCount64);

    /// <summary>Opens or makes the file and sees that the key fits.</summary>
    /// <exception cref="StartupException">The library is missing, the key is wrong or the file cannot be opened.</exception>
    public static SqliteFile Open(string path, string passphrase)
    {
        SqlCipher.Load();
        var existed = File.Exists(path);
        var wasLeftOpen = File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;
        var rawKey = SqlCipher.DeriveRawKey(passphrase, path);
        SqlCipher.Check(path, rawKey);
        if (!existed)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new SqliteFile(path, rawKey, wasLeftOpen);
    }

    public KeyedSqliteConnection CreateConnection(bool readOnly = false) => new(this, readOnly);

    public KeyedSqliteConnection OpenConnection(bool readOnly = false)
    {
        var connection = CreateConnection(readOnly);
        connection.Open();
        return connection;
    }

    internal void SetUp(SqliteConnection connection) => SqlCipher.SetUp(connection, _rawKey, "FULL");

    internal void Enter()
    {
        if (!_gate.Wait(LongestWait))
        {
            throw new TimeoutException($"No database connection became free within {LongestWait.TotalSeconds:0} seconds.");
        }
    }

    internal void Leave() => _gate.Release();

    public void Dispose()
    {
        // Those that may write go last: the last to close copies the WAL into the file and removes it.
        foreach (var connectionString in (ReadOnlySpan<string>)[ReadOnlyConnectionString, ConnectionString])
        {
            using var connection = new SqliteConnection(connectionString);
            lock (Pool)
            {
                SqliteConnection.ClearPool(connection);
            }
        }

        _gate.Dispose();
    }
}
