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

    /// <param name="cacheKiB">The most memory for pages of the file.</param>
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

    /// <summary>A number that differs from the last answer when somebody else has committed since.</summary>
    public long ReadDataVersion()
    {
        _dataVersion.Read();
        var dataVersion = _dataVersion.Int64(0);
        _dataVersion.Reset();
        return dataVersion;
    }

    /// <summary>The change that the session last looked at.</summary>
    public long LastDataVersion { get; set; } = -1;

    /// <summary>The texts of the statements that stay prepared.</summary>
    public IEnumerable<string> PreparedSql => _idleStatements.Keys;

    public void Begin() => _begin.Run();

    public void End() => _commit.Run();

    /// <summary>A statement whose text is one of a few; it stays prepared for the next read.</summary>
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

        // A read that failed leaves its transaction open, and the connection goes back to the provider's pool.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            SqlCipher.Execute(_connection, "ROLLBACK");
        }

        // The provider's pool keeps the connection, but it need not keep the pages it has read.
        SqlCipher.Execute(_connection, "PRAGMA shrink_memory");
        _connection.Dispose();
    }
}

/// <summary>
/// The sessions that wait for their next read. A read costs no connection and no preparing; a few sessions are kept, since
/// each holds pages of the file in memory. One has room for all works of a million files, and whoever finds it idle takes it:
/// a page that lies anywhere then costs hardly more than the first one, and memory is spent once.
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
    /// <param name="read">Its second argument is the version of the catalogue: what was read under it is true as long as it is the same.</param>
    public T Read<T>(Func<ReadSession, long, T> read)
    {
        var session = Rent();
        var isHealthy = false;
        try
        {
            session.Begin();
            var answer = read(session, UpdateVersion(session));
            session.End();

            // What was just remembered may be of a snapshot that others are already past: looking again makes it void.
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

    /// <summary>A session whose read failed is closed: nobody knows in what state it is.</summary>
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
