using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Sources.Smb.Samba;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>
/// Reaches file servers: a worker for each, started when it is needed and ended when it is idle or when a call outlasts its
/// limit. A call that fails costs that call; the next one starts what it needs.
/// </summary>
internal sealed partial class ResilientSmbManager : IDisposable
{
    /// <summary>Workers at a time that only trials use. One more ends the one that was idle longest.</summary>
    internal const int MostTrialWorkers = SourceTrials.MostAtATime;

    private const int MostConnections = 4;
    private const int ListFactor = 3;

    private readonly Dictionary<(string Host, int Port), SmbWorkerProcess> _workers = [];
    private readonly SemaphoreSlim _starting = new(1);
    private readonly SmbOptions _options;
    private readonly SmbPasswords _passwords;
    private readonly TimeProvider _time;
    private readonly ILogger<ResilientSmbManager> _logger;
    private readonly ITimer _sweep;
    private bool _ended;

    public ResilientSmbManager(IOptions<SmbOptions> options, SmbPasswords passwords, TimeProvider time, ILogger<ResilientSmbManager> logger)
    {
        (_options, _passwords, _time, _logger) = (options.Value, passwords, time, logger);
        _sweep = time.CreateTimer(_ => EndIdle(), null, Idle / 4, Idle / 4);
    }

    /// <summary>How long a connection or a worker is kept that nobody uses.</summary>
    public static TimeSpan Idle { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The name of Samba's library.</summary>
    internal string Library { get; set; } = SambaLibrary.FileName;

    /// <summary>The assembly that is started as a worker: the program that this one is.</summary>
    internal string Program { get; set; } = Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    /// <summary>The processes that run now.</summary>
    internal IReadOnlyList<int> WorkerIds
    {
        get
        {
            lock (_workers)
            {
                return [.. _workers.Values.Where(w => !w.HasEnded).Select(w => w.Id)];
            }
        }
    }

    /// <summary>Asks the file server something. Who gives up waiting does not end the call; the time limit does.</summary>
    /// <exception cref="SmbException"/>
    public async Task<T> CallAsync<T>(SmbLogin login, SmbUse use, Func<SmbConnection, Task<T>> call, CancellationToken cancellation) =>
        await CallOnceAsync(login, use, call, cancellation).WaitAsync(cancellation);

    /// <summary>Opens a file on a connection that is kept for it.</summary>
    /// <exception cref="SmbException"/>
    public async Task<SmbFile> OpenAsync(SmbLogin login, string path, CancellationToken cancellation)
    {
        var connection = await TakeAsync(login, SmbUse.Read, cancellation);
        try
        {
            var (file, size, modifiedAt) = await RunAsync(connection, c => c.OpenAsync(path), cancellation);
            return new SmbFile(this, connection, file, size, modifiedAt);
        }
        catch
        {
            Return(connection);
            throw;
        }
    }

    /// <summary>Tells what happens in a folder and below, the first time when the watch stands; ends when more happened than the server could tell.</summary>
    /// <exception cref="SmbException"/>
    public async IAsyncEnumerable<IReadOnlyList<(byte Action, string Path)>> WatchAsync(SmbLogin login, string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var connection = await TakeAsync(login, SmbUse.Watch, cancellation);
        try
        {
            await RunAsync(connection, async c => await Begin(c), cancellation);
            while (await connection.NextChangesAsync().WaitAsync(cancellation) is { } changes)
            {
                yield return changes;
            }
        }
        finally
        {
            connection.Break(new SmbException(SmbTrouble.Dropped));
            Return(connection);
        }

        async Task<bool> Begin(SmbConnection c)
        {
            await c.WatchAsync(folder);
            return true;
        }
    }

    /// <summary>Ends the connections to a file server that nobody uses.</summary>
    public void EndIdle(SmbLogin login)
    {
        if (Find(login) is { } worker)
        {
            BreakIdle(worker, TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        SmbWorkerProcess[] workers;
        lock (_workers)
        {
            _ended = true;
            workers = [.. _workers.Values];
            _workers.Clear();
        }

        Array.ForEach(workers, w => w.Dispose());
        _starting.Dispose();
    }

    /// <summary>One call on a connection, when its turn has come.</summary>
    internal async Task<T> RunAsync<T>(SmbConnection connection, Func<SmbConnection, Task<T>> call, CancellationToken cancellation)
    {
        await connection.Turn.WaitAsync(cancellation);
        try
        {
            if (connection.End is { } end)
            {
                throw new SmbException(end.Trouble is SmbTrouble.TimedOut or SmbTrouble.Other ? SmbTrouble.Dropped : end.Trouble);
            }

            if (!connection.IsConnected)
            {
                await ConnectAsync(connection);
            }

            return await LimitAsync(connection, _options.AnswerLimit * (connection.Use == SmbUse.List ? ListFactor : 1), call);
        }
        catch (SmbException exception) when (exception.Trouble is SmbTrouble.Dropped or SmbTrouble.TimedOut or SmbTrouble.NoAnswer or SmbTrouble.Other)
        {
            connection.Break(exception);    // the library does not come back from every trouble on the same connection
            throw;
        }
        catch (Exception exception) when (exception is not SmbException)
        {
            connection.Break(new SmbException(SmbTrouble.Other));    // what was asked and what is answered may no longer belong together
            throw;
        }
        finally
        {
            connection.UsedAt = _time.GetTimestamp();
            connection.Turn.Release();
        }
    }

    internal static void Return(SmbConnection connection)
    {
        lock (connection.Worker.Connections)
        {
            connection.Load--;
            if (connection.End is not null)
            {
                connection.Worker.Connections.Remove(connection);
            }
        }
    }

    private async Task<T> CallOnceAsync<T>(SmbLogin login, SmbUse use, Func<SmbConnection, Task<T>> call, CancellationToken cancellation)
    {
        for (var again = false; ; again = true)
        {
            var connection = await TakeAsync(login, use, cancellation);
            var wasConnected = connection.IsConnected;
            try
            {
                return await RunAsync(connection, call, cancellation);
            }
            catch (SmbException exception) when (exception is { Trouble: SmbTrouble.Dropped, Error: not 0 } && wasConnected && !again)
            {
                // Servers hang up on those who were silent for long, and take them back; the others that were silent are no better.
                BreakIdle(connection.Worker, TimeSpan.Zero);
            }
            finally
            {
                Return(connection);
            }
        }
    }

    /// <summary>The connection that has the least to do, or a new one as long as there are few.</summary>
    private async Task<SmbConnection> TakeAsync(SmbLogin login, SmbUse use, CancellationToken cancellation)
    {
        var worker = await WorkerAsync(login, cancellation);
        lock (worker.Connections)
        {
            var fit = use == SmbUse.Watch ? [] : worker.Connections.FindAll(c => c.Login == login && c.Use == use && c.End is null);
            var connection = fit.MinBy(c => c.Load);
            if (connection is null || (connection.Load > 0 && fit.Count < MostConnections))
            {
                connection = new SmbConnection(worker, login, use);
                worker.Connections.Add(connection);
            }

            connection.Load++;
            connection.UsedAt = worker.UsedAt = _time.GetTimestamp();
            return connection;
        }
    }

    private async Task ConnectAsync(SmbConnection connection)
    {
        try
        {
            await LimitAsync(connection, _options.AnswerLimit, async c =>
            {
                // The library waits up to four times its own limit.
                await c.ConnectAsync(_passwords, _options.AnswerLimit / 4);
                return true;
            });
        }
        catch (SmbException exception)
        {
            connection.Break(exception);
            throw;
        }
    }

    private async Task<T> LimitAsync<T>(SmbConnection connection, TimeSpan limit, Func<SmbConnection, Task<T>> call)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var end = late.Token.UnsafeRegister(_ => End(connection.Worker), null);
        try
        {
            return await call(connection);
        }
        catch (SmbException) when (late.IsCancellationRequested)
        {
            WorkerHung(_logger, connection.Login.Host, limit.TotalSeconds);
            throw new SmbException(SmbTrouble.TimedOut);
        }
    }

    private async Task<SmbWorkerProcess> WorkerAsync(SmbLogin login, CancellationToken cancellation)
    {
        if (Find(login) is { } running)
        {
            running.IsForTrials &= login.IsTrial;
            return running;
        }

        // A server that is not there costs no process; and only here can be told apart whether its name or it itself is missing.
        await ProbeAsync(login, cancellation);
        await _starting.WaitAsync(cancellation);
        try
        {
            if (Find(login) is { } started)
            {
                started.IsForTrials &= login.IsTrial;
                return started;
            }

            if (login.IsTrial)
            {
                MakeRoomForTrial();
            }

            var worker = await SmbWorkerProcess.StartAsync(Program, Library, _options.RequireSigning);
            (worker.UsedAt, worker.IsForTrials) = (_time.GetTimestamp(), login.IsTrial);
            lock (_workers)
            {
                if (!_ended)
                {
                    return _workers[(login.Host, login.Port)] = worker;
                }
            }

            worker.Dispose();
            throw new SmbException(SmbTrouble.Dropped);
        }
        finally
        {
            _starting.Release();
        }
    }

    private void MakeRoomForTrial()
    {
        List<SmbWorkerProcess> trials;
        lock (_workers)
        {
            trials = [.. _workers.Values.Where(w => w.IsForTrials && !w.HasEnded)];
        }

        trials.OrderBy(IsBusy).ThenBy(w => w.UsedAt).Take(trials.Count - MostTrialWorkers + 1).ToList().ForEach(End);
    }

    private static bool IsBusy(SmbWorkerProcess worker)
    {
        lock (worker.Connections)
        {
            return worker.Connections.Exists(c => c.Load > 0);
        }
    }

    private SmbWorkerProcess? Find(SmbLogin login)
    {
        SmbWorkerProcess? worker;
        lock (_workers)
        {
            worker = _workers.GetValueOrDefault((login.Host, login.Port));
        }

        if (worker is { HasEnded: true })
        {
            End(worker);
            return null;
        }

        return worker;
    }

    private async Task ProbeAsync(SmbLogin login, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_options.AnswerLimit / 4, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(login.Host, login.Port, either.Token);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new SmbException(SmbTrouble.NoSuchHost);
        }
        catch (SocketException exception)
        {
            throw new SmbException(SmbTrouble.NoAnswer, exception.NativeErrorCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SmbException(SmbTrouble.TimedOut);
        }
    }

    private void End(SmbWorkerProcess worker)
    {
        lock (_workers)
        {
            foreach (var key in _workers.Where(w => w.Value == worker).Select(w => w.Key).ToList())
            {
                _workers.Remove(key);
            }
        }

        worker.Dispose();
    }

    private void EndIdle()
    {
        SmbWorkerProcess[] workers;
        lock (_workers)
        {
            workers = [.. _workers.Values];
        }

        foreach (var worker in workers)
        {
            if (BreakIdle(worker, Idle) == 0 && _time.GetElapsedTime(worker.UsedAt) >= Idle)
            {
                End(worker);
            }
        }
    }

    /// <summary>Ends the connections that nobody uses; answers how many are left.</summary>
    private int BreakIdle(SmbWorkerProcess worker, TimeSpan since)
    {
        lock (worker.Connections)
        {
            foreach (var idle in worker.Connections.FindAll(c => c.Load == 0 && _time.GetElapsedTime(c.UsedAt) >= since))
            {
                idle.Break(new SmbException(SmbTrouble.Dropped));
                worker.Connections.Remove(idle);
            }

            return worker.Connections.Count;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file server {host} did not answer within {seconds} seconds; its worker was ended, and the next call starts another")]
    private static partial void WorkerHung(ILogger logger, string host, double seconds);
}

/// <summary>A file that is open on a file server.</summary>
internal sealed class SmbFile(ResilientSmbManager manager, SmbConnection connection, int file, long size, long modifiedAt) : IAsyncDisposable
{
    public long Size => size;

    public long ModifiedAt => modifiedAt;

    /// <exception cref="SmbException"/>
    public Task<int> ReadAsync(long at, Memory<byte> into) => manager.RunAsync(connection, c => c.ReadAsync(file, at, into), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await manager.RunAsync(connection, c => c.CloseAsync(file), CancellationToken.None);
        }
        catch (SmbException)
        {
            // It ended with its connection.
        }
        finally
        {
            ResilientSmbManager.Return(connection);
        }
    }
}
