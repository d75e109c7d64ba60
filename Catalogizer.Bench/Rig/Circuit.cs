using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Catalogizer.Bench.Rig;

/// <summary>
/// A page kept alive as a browser does it, over the real wire, without a browser: what the server sends to be drawn is kept until
/// <see cref="Forget"/>, and can be waited for.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private const char EndOfHandshake = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly MemoryStream _drawn = new();
    private readonly List<(byte[] Text, int From, TaskCompletionSource Seen)> _awaited = [];
    private Task _reading = Task.CompletedTask;

    private Circuit()
    {
    }

    /// <summary>How many batches came.</summary>
    public int Batches { get; private set; }

    /// <summary>What the server complained of; null when it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the server still holds it.</summary>
    public bool IsAlive => Fault is null && _socket.State == WebSocketState.Open && !_reading.IsCompleted;

    /// <summary>How much was sent to be drawn so far.</summary>
    public int Drawn
    {
        get
        {
            lock (_drawn)
            {
                return (int)_drawn.Length;
            }
        }
    }

    /// <summary>Asks for a page and opens the circuit that it asks for.</summary>
    /// <param name="cookie">What somebody signed in sends; empty for a page that anybody may see.</param>
    /// <param name="openedWith">The cookie that the circuit comes with, when it is not the page's.</param>
    /// <exception cref="InvalidOperationException">The page or its circuit was refused.</exception>
    public static async Task<Circuit> OpenAsync(HttpClient browser, string cookie, string page, CancellationToken cancellation, string? openedWith = null)
    {
        var address = new Uri(browser.BaseAddress!, page);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie.Length > 0)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var answer = await browser.SendAsync(request, cancellation);
        var html = await answer.Content.ReadAsStringAsync(cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{page}: {(int)answer.StatusCode} {answer.Headers.Location}");
        }

        var circuit = new Circuit();
        if ((openedWith ?? cookie) is { Length: > 0 } sent)
        {
            circuit._socket.Options.SetRequestHeader("Cookie", sent);
        }

        circuit._socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        await circuit._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor", Query = "" }.Uri, cancellation);
        await circuit._socket.SendAsync(Encoding.UTF8.GetBytes($"{{\"protocol\":\"blazorpack\",\"version\":1}}{EndOfHandshake}"), WebSocketMessageType.Text, true, cancellation);
        var agreed = Encoding.UTF8.GetString(await circuit.ReceiveAsync(cancellation));
        if (agreed != $"{{}}{EndOfHandshake}")
        {
            throw new InvalidOperationException($"The circuit's hub answered {agreed}.");
        }

        circuit._reading = circuit.ReadAsync();
        var root = browser.BaseAddress!.ToString();
        await circuit.SendAsync("0", "StartCircuit", root, address.ToString(), "[]", "");
        var operations = Marker().Matches(html).Select((marker, place) => $"{{\"type\":\"add\",\"ssrComponentId\":{place + 1},\"marker\":{marker.Groups[1].Value}}}");
        await circuit.SendAsync(null, "UpdateRootComponents", $"{{\"batchId\":1,\"operations\":[{string.Join(',', operations)}]}}", State().Match(html).Groups[1].Value);
        return circuit;
    }

    /// <summary>Waits until a text was sent to be drawn.</summary>
    /// <param name="from">Where in what was sent to begin.</param>
    public async Task SeesAsync(string text, int from = 0)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_drawn)
        {
            _awaited.Add((Encoding.UTF8.GetBytes(text), from, seen));
            Look();
        }

        if (await Task.WhenAny(seen.Task, _reading, Task.Delay(TimeSpan.FromSeconds(60), _leaving.Token)) != seen.Task)
        {
            throw new InvalidOperationException($"'{text}' was not drawn. {Fault} {_socket.CloseStatusDescription}");
        }
    }

    /// <summary>Goes to another address of the same page, as a click on a link does.</summary>
    public Task GoAsync(Uri address) => SendAsync(null, "OnLocationChanged", address.ToString(), null, true);

    /// <summary>Lets go of what was drawn so far.</summary>
    public void Forget()
    {
        lock (_drawn)
        {
            _drawn.SetLength(0);
            _drawn.Capacity = 0;
        }
    }

    public bool Drew(string text)
    {
        lock (_drawn)
        {
            return _drawn.GetBuffer().AsSpan(0, (int)_drawn.Length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _leaving.Dispose();
        await _drawn.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                ReadOnlyMemory<byte> frame = await ReceiveAsync(_leaving.Token);
                while (frame.Length > 0)
                {
                    var (length, header) = Length(frame.Span);
                    await HearAsync((List<object?>)PackedMessage.Read(frame.Span.Slice(header, length))!);
                    frame = frame[(header + length)..];
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task HearAsync(List<object?> message)
    {
        if (message is [6L])
        {
            await SendMessageAsync([6]);    // who says nothing for half a minute is taken for gone
            return;
        }

        if (message is not [1L, _, _, string target, List<object?> given, ..])
        {
            Fault = message is [3L, _, _, 1L, string error, ..] ? error : message is [7L, string reason, ..] ? reason : Fault;
            return;
        }

        switch (target)
        {
            case "JS.RenderBatch":
                lock (_drawn)
                {
                    _drawn.Write((byte[])given[1]!);
                    Batches++;
                    Look();
                }

                await SendAsync(null, "OnRenderCompleted", (long)given[0]!, null);
                break;
            case "JS.BeginInvokeJS" when (long)given[0]! is var task and not 0:
                var result = (string)given[1]! == "import" ? "{\"__jsObjectId\":1}" : "null";
                await SendAsync(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{result}]");
                break;
            case "JS.Error":
                Fault = (string?)given[0];
                break;
        }
    }

    private void Look()
    {
        foreach (var one in _awaited.Where(one => _drawn.GetBuffer().AsSpan(0, (int)_drawn.Length)[one.From..].IndexOf(one.Text) >= 0).ToList())
        {
            _awaited.Remove(one);
            one.Seen.SetResult();
        }
    }

    private Task SendAsync(string? id, string target, params object?[] arguments) => SendMessageAsync([1, new Dictionary<string, string>(), id, target, arguments]);

    private async Task SendMessageAsync(object?[] message)
    {
        var body = PackedMessage.Write(message);
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
        await _sending.WaitAsync(_leaving.Token);
        try
        {
            await _socket.SendAsync(frame.ToArray(), WebSocketMessageType.Binary, true, _leaving.Token);
        }
        finally
        {
            _sending.Release();
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

    private static (int Length, int Header) Length(ReadOnlySpan<byte> frame)
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
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}
