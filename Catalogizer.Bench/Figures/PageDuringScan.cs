using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A page of the library over HTTP while another source is being scanned, against the same server at rest.</summary>
internal sealed class PageDuringScan : IFigure
{
    private const double MostMilliseconds = 20;
    private const int AtRest = 500;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    public string Name => "page-during-scan";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, large, added) = (await PublishedApp.BuildAsync(), MediaTree.Of(1_000_000), MediaTree.Of(100_000));
        var catalogue = await Catalogue.OfAsync(app, large);
        return
        [
            await RowAsync(app, quick, () => Catalogue.CopyAsync(catalogue, "busy"), added,
                string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP, {large.Files:N0} files, while a source of {added.Files:N0} is added: p99")),
            await RowAsync(app, quick, () => Task.FromResult(BenchFolder.Fresh("busy")), large,
                string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP during the first scan of {large.Files:N0} files: p99")),
        ];
    }

    private static async Task<FigureRow> RowAsync(PublishedApp app, bool quick, Func<Task<string>> data, MediaTree tree, string what)
    {
        var measured = new List<(Latencies Idle, Latencies Busy)>();
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            await using var server = await ServedApp.StartAsync(app, await data());
            await server.LogInAsync();
            await AskAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), AtRest);   // warm
            var source = (await server.PostAsync("/api/v1/sources", new { name = "Added", protocol = "local", path = tree.Path })).GetProperty("id").GetInt64();
            var busy = await AskAsync(server, server.ScanAsync(source, "full"), int.MaxValue);
            measured.Add((await AskAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), AtRest), busy));
        }

        var limit = Limit.NoMore(10, 4);
        var ratio = Spread.Of(measured.Select(m => m.Busy.P99 / m.Idle.P99));
        var p99 = Spread.Of(measured.Select(m => m.Busy.P99)).Median;
        return new FigureRow("P16", what, "the same server at rest")
        {
            Detail = $"{Write.Seconds(p99)} against {Write.Seconds(Spread.Of(measured.Select(m => m.Idle.P99)).Median)}; p50 {Write.Seconds(Spread.Of(measured.Select(m => m.Busy.Median)).Median)} against {Write.Seconds(Spread.Of(measured.Select(m => m.Idle.Median)).Median)}",
            Must = $"{limit.Told(limit.Must)} and ≤ {MostMilliseconds:0} ms",
            Goal = limit.Told(limit.Goal),
            Reached = 1000 * p99 > MostMilliseconds ? FigureRow.Missed : limit.Verdict(ratio.Median),
        }.With(ratio);
    }

    /// <summary>Asks for pages at an even pace until something ends or there are enough.</summary>
    public static async Task<Latencies> AskAsync(ServedApp server, Task until, int most)
    {
        using var pace = new PeriodicTimer(Pace);
        var asked = new List<double>();
        while (!until.IsCompleted && asked.Count < most && await pace.WaitForNextTickAsync())
        {
            asked.AddRange((await Latencies.OfAsync([""], _ => server.Client.GetByteArrayAsync(new Uri("/api/v1/media?limit=50", UriKind.Relative)))).Seconds);
        }

        if (most == int.MaxValue)
        {
            await until;
        }

        return new Latencies(asked);
    }
}
