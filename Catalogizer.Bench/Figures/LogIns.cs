using System.Diagnostics;
using System.Globalization;
using System.Net;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Page latency and the time of a valid log-in while many failing log-ins run concurrently from many networks.</summary>
internal sealed class LogIns : IFigure
{
    private const int AtOnce = 500;
    private const int Networks = 50;
    private const double MostSeconds = 0.05;
    private const double LongestSeconds = 0.25;
    private const double LongestLogIn = 5;

    public string Name => "log-ins";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var least = quick ? 200 : 1000;
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.Of(100_000));
        await using var server = await ServedApp.StartAsync(app, await Catalogue.CopyAsync(await Catalogue.OfAsync(app, tree), "log-ins"));
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await PageDuringScan.AskAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), least);   // warm
        var resting = await PageDuringScan.AskAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), least);
        var (pages, known, limited, bursts) = (new List<double>(), new List<double>(), 0, 0);
        while (pages.Count < least)
        {
            bursts++;
            var failing = FailAsync(server, bursts);
            var succeeding = SucceedAsync(server, bursts);
            pages.AddRange((await PageDuringScan.AskAsync(server, Task.WhenAll(failing, succeeding), int.MaxValue)).Seconds);
            limited += await failing;
            known.Add(await succeeding);
        }

        var (during, share) = (new Latencies(pages), limited / (double)(bursts * AtOnce));
        return
        [
            new FigureRow("P21", string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP while {AtOnce} failing log-ins run at once from {Networks} networks: p99"), "the same server at rest")
            {
                Detail = string.Create(CultureInfo.InvariantCulture, $"{Write.Seconds(during.P99)} against {Write.Seconds(resting.P99)}, the longest of {pages.Count:N0} {Write.Seconds(pages.Max())}; {bursts} times, {share:P0} rejected by the rate limit"),
                Must = $"≤ {Write.Seconds(MostSeconds)}, the longest ≤ {Write.Seconds(LongestSeconds)}",
                Reached = during.P99 <= MostSeconds && pages.Max() <= LongestSeconds ? "must" : FigureRow.Missed,
                Ratio = during.P99 / resting.P99,
            },
            new FigureRow("P21", "a valid log-in from another network meanwhile: the longest", "")
            {
                Unit = "s",
                Value = known.Max(),
                Must = $"≤ {Write.Seconds(LongestLogIn)}",
                Reached = known.Max() <= LongestLogIn ? "must" : FigureRow.Missed,
            },
        ];
    }

    /// <summary>Sends ten log-ins with unknown user names from each network.</summary>
    /// <returns>How many were rejected by a rate limit (429 or 503).</returns>
    private static async Task<int> FailAsync(ServedApp server, int burst)
    {
        var networks = Enumerable.Range(0, Networks).Select(network => server.ScriptAt(new IPAddress([127, (byte)burst, (byte)network, 1]))).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => ServedApp.TryLogInAsync(networks[i % Networks], $"nobody{i}", "an invalid password")));
        networks.ForEach(network => network.Dispose());
        return Array.TrueForAll(answers, answer => answer is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            ? answers.Count(answer => answer != HttpStatusCode.Unauthorized)
            : throw new InvalidOperationException($"A failing log-in was answered {string.Join(", ", answers.Distinct())}.");
    }

    private static async Task<double> SucceedAsync(ServedApp server, int burst)
    {
        using var network = server.ScriptAt(new IPAddress([127, (byte)burst, 200, 1]));
        var started = Stopwatch.GetTimestamp();
        var answer = await ServedApp.TryLogInAsync(network);
        return answer == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException($"The valid log-in was answered {answer}.");
    }
}
