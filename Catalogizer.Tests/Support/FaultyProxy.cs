using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Catalogizer.Tests.Support;

/// <summary>A connection to a file server that is as bad as a test wants: distant, slow, reset once or repeatedly, or dead.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int FrameHeaderLength = 4;

    /// <summary>The minimum time after which Linux retransmits a packet; it doubles with each further retransmission.</summary>
    private static readonly TimeSpan MinRetransmissionDelay = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Connection, bool> _connections = [];
    private readonly ConcurrentBag<Task> _connectionTasks = [];
    private readonly Throttle _toServer = new();
    private readonly Throttle _toClient = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Random _random = new(TestRun.Seed);
    private readonly int _serverPort;
    private readonly Task _acceptLoop;
    private (long At, TaskCompletionSource Done)? _pendingReset;
    private long _serverBytes;
    private long _bytesSinceReset;
    private int _requestCount;
    private int _resetCount;

    private FaultyProxy(int server)
    {
        _serverPort = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _acceptLoop = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The latency in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The share of data that is lost, 0–1. As in TCP, it is sent again after a delay, and later data waits for it.</summary>
    public double LossRate { get; set; }

    /// <summary>What the whole connection carries per second, in each direction; null for no limit.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>The number of bytes from the server after which the connection that carries them is reset, repeatedly; null for never.</summary>
    public long? ResetEveryBytes { get; set; }

    /// <summary>Whether new connections are closed at once.</summary>
    public bool RefusesConnections { get; set; }

    /// <summary>The bytes that the server has sent so far.</summary>
    public long ServerBytes => Interlocked.Read(ref _serverBytes);

    /// <summary>The messages sent to the server so far.</summary>
    public int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>The connections reset so far.</summary>
    public int ResetCount => Volatile.Read(ref _resetCount);

    public static FaultyProxy CreateFor(SmbServer server) => new(server.Port);

    public void ResetAll()
    {
        foreach (var connection in _connections.Keys)
        {
            Reset(connection);
        }
    }

    /// <summary>Resets all connections as soon as the server has sent this many more bytes.</summary>
    /// <returns>Completes when they are reset.</returns>
    public Task ResetAllAfterAsync(long bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _pendingReset = (ServerBytes + bytes, done);
        }

        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        ResetAll();
        await _acceptLoop;
        await Task.WhenAll(_connectionTasks);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                if (RefusesConnections)
                {
                    client.Close(0);
                    continue;
                }

                var connection = new Connection(client, new Socket(SocketType.Stream, ProtocolType.Tcp));
                _connections[connection] = true;
                _connectionTasks.Add(Task.Run(() => ServeAsync(connection)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy was disposed.
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        try
        {
            connection.Client.NoDelay = connection.Server.NoDelay = true;
            await connection.Server.ConnectAsync(IPAddress.Loopback, _serverPort, _stopping.Token);
            await Task.WhenAny(
                ForwardAsync(connection.Client, connection.Server, new FrameCounter(), _toServer, connection),
                ForwardAsync(connection.Server, connection.Client, null, _toClient, connection));
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // The server is not reachable.
        }
        finally
        {
            connection.Close();
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Forwards one direction of a connection to its end; more is read while earlier data is still in transit.</summary>
    private async Task ForwardAsync(Socket from, Socket to, FrameCounter? requests, Throttle pace, Connection connection)
    {
        var inFlight = Channel.CreateBounded<(byte[] Bytes, long Due)>(16);
        var sending = SendAsync(inFlight.Reader, to);
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and var read && !sending.IsCompleted)
            {
                Interlocked.Add(ref _requestCount, requests?.Count(buffer.AsSpan(0, read)) ?? 0);
                if (requests is null && !TryPass(read, connection))
                {
                    break;
                }

                await inFlight.Writer.WriteAsync((buffer[..read], pace.ScheduleArrival(read, Delay + NextRetransmissionDelay(), BytesPerSecond)), _stopping.Token);
            }
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // One of the two sides closed it.
        }

        inFlight.Writer.Complete();
        await sending;
    }

    private async Task SendAsync(ChannelReader<(byte[] Bytes, long Due)> inFlight, Socket to)
    {
        try
        {
            await foreach (var (bytes, due) in inFlight.ReadAllAsync(_stopping.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(wait), _stopping.Token);
                }

                await to.SendAsync(bytes, _stopping.Token);
            }
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // One of the two sides closed it.
        }
    }

    private TimeSpan NextRetransmissionDelay()
    {
        var delay = TimeSpan.Zero;
        lock (_lock)
        {
            for (var wait = MinRetransmissionDelay; _random.NextDouble() < LossRate; wait *= 2)
            {
                delay += wait;
            }
        }

        return delay;
    }

    /// <summary>Counts what the server sends; returns false if it resets the connection.</summary>
    private bool TryPass(int bytes, Connection connection)
    {
        TaskCompletionSource? cut = null;
        lock (_lock)
        {
            _serverBytes += bytes;
            _bytesSinceReset += bytes;
            if (_pendingReset is { } pending && _serverBytes >= pending.At)
            {
                (_pendingReset, cut) = (null, pending.Done);
            }
            else if (ResetEveryBytes is { } every && _bytesSinceReset >= every)
            {
                _bytesSinceReset = 0;
                Reset(connection);
                return false;
            }
        }

        if (cut is not null)
        {
            ResetAll();
            cut.SetResult();
        }

        return cut is null;
    }

    private void Reset(Connection connection)
    {
        Interlocked.Increment(ref _resetCount);
        connection.Close();
    }

    private static bool IsDisconnect(Exception exception) => exception is OperationCanceledException or SocketException or ObjectDisposedException or ChannelClosedException;

    private sealed record Connection(Socket Client, Socket Server)
    {
        /// <summary>Closes without a shutdown, so that a waiting peer gets a connection reset.</summary>
        public void Close()
        {
            Client.Close(0);
            Server.Close(0);
        }
    }

    /// <summary>Calculates arrival times on a connection that carries one block after the other.</summary>
    private sealed class Throttle
    {
        private readonly Lock _lock = new();
        private double _freeAt;

        public long ScheduleArrival(int bytes, TimeSpan delay, int? perSecond)
        {
            lock (_lock)
            {
                _freeAt = Math.Max(_freeAt, Environment.TickCount64) + (perSecond is { } rate ? 1000.0 * bytes / rate : 0);
                return (long)(_freeAt + delay.TotalMilliseconds);
            }
        }
    }

    /// <summary>Counts messages, each of which starts with its length.</summary>
    private sealed class FrameCounter
    {
        private readonly byte[] _header = new byte[FrameHeaderLength];
        private int _headerBytes;
        private int _remaining;

        public int Count(ReadOnlySpan<byte> bytes)
        {
            var started = 0;
            while (bytes.Length > 0)
            {
                if (_remaining > 0)
                {
                    var skipped = Math.Min(_remaining, bytes.Length);
                    _remaining -= skipped;
                    bytes = bytes[skipped..];
                    continue;
                }

                _header[_headerBytes++] = bytes[0];
                bytes = bytes[1..];
                if (_headerBytes == FrameHeaderLength)
                {
                    (_headerBytes, _remaining) = (0, BinaryPrimitives.ReadInt32BigEndian(_header) & 0xFFFFFF);
                    started++;
                }
            }

            return started;
        }
    }
}
