using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Serves open files to programs on this server while they are analysed: over HTTP with ranges, on the loopback address only,
/// each under a random name that cannot be guessed.
/// </summary>
public sealed partial class RangeEndpoint : IDisposable
{
    /// <summary>Maximum number of bytes served of one file; a program needs no more than that to analyse it.</summary>
    public const long MaxBytes = 64L << 20;

    private const int MaxRequestBytes = 8 * 1024;
    private const int BlockSize = 64 * 1024;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ServedFile> _served = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private TcpListener? _listener;

    /// <summary>Serves a file until the result is disposed; the stream is not closed.</summary>
    public ServedFile Serve(Stream content)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var served = new ServedFile(content, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{GetPort()}/{name}")), () => _served.TryRemove(name, out _));
        _served[name] = served;
        return served;
    }

    public void Dispose()
    {
        _closing.Cancel();
        lock (_lock)
        {
            _listener?.Dispose();
        }

        _closing.Dispose();
    }

    private int GetPort()
    {
        lock (_lock)
        {
            if (_listener is null)
            {
                _listener = new TcpListener(IPAddress.Loopback, 0);
                _listener.Start();
                _ = AcceptAsync(_listener, _closing.Token);
            }

            return ((IPEndPoint)_listener.LocalEndpoint).Port;
        }
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken closing)
    {
        try
        {
            while (true)
            {
                _ = HandleRequestAsync(await listener.AcceptSocketAsync(closing), closing);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException && closing.IsCancellationRequested)
        {
            // The application is stopping.
        }
    }

    private async Task HandleRequestAsync(Socket socket, CancellationToken closing)
    {
        using var connection = socket;
        try
        {
            connection.SendBufferSize = BlockSize / 4;      // small: buffered bytes have been read from the source, needed or not
            var request = await ReadRequestAsync(connection, closing);
            var line = RequestLine().Match(request);
            if (!line.Success || !_served.TryGetValue(line.Groups["name"].Value, out var served))
            {
                await SendAsync(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", closing);
                return;
            }

            using var linked = CancellationTokenSource.CreateLinkedTokenSource(closing, served.Ended);
            await SendAsync(connection, served, line.Groups["method"].Value == "HEAD", RangeLine().Match(request), linked.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or notices the closed connection; ServedFile.ReadError has the error of a source.
        }
    }

    private static async Task SendAsync(Socket socket, ServedFile served, bool headOnly, Match range, CancellationToken cancellation)
    {
        var from = range.Success && long.TryParse(range.Groups["from"].Value, CultureInfo.InvariantCulture, out var first) ? first : 0;
        var to = range.Success && long.TryParse(range.Groups["to"].Value, CultureInfo.InvariantCulture, out var last) ? Math.Min(last + 1, served.Length) : served.Length;
        if (from >= to)
        {
            await SendAsync(socket, FormattableString.Invariant($"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{served.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancellation);
            return;
        }

        var status = range.Success ? FormattableString.Invariant($"206 Partial Content\r\nContent-Range: bytes {from}-{to - 1}/{served.Length}") : "200 OK";
        await SendAsync(socket, FormattableString.Invariant($"HTTP/1.1 {status}\r\nAccept-Ranges: bytes\r\nContent-Length: {to - from}\r\nConnection: close\r\n\r\n"), cancellation);
        var block = new byte[BlockSize];
        while (!headOnly && from < to)
        {
            var read = await served.ReadAsync(from, block.AsMemory(0, (int)Math.Min(BlockSize, to - from)), cancellation);
            if (read == 0)
            {
                return;
            }

            for (var sent = 0; sent < read;)
            {
                sent += await socket.SendAsync(block.AsMemory(sent, read - sent), cancellation);
            }

            from += read;
        }
    }

    private static async Task<string> ReadRequestAsync(Socket socket, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(RequestTimeout);
        var (buffer, length) = (new byte[MaxRequestBytes], 0);
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), timeout.Token);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static async Task SendAsync(Socket socket, string text, CancellationToken cancellation)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), cancellation);
        }
    }

    [GeneratedRegex(@"\A(?<method>GET|HEAD) /(?<name>[0-9a-f]{64}) HTTP/1\.[01]\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\r\nRange: *bytes=(?<from>[0-9]{1,18})-(?<to>[0-9]{0,18})\r\n", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RangeLine();
}

/// <summary>A file that is being served.</summary>
public sealed class ServedFile(Stream content, Uri address, Action onDisposed) : IDisposable
{
    private readonly SemaphoreSlim _readLock = new(1);
    private readonly CancellationTokenSource _ended = new();
    private long _bytesRead;

    public Uri Address { get; } = address;

    public long Length { get; } = content.Length;

    /// <summary>Number of bytes read from the source.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Why the source could not be read; null when there was no error.</summary>
    public IOException? ReadError { get; private set; }

    internal CancellationToken Ended => _ended.Token;

    /// <summary>Aborts all running responses; the file is not read any more when this returns.</summary>
    public void Dispose()
    {
        onDisposed();
        _ended.Cancel();
        _readLock.Wait();
    }

    internal async ValueTask<int> ReadAsync(long from, Memory<byte> block, CancellationToken cancellation)
    {
        await _readLock.WaitAsync(cancellation);
        try
        {
            if (BytesRead >= RangeEndpoint.MaxBytes)
            {
                return 0;
            }

            content.Position = from;
            var read = await content.ReadAsync(block, cancellation);
            Interlocked.Add(ref _bytesRead, read);
            return read;
        }
        catch (IOException exception)
        {
            ReadError = exception;
            throw;
        }
        finally
        {
            _readLock.Release();
        }
    }
}
