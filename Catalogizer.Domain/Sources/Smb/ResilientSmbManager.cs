using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Sources.Smb.Samba;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>
/// Calls file servers through one worker process each, started on demand and ended when it is idle or when a call exceeds its time
/// limit. A failed call does not affect later ones: the next call starts whatever it needs.
/// </summary>
internal sealed partial class ResilientSmbManager : IDisposable
{
    /// <summary>Maximum number of workers used only for probes. Starting one more ends the one that was idle longest.</summary>
    internal const int MaxProbeWorkers = SourceProbe.MaxConcurrent;

    private const int MaxConnections = 4;
    private const int ListTimeoutFactor = 3;

    private readonly Dictionary<(string Host, int Port), SmbWorkerProcess> _workers = [];
    private readonly SemaphoreSlim _startLock = new(1);
    private readonly SmbOptions _options;
    private readonly SmbPasswords _passwords;
    private readonly TimeProvider _time;
    private readonly ILogger<ResilientSmbManager> _logger;
    private readonly ITimer _sweepTimer;
    private bool _isDisposed;

    public ResilientSmbManager(IOptions<SmbOptions> options, SmbPasswords passwords, TimeProvider time, ILogger<ResilientSmbManager> logger)
    {
        (_options, _passwords, _time, _logger) = (options.Value, passwords, time, logger);
        _sweepTimer = time.CreateTimer(_ => EndIdle(), null, IdleTimeout / 4, IdleTimeout / 4);
    }

    /// <summary>How long an unused connection or worker stays open.</summary>
    public static TimeSpan IdleTimeout { get; } = TimeSpan.FromMinutes(1);

    /// <summary>File name of Samba's client library.</summary>
    internal string LibraryName { get; set; } = SambaLibrary.FileName;

    /// <summary>The assembly that is started as a worker: Catalogizer itself.</summary>
    internal string ProgramPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    /// <summary>Process ids of the running workers.</summary>
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

    /// <summary>Runs a call on a file server. <paramref name="cancellation"/> only stops the waiting for it; the time limit ends the call.</summary>
    /// <exception cref="SmbException"/>
    public async Task<T> CallAsync<T>(SmbLogin login, SmbConnectionPurpose purpose, Func<SmbConnection, Task<T>> call, CancellationToken cancellation) =>
        await CallWithRetryAsync(login, purpose, call, cancellation).WaitAsync(cancellation);

    /// <summary>Opens a file and reserves a connection for it.</summary>
    /// <exception cref="SmbException"/>
    public async Task<SmbFile> OpenAsync(SmbLogin login, string path, CancellationToken cancellation)
    {
        var connection = await AcquireConnectionAsync(login, SmbConnectionPurpose.Read, cancellation);
        try
        {
            var (file, size, modifiedAt) = await RunAsync(connection, c => c.OpenAsync(path), cancellation);
            return new SmbFile(this, connection, file, size, modifiedAt);
        }
        catch
        {
            ReleaseConnection(connection);
            throw;
        }
    }

    /// <summary>
    /// Reports changes in a folder and everything below. The first, possibly empty result arrives when the watch is established; the sequence
    /// ends when more happened than the server could report.
    /// </summary>
    /// <exception cref="SmbException"/>
    public async IAsyncEnumerable<IReadOnlyList<(byte Action, string Path)>> WatchAsync(SmbLogin login, string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var connection = await AcquireConnectionAsync(login, SmbConnectionPurpose.Watch, cancellation);
        try
        {
            await RunAsync(connection, async c => await BeginWatchAsync(c), cancellation);
            while (await connection.ReadChangesAsync().WaitAsync(cancellation) is { } changes)
            {
                yield return changes;
            }
        }
        finally
        {
            connection.Abort(new SmbException(SmbError.Dropped));
            ReleaseConnection(connection);
        }

        async Task<bool> BeginWatchAsync(SmbConnection c)
        {
            await c.WatchAsync(folder);
            return true;
        }
    }

    /// <summary>Ends the unused connections to a file server.</summary>
    public void EndIdle(SmbLogin login)
    {
        if (FindWorker(login) is { } worker)
        {
            AbortIdle(worker, TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _sweepTimer.Dispose();
        SmbWorkerProcess[] workers;
        lock (_workers)
        {
            _isDisposed = true;
            workers = [.. _workers.Values];
            _workers.Clear();
        }

        Array.ForEach(workers, w => w.Dispose());
        _startLock.Dispose();
    }

    /// <summary>Runs one call on a connection once the calls before it have ended.</summary>
    internal async Task<T> RunAsync<T>(SmbConnection connection, Func<SmbConnection, Task<T>> call, CancellationToken cancellation)
    {
        await connection.CallLock.WaitAsync(cancellation);
        try
        {
            if (connection.AbortReason is { } end)
            {
                throw new SmbException(end.Kind is SmbError.TimedOut or SmbError.Other ? SmbError.Dropped : end.Kind);
            }

            if (!connection.IsConnected)
            {
                await ConnectAsync(connection);
            }

            return await WithTimeLimitAsync(connection, _options.AnswerLimit * (connection.Purpose == SmbConnectionPurpose.List ? ListTimeoutFactor : 1), call);
        }
        catch (SmbException exception) when (exception.Kind is SmbError.Dropped or SmbError.TimedOut or SmbError.NoAnswer or SmbError.Other)
        {
            connection.Abort(exception);    // the library does not recover from every error on the same connection
            throw;
        }
        catch (Exception exception) when (exception is not SmbException)
        {
            connection.Abort(new SmbException(SmbError.Other));    // requests and responses may be out of step
            throw;
        }
        finally
        {
            connection.UsedAt = _time.GetTimestamp();
            connection.CallLock.Release();
        }
    }

    internal static void ReleaseConnection(SmbConnection connection)
    {
        lock (connection.Worker.Connections)
        {
            connection.UseCount--;
            if (connection.AbortReason is not null)
            {
                connection.Worker.Connections.Remove(connection);
            }
        }
    }

    private async Task<T> CallWithRetryAsync<T>(SmbLogin login, SmbConnectionPurpose purpose, Func<SmbConnection, Task<T>> call, CancellationToken cancellation)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var connection = await AcquireConnectionAsync(login, purpose, cancellation);
            var wasConnected = connection.IsConnected;
            try
            {
                return await RunAsync(connection, call, cancellation);
            }
            catch (SmbException exception) when (exception is { Kind: SmbError.Dropped, ErrorNumber: not 0 } && wasConnected && !isRetry)
            {
                // Servers drop clients that were idle for long, but let them reconnect. The other idle connections are probably dropped too.
                AbortIdle(connection.Worker, TimeSpan.Zero);
            }
            finally
            {
                ReleaseConnection(connection);
            }
        }
    }

    /// <summary>The least busy connection for the purpose, or a new one if that is busy and there are fewer than the maximum.</summary>
    private async Task<SmbConnection> AcquireConnectionAsync(SmbLogin login, SmbConnectionPurpose purpose, CancellationToken cancellation)
    {
        var worker = await GetWorkerAsync(login, cancellation);
        lock (worker.Connections)
        {
            var candidates = purpose == SmbConnectionPurpose.Watch ? [] : worker.Connections.FindAll(c => c.Login == login && c.Purpose == purpose && c.AbortReason is null);
            var connection = candidates.MinBy(c => c.UseCount);
            if (connection is null || (connection.UseCount > 0 && candidates.Count < MaxConnections))
            {
                connection = new SmbConnection(worker, login, purpose);
                worker.Connections.Add(connection);
            }

            connection.UseCount++;
            connection.UsedAt = worker.UsedAt = _time.GetTimestamp();
            return connection;
        }
    }

    private async Task ConnectAsync(SmbConnection connection)
    {
        try
        {
            await WithTimeLimitAsync(connection, _options.AnswerLimit, async c =>
            {
                // The library waits up to four times the limit it is given.
                await c.ConnectAsync(_passwords, _options.AnswerLimit / 4);
                return true;
            });
        }
        catch (SmbException exception)
        {
            connection.Abort(exception);
            throw;
        }
    }

    private async Task<T> WithTimeLimitAsync<T>(SmbConnection connection, TimeSpan limit, Func<SmbConnection, Task<T>> call)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var end = timeout.Token.UnsafeRegister(_ => EndWorker(connection.Worker), null);
        try
        {
            return await call(connection);
        }
        catch (SmbException) when (timeout.IsCancellationRequested)
        {
            LogWorkerHung(_logger, connection.Login.Host, limit.TotalSeconds);
            throw new SmbException(SmbError.TimedOut);
        }
    }

    private async Task<SmbWorkerProcess> GetWorkerAsync(SmbLogin login, CancellationToken cancellation)
    {
        if (FindWorker(login) is { } running)
        {
            running.IsForProbes &= login.IsProbe;
            return running;
        }

        // A missing server must not cost a process, and only this probe can tell an unknown host name from a host that does not answer.
        await ProbeAsync(login, cancellation);
        await _startLock.WaitAsync(cancellation);
        try
        {
            if (FindWorker(login) is { } started)
            {
                started.IsForProbes &= login.IsProbe;
                return started;
            }

            if (login.IsProbe)
            {
                EvictProbeWorkersAsNeeded();
            }

            var worker = await SmbWorkerProcess.StartAsync(ProgramPath, LibraryName, _options.RequireSigning);
            (worker.UsedAt, worker.IsForProbes) = (_time.GetTimestamp(), login.IsProbe);
            lock (_workers)
            {
                if (!_isDisposed)
                {
                    return _workers[(login.Host, login.Port)] = worker;
                }
            }

            worker.Dispose();
            throw new SmbException(SmbError.Dropped);
        }
        finally
        {
            _startLock.Release();
        }
    }

    private void EvictProbeWorkersAsNeeded()
    {
        List<SmbWorkerProcess> probeWorkers;
        lock (_workers)
        {
            probeWorkers = [.. _workers.Values.Where(w => w.IsForProbes && !w.HasEnded)];
        }

        probeWorkers.OrderBy(IsBusy).ThenBy(w => w.UsedAt).Take(probeWorkers.Count - MaxProbeWorkers + 1).ToList().ForEach(EndWorker);
    }

    private static bool IsBusy(SmbWorkerProcess worker)
    {
        lock (worker.Connections)
        {
            return worker.Connections.Exists(c => c.UseCount > 0);
        }
    }

    private SmbWorkerProcess? FindWorker(SmbLogin login)
    {
        SmbWorkerProcess? worker;
        lock (_workers)
        {
            worker = _workers.GetValueOrDefault((login.Host, login.Port));
        }

        if (worker is { HasEnded: true })
        {
            EndWorker(worker);
            return null;
        }

        return worker;
    }

    private async Task ProbeAsync(SmbLogin login, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.AnswerLimit / 4, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(login.Host, login.Port, linked.Token);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new SmbException(SmbError.HostNotFound);
        }
        catch (SocketException exception)
        {
            throw new SmbException(SmbError.NoAnswer, exception.NativeErrorCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SmbException(SmbError.TimedOut);
        }
    }

    private void EndWorker(SmbWorkerProcess worker)
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
            if (AbortIdle(worker, IdleTimeout) == 0 && _time.GetElapsedTime(worker.UsedAt) >= IdleTimeout)
            {
                EndWorker(worker);
            }
        }
    }

    /// <summary>Ends the connections unused for at least <paramref name="since"/>; returns the number of connections left.</summary>
    private int AbortIdle(SmbWorkerProcess worker, TimeSpan since)
    {
        lock (worker.Connections)
        {
            foreach (var idle in worker.Connections.FindAll(c => c.UseCount == 0 && _time.GetElapsedTime(c.UsedAt) >= since))
            {
                idle.Abort(new SmbException(SmbError.Dropped));
                worker.Connections.Remove(idle);
            }

            return worker.Connections.Count;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file server {host} did not answer within {seconds} seconds; its worker was ended, and the next call starts another")]
    private static partial void LogWorkerHung(ILogger logger, string host, double seconds);
}
