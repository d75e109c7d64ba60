using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Catalogizer.Tests.Support;

/// <summary>The line to a file server, as bad as a test wants it: far away, slow, cut now or again and again, or dead.</summary>
internal sealed class TroubledLine : IAsyncDisposable
{
    private const int FrameHead = 4;

    /// <summary>The least time after which Linux sends a packet again; twice as long each further time.</summary>
    private static readonly TimeSpan SentAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Connection, bool> _connections = [];
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Pace _there = new();
    private readonly Pace _back = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Random _luck = new(TestRun.Seed);
    private readonly int _server;
    private readonly Task _accepting;
    private (long At, TaskCompletionSource Done)? _cut;
    private long _bytes;
    private long _sinceReset;
    private int _requests;
    private int _resets;

    private TroubledLine(int server)
    {
        _server = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How long everything is on its way, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The share of what is sent that gets lost, 0–1. As TCP does it, it is sent again after a while, and what comes after it waits.</summary>
    public double Lost { get; set; }

    /// <summary>What the whole line carries in a second, in each direction; no limit unless given.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>After how many bytes of the server's the connection that brings them is reset, again and again.</summary>
    public long? ResetEvery { get; set; }

    /// <summary>Whether whoever connects is turned away.</summary>
    public bool Refuses { get; set; }

    /// <summary>What the server sent so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The messages to the server so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The connections that were reset so far.</summary>
    public int Resets => Volatile.Read(ref _resets);

    public static TroubledLine To(SmbServer server) => new(server.Port);

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            Reset(connection);
        }
    }

    /// <summary>Resets all connections as soon as the server has sent so many more bytes.</summary>
    /// <returns>Ends when they are reset.</returns>
    public Task CutAfter(long bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _cut = (Bytes + bytes, done);
        }

        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        await Task.WhenAll(_serving);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                if (Refuses)
                {
                    client.Close(0);
                    continue;
                }

                var connection = new Connection(client, new Socket(SocketType.Stream, ProtocolType.Tcp));
                _connections[connection] = true;
                _serving.Add(Task.Run(() => ServeAsync(connection)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        try
        {
            connection.Client.NoDelay = connection.Server.NoDelay = true;
            await connection.Server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            await Task.WhenAny(
                CarryAsync(connection.Client, connection.Server, new Frames(), _there, connection),
                CarryAsync(connection.Server, connection.Client, null, _back, connection));
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The server is not there.
        }
        finally
        {
            connection.Close();
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Carries one direction of a connection to its end: what is read is under way while more is read.</summary>
    private async Task CarryAsync(Socket from, Socket to, Frames? requests, Pace pace, Connection connection)
    {
        var underWay = Channel.CreateBounded<(byte[] Bytes, long Due)>(16);
        var sending = SendAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var read && !sending.IsCompleted)
            {
                Interlocked.Add(ref _requests, requests?.Count(buffer.AsSpan(0, read)) ?? 0);
                if (requests is null && !Passes(read, connection))
                {
                    break;
                }

                await underWay.Writer.WriteAsync((buffer[..read], pace.Due(read, Delay + SentAgain(), BytesPerSecond)), _end.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One of the two ended it.
        }

        underWay.Writer.Complete();
        await sending;
    }

    private async Task SendAsync(ChannelReader<(byte[] Bytes, long Due)> underWay, Socket to)
    {
        try
        {
            await foreach (var (bytes, due) in underWay.ReadAllAsync(_end.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(wait), _end.Token);
                }

                await to.SendAsync(bytes, _end.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One of the two ended it.
        }
    }

    private TimeSpan SentAgain()
    {
        var late = TimeSpan.Zero;
        lock (_lock)
        {
            for (var wait = SentAgainAfter; _luck.NextDouble() < Lost; wait *= 2)
            {
                late += wait;
            }
        }

        return late;
    }

    /// <summary>Counts what the server sends; false when that was too much for the connection.</summary>
    private bool Passes(int bytes, Connection connection)
    {
        TaskCompletionSource? cut = null;
        lock (_lock)
        {
            _bytes += bytes;
            _sinceReset += bytes;
            if (_cut is { } wanted && _bytes >= wanted.At)
            {
                (_cut, cut) = (null, wanted.Done);
            }
            else if (ResetEvery is { } every && _sinceReset >= every)
            {
                _sinceReset = 0;
                Reset(connection);
                return false;
            }
        }

        if (cut is not null)
        {
            Cut();
            cut.SetResult();
        }

        return cut is null;
    }

    private void Reset(Connection connection)
    {
        Interlocked.Increment(ref _resets);
        connection.Close();
    }

    private static bool IsEnd(Exception exception) => exception is OperationCanceledException or SocketException or ObjectDisposedException or ChannelClosedException;

    private sealed record Connection(Socket Client, Socket Server)
    {
        /// <summary>Without a farewell: who waits for more is told that the connection was reset.</summary>
        public void Close()
        {
            Client.Close(0);
            Server.Close(0);
        }
    }

    /// <summary>When what comes next has arrived on a line that carries one thing after the other.</summary>
    private sealed class Pace
    {
        private readonly Lock _lock = new();
        private double _free;

        public long Due(int bytes, TimeSpan delay, int? perSecond)
        {
            lock (_lock)
            {
                _free = Math.Max(_free, Environment.TickCount64) + (perSecond is { } rate ? 1000.0 * bytes / rate : 0);
                return (long)(_free + delay.TotalMilliseconds);
            }
        }
    }

    /// <summary>Counts messages, each of which begins with its length.</summary>
    private sealed class Frames
    {
        private readonly byte[] _head = new byte[FrameHead];
        private int _known;
        private int _left;

        public int Count(ReadOnlySpan<byte> bytes)
        {
            var begun = 0;
            while (bytes.Length > 0)
            {
                if (_left > 0)
                {
                    var skipped = Math.Min(_left, bytes.Length);
                    _left -= skipped;
                    bytes = bytes[skipped..];
                    continue;
                }

                _head[_known++] = bytes[0];
                bytes = bytes[1..];
                if (_known == FrameHead)
                {
                    (_known, _left) = (0, BinaryPrimitives.ReadInt32BigEndian(_head) & 0xFFFFFF);
                    begun++;
                }
            }

            return begun;
        }
    }
}
