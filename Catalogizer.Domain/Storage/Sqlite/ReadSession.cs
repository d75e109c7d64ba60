using System.Collections.Concurrent;
using System.Globalization;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>A read-only connection with its prepared statements, used by one read at a time.</summary>
internal sealed class ReadSession : IDisposable
{
    public const int SmallCacheKiB = 16 * 1024;
    public const int LargeCacheKiB = 96 * 1024;

    private readonly Dictionary<string, Stack<Statement>> _idleStatements = new(StringComparer.Ordinal);
    private readonly KeyedSqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _dataVersion;

    /// <param name="cacheKiB">Maximum memory for cached pages of the file, in KiB.</param>
    public ReadSession(SqliteFile file, int cacheKiB = SmallCacheKiB)
    {
        CacheKiB = cacheKiB;
        _connection = file.OpenConnection(readOnly: true);
        SqlCipher.Execute(_connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{cacheKiB}"));
        _begin = new Statement(_connection, "BEGIN");
        _commit = new Statement(_connection, "COMMIT");
        _dataVersion = new Statement(_connection, "PRAGMA data_version");
    }

    public int CacheKiB { get; }

    /// <summary>A number that changes when another connection has committed since the last call.</summary>
    public long ReadDataVersion()
    {
        _dataVersion.Read();
        var dataVersion = _dataVersion.Int64(0);
        _dataVersion.Reset();
        return dataVersion;
    }

    /// <summary>The data version at the session's last read.</summary>
    public long LastDataVersion { get; set; } = -1;

    /// <summary>The SQL of the statements that stay prepared.</summary>
    public IEnumerable<string> PreparedSql => _idleStatements.Keys;

    public void Begin() => _begin.Run();

    public void End() => _commit.Run();

    /// <summary>Returns a statement that stays prepared for later reads, so use it only for a small number of different texts.</summary>
    public Statement Prepare(string sql)
    {
        if (!_idleStatements.TryGetValue(sql, out var idle))
        {
            _idleStatements.Add(sql, idle = new Stack<Statement>());
        }

        return idle.TryPop(out var statement) ? statement : new Statement(_connection, sql, idle);
    }

    public void Dispose()
    {
        foreach (var statement in _idleStatements.Values.SelectMany(ready => ready))
        {
            statement.Release();
        }

        _begin.Dispose();
        _commit.Dispose();
        _dataVersion.Dispose();

        // A failed read leaves its transaction open, and the connection returns to the provider's pool.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            SqlCipher.Execute(_connection, "ROLLBACK");
        }

        // The provider's pool keeps the connection open, but its cached pages are no longer needed.
        SqlCipher.Execute(_connection, "PRAGMA shrink_memory");
        _connection.Dispose();
    }
}

/// <summary>
/// The idle sessions. A read needs no new connection and no preparation; only a few sessions are kept, since each caches pages of the file in
/// memory. One has room for all items of a million files and is used whenever it is idle: a page anywhere in the library then costs hardly
/// more than the first one, and the memory is used only once.
/// </summary>
internal sealed class ReadSessionPool(SqliteFile file) : IDisposable
{
    private const int MaxIdle = 4;

    private readonly ConcurrentStack<ReadSession> _idle = [];
    private ReadSession? _large;
    private bool _hasLarge;
    private long _version;
    private volatile bool _isClosed;

    /// <summary>Runs a read in one snapshot, so that counts and rows agree.</summary>
    /// <param name="read">Its second argument is the version of the catalogue: results are valid as long as it is the same.</param>
    public T Read<T>(Func<ReadSession, long, T> read)
    {
        var session = Rent();
        var isHealthy = false;
        try
        {
            session.Begin();
            var answer = read(session, UpdateVersion(session));
            session.End();

            // What was just cached may come from a snapshot that others have already passed; reading the version again invalidates it.
            UpdateVersion(session);
            isHealthy = true;
            return answer;
        }
        finally
        {
            Return(session, isHealthy);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        Interlocked.Exchange(ref _large, null)?.Dispose();
        while (_idle.TryPop(out var session))
        {
            session.Dispose();
        }
    }

    private ReadSession Rent() =>
        Interlocked.Exchange(ref _large, null)
        ?? (!Interlocked.Exchange(ref _hasLarge, true) ? new ReadSession(file, ReadSession.LargeCacheKiB) : _idle.TryPop(out var idle) ? idle : new ReadSession(file));

    private long UpdateVersion(ReadSession session)
    {
        var dataVersion = session.ReadDataVersion();
        if (dataVersion == session.LastDataVersion)
        {
            return Interlocked.Read(ref _version);
        }

        session.LastDataVersion = dataVersion;
        return Interlocked.Increment(ref _version);
    }

    /// <summary>Closes a session whose read failed, because its state is unknown.</summary>
    private void Return(ReadSession session, bool isHealthy)
    {
        if (!isHealthy || _isClosed || (session.CacheKiB != ReadSession.LargeCacheKiB && _idle.Count >= MaxIdle))
        {
            session.Dispose();
            if (session.CacheKiB == ReadSession.LargeCacheKiB)
            {
                Volatile.Write(ref _hasLarge, false);
            }
        }
        else if (session.CacheKiB == ReadSession.LargeCacheKiB)
        {
            Volatile.Write(ref _large, session);
        }
        else
        {
            _idle.Push(session);
        }
    }
}
