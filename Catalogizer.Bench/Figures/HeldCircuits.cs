using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Thousands of circuits on the library, each of which a filter is chosen on every ten seconds, and what they cost those who come meanwhile.</summary>
internal sealed class HeldCircuits : IFigure
{
    private const double MostSeconds = 0.1;
    private const int AtRest = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public string Name => "circuits";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (count, held) = quick ? (100, TimeSpan.FromSeconds(30)) : (2000, TimeSpan.FromMinutes(10));
        var (app, bare, tree) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync(), MediaTree.Of(quick ? 100_000 : 200_000));
        var floor = await BareAsync(bare, Math.Min(count, 500));
        await using var server = await ServedApp.StartAsync(app, await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "circuits"));
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await server.SignInAsync();
        double alone;
        await using (var one = await Circuits.OpenAsync(server, "/library", Circuits.Card, 10))
        {
            alone = Percentile.Of(await one.BrowseAsync(TimeSpan.FromSeconds(quick ? 15 : 60)), 0.99);
        }

        var resting = await Latencies.OfAsync(Enumerable.Range(0, AtRest), _ => AskAsync(server));
        var before = await server.SettledBytesAsync();
        await using var circuits = await Circuits.OpenAsync(server, "/library", Circuits.Card, count);
        var opened = (await server.SettledBytesAsync() - before) / count;
        var browsed = circuits.BrowseAsync(held);
        var first = await AskedAsync(server, browsed);
        var (events, alive) = (await browsed, circuits.Alive);
        var each = (await server.SettledBytesAsync() - before) / count;
        return
        [
            Memory(count, held, alive, opened, each, floor),
            Events(count, events, alone),
            Pages(count, first, resting),
        ];
    }

    /// <summary>What a circuit costs in a bare app whose page has as many cards, each of which hears two events.</summary>
    private static async Task<long> BareAsync(string bare, int count)
    {
        await using var server = await BareApp.StartAsync(bare);
        await using (await Circuits.OpenAsync(server, "/cards", "card/36", 10, signIn: false))
        {
        }

        var before = await server.SettledBytesAsync();
        await using var circuits = await Circuits.OpenAsync(server, "/cards", "card/36", count, signIn: false);
        return (await server.SettledBytesAsync() - before) / count;
    }

    private static async Task<Latencies> AskedAsync(ServedApp server, Task until)
    {
        using var pace = new PeriodicTimer(Pace);
        var seconds = new List<double>();
        while (!until.IsCompleted && await pace.WaitForNextTickAsync())
        {
            seconds.AddRange((await Latencies.OfAsync([server], AskAsync)).Seconds);
        }

        return new Latencies(seconds);
    }

    private static Task AskAsync(ServedApp server) => server.Browser.GetByteArrayAsync(new Uri("/library", UriKind.Relative));

    private static FigureRow Memory(int count, TimeSpan held, int alive, long opened, long each, long floor)
    {
        var (limit, ratio) = (Limit.NoMore(2, 2), (double)opened / floor);
        return new FigureRow("P17", string.Create(CultureInfo.InvariantCulture, $"memory of each of {count:N0} circuits on the library, held for {held.TotalMinutes:0.#} minutes"), "a bare page of 36 cards with two handlers each")
        {
            Ratio = ratio,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{opened / 1e3:0} kB against {floor / 1e3:0} kB, {each / 1e3:0} kB at the end; {alive:N0} of {count:N0} alive at the end"),
            Must = $"{limit.Told(limit.Must)}, none dropped",
            Reached = alive == count && limit.Holds(ratio, limit.Must) ? "must" : FigureRow.Missed,
        };
    }

    private static FigureRow Events(int count, IReadOnlyList<double> events, double alone)
    {
        var p99 = Percentile.Of(events, 0.99);
        return new FigureRow("P17", string.Create(CultureInfo.InvariantCulture, $"a filter chosen every 10 seconds on each of {count:N0} circuits, until its cards come: p99"), "the same with 10 circuits")
        {
            Ratio = p99 / alone,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{Write.Seconds(p99)} against {Write.Seconds(alone)}; p50 {Write.Seconds(Percentile.Of(events, 0.5))}, {events.Count:N0} choices"),
            Must = $"≤ {Write.Seconds(MostSeconds)}",
            Reached = p99 <= MostSeconds ? "must" : FigureRow.Missed,
        };
    }

    private static FigureRow Pages(int count, Latencies busy, Latencies resting) =>
        new("P17", string.Create(CultureInfo.InvariantCulture, $"the library's page over HTTP while {count:N0} circuits are browsed: p99"), "the same server before")
        {
            Ratio = busy.P99 / resting.P99,
            Detail = $"{Write.Seconds(busy.P99)} against {Write.Seconds(resting.P99)}; p50 {Write.Seconds(busy.Median)} against {Write.Seconds(resting.Median)}",
        };
}
