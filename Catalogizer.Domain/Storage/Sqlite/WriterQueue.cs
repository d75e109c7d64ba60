using System.Diagnostics;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Scanning;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// The one writer. Everything that writes to the catalogue takes its turn here, first come first served, so that nobody
/// meets a locked database and a person's edit waits for one short batch at most.
/// </summary>
public sealed class WriterQueue(SqliteFile file) : IDisposable
{
    private static readonly TimeSpan LongestBatch = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lazy<PatientThreads> _patient = new(() => new PatientThreads(1));
    private KeyedSqliteConnection? _connection;
    private int _waiting;
    private bool _closed;

    /// <summary>How many are waiting for their turn.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for the turn; dispose the answer to pass it on.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        CatalogizerMeter.WriterWait.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);

        return new Turn(_turn);
    }

    /// <summary>Runs one batch in a transaction of its own; it is undone when the batch throws.</summary>
    /// <param name="durable">
    /// Whether the batch must survive a power cut (what a person typed) or a rescan can rebuild it; what can be rebuilt also leaves the
    /// processor to whoever asks for a page.
    /// </param>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> batch, bool durable, CancellationToken cancellation)
    {
        using var turn = await EnterAsync(cancellation);
        return durable
            ? await Task.Run(() => RunNow(batch, durable), CancellationToken.None)
            : await _patient.Value.RunAsync(() => RunNow(batch, durable));
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

    /// <summary>Ends what was prepared on the writer's connection, once the batch that may be using it is over.</summary>
    public void Finish(IDisposable? prepared) => AfterBatch(() => prepared?.Dispose());

    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        AfterBatch(() => _connection?.Dispose());
        if (_patient.IsValueCreated)
        {
            _patient.Value.Dispose();
        }

        _turn.Dispose();
    }

    private void AfterBatch(Action end)
    {
        Interlocked.Increment(ref _waiting);
        var entered = _turn.Wait(LongestBatch);
        Interlocked.Decrement(ref _waiting);
        if (!entered)
        {
            return;     // rather lost than taken from under a batch, which would crash the process
        }

        try
        {
            end();
        }
        finally
        {
            _turn.Release();
        }
    }

    private T RunNow<T>(Func<SqliteConnection, T> batch, bool durable)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
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

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
