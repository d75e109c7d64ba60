using System.Text.Json;

namespace Catalogizer.Tests.Support;

/// <summary>Listens to the event stream as a script does.</summary>
internal sealed class EventStreamListener : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStreamListener(HttpResponseMessage response, StreamReader lines) => (_response, _reader) = (response, lines);

    /// <summary>Starts to listen; receives every event from the completion of this call on.</summary>
    public static async Task<EventStreamListener> ListenAsync(HttpClient client)
    {
        var response = await client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var listener = new EventStreamListener(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        await listener.ReadUntilAsync(received => received.Name == "connected");
        return listener;
    }

    /// <summary>Returns all events up to and including the first that matches.</summary>
    public async Task<List<ReceivedEvent>> ReadUntilAsync(Func<ReceivedEvent, bool> predicate)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        var events = new List<ReceivedEvent>();
        var name = "";
        while (await ReadLineAsync(events, timeout.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(new ReceivedEvent(name, JsonDocument.Parse(line["data: ".Length..]).RootElement));
                if (predicate(events[^1]))
                {
                    return events;
                }
            }
        }

        throw new InvalidOperationException($"The stream ended after: {string.Join(", ", events.Select(t => t.Name))}");
    }

    public Task<List<ReceivedEvent>> ReadUntilScanEndedAsync(long id) => ReadUntilAsync(received =>
        received.Name == "scan.progressed" && received.Data.GetProperty("scan") is var scan && scan.GetProperty("id").GetInt64() == id && scan.GetProperty("state").GetString() is not ("queued" or "running"));

    private async Task<string?> ReadLineAsync(List<ReceivedEvent> events, CancellationToken timeout)
    {
        try
        {
            return await _reader.ReadLineAsync(timeout);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not told in {WaitTimeout.TotalSeconds:0} s, only: {string.Join(", ", events.Select(received => $"{received.Name} {received.Data}"))}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record ReceivedEvent(string Name, JsonElement Data);
}
