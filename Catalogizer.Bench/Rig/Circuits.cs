using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;

namespace Catalogizer.Bench.Rig;

/// <summary>Many circuits that hold the same page of a server open, by a client of the bench's own: no browser holds thousands.</summary>
internal sealed class Circuits : IAsyncDisposable
{
    /// <summary>Stands in whatever draws a card of the library: its link.</summary>
    public const string Card = "item/";

    private const int AtATime = 8;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private static readonly string[] Filters = ["/library?type=movie", "/library?type=music"];

    private readonly ServedApp _server;
    private readonly ConcurrentBag<Circuit> _circuits = [];

    private Circuits(ServedApp server) => _server = server;

    public int Alive => _circuits.Count(circuit => circuit.IsAlive);

    /// <param name="until">What stands in the page once its circuit has drawn it.</param>
    public static async Task<Circuits> OpenAsync(ServedApp server, string page, string until, int count, bool signIn = true)
    {
        var opened = new Circuits(server);
        var cookie = signIn ? await server.CookieAsync() : "";
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (_, cancellation) =>
        {
            var circuit = await Circuit.OpenAsync(server.Browser, cookie, page, cancellation);
            opened._circuits.Add(circuit);
            await circuit.SeesAsync(until);
            circuit.Forget();
        });
        return opened;
    }

    /// <summary>On each circuit a filter is chosen every ten seconds; answers how long each took until its cards came.</summary>
    public async Task<IReadOnlyList<double>> BrowseAsync(TimeSpan duration)
    {
        var (seconds, began) = (new ConcurrentBag<double>(), Stopwatch.GetTimestamp());
        await Task.WhenAll(_circuits.Select((circuit, at) => BrowseAsync(circuit, Pace * at / _circuits.Count, () => Stopwatch.GetElapsedTime(began) < duration, seconds)));
        return [.. seconds];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var circuit in _circuits)
        {
            await circuit.DisposeAsync();
        }
    }

    private async Task BrowseAsync(Circuit circuit, TimeSpan offset, Func<bool> goesOn, ConcurrentBag<double> seconds)
    {
        await Task.Delay(offset);
        using var pace = new PeriodicTimer(Pace);
        for (var choice = 0; goesOn() && circuit.IsAlive; choice++)
        {
            circuit.Forget();
            var drawn = circuit.SeesAsync(Card);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await circuit.GoAsync(new Uri(_server.Address, Filters[choice % Filters.Length]));
                await drawn;
            }
            catch (Exception exception) when (exception is InvalidOperationException or WebSocketException && !circuit.IsAlive)
            {
                return;     // it was dropped, which its owner counts
            }

            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            await pace.WaitForNextTickAsync();
        }
    }
}
