using System.Diagnostics;
using Catalogizer.Domain.Common;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// The single writer. All writes to the catalogue run here one after the other, first come, first served, so that none meets a locked
/// database and a user's edit waits for at most one short batch.
/// </summary>
public sealed class WriterQueue(SqliteFile file) : IDisposable
{
    private static readonly TimeSpan MaxBatchTime = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _lock = new(1);
    private readonly Lazy<LowPriorityTaskScheduler> _lowPriority = new(() => new LowPriorityTaskScheduler(1));
    private KeyedSqliteConnection? _connection;
    private int _waitingCount;
    private bool _isClosed;

    /// <summary>Number of writes that are waiting.</summary>
    public int WaitingCount => Volatile.Read(ref _waitingCount);

    /// <summary>Waits for exclusive write access; dispose the result to release it.</summary>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellation)
    {
        var startedAt = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _waitingCount);
        try
        {
            await _lock.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingCount);
        }

        CatalogizerMeter.WriterWait.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);

        return new Lease(_lock);
    }

    /// <summary>Runs one batch in a separate transaction, which is rolled back when the batch throws.</summary>
    /// <param name="durable">
    /// Whether the batch must survive a power cut, as what a user typed must. Otherwise a rescan can rebuild it, and it runs with low priority,
    /// so that page requests get the processor.
    /// </param>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> batch, bool durable, CancellationToken cancellation)
    {
        using var lease = await AcquireAsync(cancellation);
        return durable
            ? await Task.Run(() => RunBatch(batch, durable), CancellationToken.None)
            : await _lowPriority.Value.RunAsync(() => RunBatch(batch, durable));
    }

    public Task RunAsync(Action<SqliteConnection> batch, bool durable, CancellationToken cancellation) =>
        RunAsync(
            connection =>
            {
                batch(connection);
                return true;
            },
            durable,
            cancellation);

    /// <summary>Disposes of what was prepared on the writer's connection, once the batch that may be using it has ended.</summary>
    public void DisposeAfterBatch(IDisposable? prepared) => RunAfterBatch(() => prepared?.Dispose());

    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        RunAfterBatch(() => _connection?.Dispose());
        if (_lowPriority.IsValueCreated)
        {
            _lowPriority.Value.Dispose();
        }

        _lock.Dispose();
    }

    private void RunAfterBatch(Action end)
    {
        Interlocked.Increment(ref _waitingCount);
        var entered = _lock.Wait(MaxBatchTime);
        Interlocked.Decrement(ref _waitingCount);
        if (!entered)
        {
            return;     // leaked on purpose: disposing of it during a batch would crash the process
        }

        try
        {
            end();
        }
        finally
        {
            _lock.Release();
        }
    }

    private T RunBatch<T>(Func<SqliteConnection, T> batch, bool durable)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _connection ??= file.OpenConnection();
        SqlCipher.Execute(_connection, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        SqlCipher.Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            var answer = batch(_connection);
            SqlCipher.Execute(_connection, "COMMIT");
            return answer;
        }
        catch
        {
            RollBack(_connection);
            throw;
        }
    }

    private static void RollBack(SqliteConnection connection)
    {
        try
        {
            SqlCipher.Execute(connection, "ROLLBACK");
        }
        catch (SqliteException exception)
        {
            // SQLite rolls a transaction back itself when the disk is full.
            Debug.WriteLine(exception.Message);
        }
    }

    private sealed class Lease(SemaphoreSlim semaphore) : IDisposable
    {
        private SemaphoreSlim? _lock = semaphore;

        public void Dispose() => Interlocked.Exchange(ref _lock, null)?.Release();
    }
}
