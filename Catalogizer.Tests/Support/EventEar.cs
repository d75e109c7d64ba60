using System.Text.Json;

namespace Catalogizer.Tests.Support;

/// <summary>Listens to the stream of events as a script does.</summary>
internal sealed class EventEar : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventEar(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    /// <summary>Hears everything from when this is done.</summary>
    public static async Task<EventEar> ListenAsync(HttpClient client)
    {
        var answer = await client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var ear = new EventEar(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        await ear.UntilAsync(told => told.Name == "connected");
        return ear;
    }

    /// <summary>What was told up to and with the one that was waited for.</summary>
    public async Task<List<Told>> UntilAsync(Func<Told, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limit);
        var heard = new List<Told>();
        var name = "";
        while (await LineAsync(heard, limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                heard.Add(new Told(name, JsonDocument.Parse(line["data: ".Length..]).RootElement));
                if (wanted(heard[^1]))
                {
                    return heard;
                }
            }
        }

        throw new InvalidOperationException($"The stream ended after: {string.Join(", ", heard.Select(t => t.Name))}");
    }

    public Task<List<Told>> UntilScanEndedAsync(long id) => UntilAsync(told =>
        told.Name == "scan.progressed" && told.Data.GetProperty("scan") is var scan && scan.GetProperty("id").GetInt64() == id && scan.GetProperty("state").GetString() is not ("queued" or "running"));

    private async Task<string?> LineAsync(List<Told> heard, CancellationToken limit)
    {
        try
        {
            return await _lines.ReadLineAsync(limit);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not told in {Limit.TotalSeconds:0} s, only: {string.Join(", ", heard.Select(told => $"{told.Name} {told.Data}"))}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Told(string Name, JsonElement Data);
}
