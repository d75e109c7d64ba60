using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Catalogizer.Bench.Rig;

/// <summary>
/// A page kept open over the real circuit protocol, as a browser does it but without a browser. The render batches from the server are
/// kept until <see cref="ClearRendered"/> and can be waited for.
/// </summary>
internal sealed partial class BlazorCircuitClient : IAsyncDisposable
{
    private const char HandshakeTerminator = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _sendLock = new(1);
    private readonly MemoryStream _rendered = new();
    private readonly List<(byte[] Text, int From, TaskCompletionSource Seen)> _waiters = [];
    private Task _readLoop = Task.CompletedTask;

    private BlazorCircuitClient()
    {
    }

    /// <summary>Number of render batches received.</summary>
    public int Batches { get; private set; }

    /// <summary>Error reported by the server; null if there was none.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Whether the server still keeps the circuit.</summary>
    public bool IsAlive => ErrorMessage is null && _socket.State == WebSocketState.Open && !_readLoop.IsCompleted;

    /// <summary>Number of rendered bytes received since the last <see cref="ClearRendered"/>.</summary>
    public int RenderedBytes
    {
        get
        {
            lock (_rendered)
            {
                return (int)_rendered.Length;
            }
        }
    }

    /// <summary>Requests a page and opens its circuit.</summary>
    /// <param name="cookie">Cookie of a signed-in user; empty for a public page.</param>
    /// <param name="openedWith">Cookie for the circuit if it differs from the page's.</param>
    /// <exception cref="InvalidOperationException">The page or its circuit was refused.</exception>
    public static async Task<BlazorCircuitClient> OpenAsync(HttpClient browser, string cookie, string page, CancellationToken cancellation, string? openedWith = null)
    {
        var address = new Uri(browser.BaseAddress!, page);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie.Length > 0)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await browser.SendAsync(request, cancellation);
        var html = await response.Content.ReadAsStringAsync(cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{page}: {(int)response.StatusCode} {response.Headers.Location}");
        }

        var circuit = new BlazorCircuitClient();
        if ((openedWith ?? cookie) is { Length: > 0 } sent)
        {
            circuit._socket.Options.SetRequestHeader("Cookie", sent);
        }

        circuit._socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        await circuit._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor", Query = "" }.Uri, cancellation);
        await circuit._socket.SendAsync(Encoding.UTF8.GetBytes($"{{\"protocol\":\"blazorpack\",\"version\":1}}{HandshakeTerminator}"), WebSocketMessageType.Text, true, cancellation);
        var handshake = Encoding.UTF8.GetString(await circuit.ReceiveAsync(cancellation));
        if (handshake != $"{{}}{HandshakeTerminator}")
        {
            throw new InvalidOperationException($"The circuit's hub answered {handshake}.");
        }

        circuit._readLoop = circuit.ReadLoopAsync();
        var root = browser.BaseAddress!.ToString();
        await circuit.SendAsync("0", "StartCircuit", root, address.ToString(), "[]", "");
        var operations = MarkerRegex().Matches(html).Select((marker, place) => $"{{\"type\":\"add\",\"ssrComponentId\":{place + 1},\"marker\":{marker.Groups[1].Value}}}");
        await circuit.SendAsync(null, "UpdateRootComponents", $"{{\"batchId\":1,\"operations\":[{string.Join(',', operations)}]}}", StateRegex().Match(html).Groups[1].Value);
        return circuit;
    }

    /// <summary>Waits until a text has been rendered; throws after a minute.</summary>
    /// <param name="from">Offset in the rendered bytes at which the search starts.</param>
    public async Task WaitForTextAsync(string text, int from = 0)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_rendered)
        {
            _waiters.Add((Encoding.UTF8.GetBytes(text), from, seen));
            CompleteWaiters();
        }

        if (await Task.WhenAny(seen.Task, _readLoop, Task.Delay(TimeSpan.FromSeconds(60), _closing.Token)) != seen.Task)
        {
            throw new InvalidOperationException($"'{text}' was not drawn. {ErrorMessage} {_socket.CloseStatusDescription}");
        }
    }

    /// <summary>Navigates within the page, as a click on a link does.</summary>
    public Task NavigateAsync(Uri address) => SendAsync(null, "OnLocationChanged", address.ToString(), null, true);

    /// <summary>Discards what was rendered so far.</summary>
    public void ClearRendered()
    {
        lock (_rendered)
        {
            _rendered.SetLength(0);
            _rendered.Capacity = 0;
        }
    }

    public bool HasRendered(string text)
    {
        lock (_rendered)
        {
            return _rendered.GetBuffer().AsSpan(0, (int)_rendered.Length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _readLoop;
        _socket.Dispose();
        _sendLock.Dispose();
        _closing.Dispose();
        await _rendered.DisposeAsync();
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                ReadOnlyMemory<byte> frame = await ReceiveAsync(_closing.Token);
                while (frame.Length > 0)
                {
                    var (length, header) = ReadLength(frame.Span);
                    await OnMessageAsync((List<object?>)BlazorPackSerializer.Read(frame.Span.Slice(header, length))!);
                    frame = frame[(header + length)..];
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The page was closed.
        }
    }

    private async Task OnMessageAsync(List<object?> message)
    {
        if (message is [6L])
        {
            await SendMessageAsync([6]);    // answers the ping: a client that is silent for half a minute is disconnected
            return;
        }

        if (message is not [1L, _, _, string target, List<object?> arguments, ..])
        {
            ErrorMessage = message is [3L, _, _, 1L, string error, ..] ? error : message is [7L, string reason, ..] ? reason : ErrorMessage;
            return;
        }

        switch (target)
        {
            case "JS.RenderBatch":
                lock (_rendered)
                {
                    _rendered.Write((byte[])arguments[1]!);
                    Batches++;
                    CompleteWaiters();
                }

                await SendAsync(null, "OnRenderCompleted", (long)arguments[0]!, null);
                break;
            case "JS.BeginInvokeJS" when (long)arguments[0]! is var task and not 0:
                var result = (string)arguments[1]! == "import" ? "{\"__jsObjectId\":1}" : "null";
                await SendAsync(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{result}]");
                break;
            case "JS.Error":
                ErrorMessage = (string?)arguments[0];
                break;
        }
    }

    private void CompleteWaiters()
    {
        foreach (var waiter in _waiters.Where(waiter => _rendered.GetBuffer().AsSpan(0, (int)_rendered.Length)[waiter.From..].IndexOf(waiter.Text) >= 0).ToList())
        {
            _waiters.Remove(waiter);
            waiter.Seen.SetResult();
        }
    }

    private Task SendAsync(string? id, string target, params object?[] arguments) => SendMessageAsync([1, new Dictionary<string, string>(), id, target, arguments]);

    private async Task SendMessageAsync(object?[] message)
    {
        var body = BlazorPackSerializer.Write(message);
        using var frame = new MemoryStream();
        for (var left = body.Length; ; left >>= 7)
        {
            frame.WriteByte((byte)(left > 0x7f ? left | 0x80 : left));
            if (left <= 0x7f)
            {
                break;
            }
        }

        frame.Write(body);
        await _sendLock.WaitAsync(_closing.Token);
        try
        {
            await _socket.SendAsync(frame.ToArray(), WebSocketMessageType.Binary, true, _closing.Token);
        }
        finally
        {
            _sendLock.Release();
        }
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var part = new byte[16 * 1024];
        while (true)
        {
            var got = await _socket.ReceiveAsync(part, cancellation);
            whole.Write(part, 0, got.Count);
            if (got.EndOfMessage)
            {
                return whole.ToArray();
            }
        }
    }

    private static (int Length, int Header) ReadLength(ReadOnlySpan<byte> frame)
    {
        var (length, header) = (0, 0);
        do
        {
            length |= (frame[header] & 0x7f) << (7 * header);
        }
        while ((frame[header++] & 0x80) != 0);
        return (length, header);
    }

    [GeneratedRegex("<!--Blazor:(\\{\"type\":\"server\".*?\"descriptor\".*?\\})-->")]
    private static partial Regex MarkerRegex();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex StateRegex();
}
