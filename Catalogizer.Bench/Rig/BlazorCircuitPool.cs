using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;

namespace Catalogizer.Bench.Rig;

/// <summary>Many circuits that keep the same page open, with the bench's own client: no browser handles thousands.</summary>
internal sealed class BlazorCircuitPool : IAsyncDisposable
{
    /// <summary>Text that every rendering of a library card contains: its link.</summary>
    public const string CardMarker = "item/";

    private const int MaxConcurrentOpens = 8;
    private static readonly TimeSpan BrowseInterval = TimeSpan.FromSeconds(10);
    private static readonly string[] FilterUrls = ["/library?type=movie", "/library?type=music"];

    private readonly ServedApp _server;
    private readonly ConcurrentBag<BlazorCircuitClient> _circuits = [];

    private BlazorCircuitPool(ServedApp server) => _server = server;

    public int AliveCount => _circuits.Count(circuit => circuit.IsAlive);

    /// <param name="until">Text that the page contains once its circuit has rendered it.</param>
    public static async Task<BlazorCircuitPool> OpenAsync(ServedApp server, string page, string until, int count, bool signIn = true)
    {
        var opened = new BlazorCircuitPool(server);
        var cookie = signIn ? await server.GetCookieAsync() : "";
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentOpens }, async (_, cancellation) =>
        {
            var circuit = await BlazorCircuitClient.OpenAsync(server.BrowserClient, cookie, page, cancellation);
            opened._circuits.Add(circuit);
            await circuit.WaitForTextAsync(until);
            circuit.ClearRendered();
        });
        return opened;
    }

    /// <summary>Sets a filter on each circuit every ten seconds. Returns the seconds until the cards of each choice arrived.</summary>
    public async Task<IReadOnlyList<double>> BrowseAsync(TimeSpan duration)
    {
        var (seconds, began) = (new ConcurrentBag<double>(), Stopwatch.GetTimestamp());
        await Task.WhenAll(_circuits.Select((circuit, at) => BrowseAsync(circuit, BrowseInterval * at / _circuits.Count, () => Stopwatch.GetElapsedTime(began) < duration, seconds)));
        return [.. seconds];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var circuit in _circuits)
        {
            await circuit.DisposeAsync();
        }
    }

    private async Task BrowseAsync(BlazorCircuitClient circuit, TimeSpan offset, Func<bool> shouldContinue, ConcurrentBag<double> seconds)
    {
        await Task.Delay(offset);
        using var timer = new PeriodicTimer(BrowseInterval);
        for (var choice = 0; shouldContinue() && circuit.IsAlive; choice++)
        {
            circuit.ClearRendered();
            var drawn = circuit.WaitForTextAsync(CardMarker);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await circuit.NavigateAsync(new Uri(_server.Address, FilterUrls[choice % FilterUrls.Length]));
                await drawn;
            }
            catch (Exception exception) when (exception is InvalidOperationException or WebSocketException && !circuit.IsAlive)
            {
                return;     // the circuit was dropped; the caller counts the ones alive
            }

            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            await timer.WaitForNextTickAsync();
        }
    }
}
