using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Tests.Storage;

public sealed class WriterQueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFile _file;
    private readonly WriterQueue _writer;

    public WriterQueueTests()
    {
        _file = SqliteFile.Open(_folder.PathOf("catalogizer.db"), "a key");
        _writer = new WriterQueue(_file);
    }

    [Fact]
    public async Task Run_BatchThrows_UndoesItAndGoesOn()
    {
        await CreateTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _writer.RunAsync(
            connection =>
            {
                Add(connection, 1);
                throw new InvalidOperationException("half way");
            },
            durable: true,
            CancellationToken.None));
        await _writer.RunAsync(connection => Add(connection, 2), durable: false, CancellationToken.None);

        Assert.Equal([2], await ReadAllAsync());
    }

    [Fact]
    public async Task Run_ManyAsk_TakeTurnsInTheOrderTheyCame()
    {
        await CreateTableAsync();
        var lease = await _writer.AcquireAsync(CancellationToken.None);
        var batches = Enumerable.Range(1, 20).Select(i => _writer.RunAsync(connection => Add(connection, i), durable: false, CancellationToken.None)).ToList();
        Assert.Equal(20, _writer.WaitingCount);

        lease.Dispose();
        lease.Dispose();     // a lease is released only once
        await Task.WhenAll(batches);

        Assert.Equal(Enumerable.Range(1, 20), await ReadAllAsync());
        Assert.Equal(0, _writer.WaitingCount);
    }

    [Fact]
    public async Task Acquire_CancelledWhileWaiting_LetsTheNextOneIn()
    {
        await CreateTableAsync();
        var lease = await _writer.AcquireAsync(CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var given = _writer.AcquireAsync(cancel.Token);
        var queued = _writer.RunAsync(connection => Add(connection, 1), durable: false, CancellationToken.None);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        lease.Dispose();
        await queued;

        Assert.Equal([1], await ReadAllAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_BatchIsRunning_ItEndsFirst(bool withItsStatement)
    {
        await CreateTableAsync();
        Statement? add = null;
        using var started = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var batch = _writer.RunAsync(
            connection =>
            {
                add = new Statement(connection, "INSERT INTO things (id) VALUES (?1)");
                started.Set();
                go.Wait();
                add.Bind(1, 7L).Run();
            },
            durable: true,
            CancellationToken.None);
        started.Wait();

        var closing = Task.Run(() =>
        {
            if (withItsStatement)
            {
                _writer.DisposeAfterBatch(add);
            }

            _writer.Dispose();
        });
        Assert.True(SpinWait.SpinUntil(() => _writer.WaitingCount == 1, TimeSpan.FromSeconds(30)));
        go.Set();
        await Task.WhenAll(batch, closing);

        using var connection = _file.OpenConnection(readOnly: true);
        using var things = new Statement(connection, "SELECT id FROM things");
        Assert.True(things.Read());
        Assert.Equal(7, things.Int32(0));
    }

    [Fact]
    public async Task Statement_AfterItsEnd_IsRefused()
    {
        await CreateTableAsync();
        using var connection = _file.OpenConnection();
        var add = new Statement(connection, "INSERT INTO things (id) VALUES (?1)");

        add.Release();

        Assert.Equal(21, Assert.Throws<SqliteException>(() => add.Bind(1, 7L)).SqliteErrorCode);
        Assert.Equal(21, Assert.Throws<SqliteException>(add.Run).SqliteErrorCode);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    private static void Add(SqliteConnection connection, int id) => SqlCipher.Execute(connection, $"INSERT INTO things (id) VALUES ({id})");

    private Task CreateTableAsync() => _writer.RunAsync(connection => SqlCipher.Execute(connection, "CREATE TABLE things (at INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER)"), durable: true, CancellationToken.None);

    private Task<List<int>> ReadAllAsync() => _writer.RunAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id FROM things ORDER BY at";
            using var reader = command.ExecuteReader();
            var ids = new List<int>();
            while (reader.Read())
            {
                ids.Add(reader.GetInt32(0));
            }

            return ids;
        },
        durable: false,
        CancellationToken.None);
}
