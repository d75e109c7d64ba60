using System.Diagnostics;
using System.Globalization;
using System.Net;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>Page latency and the time of a valid log-in while many failing log-ins from many networks run concurrently.</summary>
internal sealed class LogInScenario : IScenario
{
    private const int ConcurrentLogIns = 500;
    private const int NetworkCount = 50;
    private const double MaxP99Seconds = 0.05;
    private const double MaxPageSeconds = 0.25;
    private const double MaxLogInSeconds = 5;

    public string Name => "log-ins";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var minSamples = quick ? 200 : 1000;
        var (app, tree) = (await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(100_000));
        await using var server = await ServedApp.StartAsync(app, await BenchCatalog.CopyAsync(await BenchCatalog.GetOrScanAsync(app, tree), "log-ins"));
        await server.LogInAsync();
        await server.PauseJobsAsync();
        await PageDuringScanScenario.MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromSeconds(2)), minSamples);   // warm-up
        var resting = await PageDuringScanScenario.MeasureRequestsAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), minSamples);
        var (pages, known, limited, bursts) = (new List<double>(), new List<double>(), 0, 0);
        while (pages.Count < minSamples)
        {
            bursts++;
            var failing = SendFailingLogInsAsync(server, bursts);
            var succeeding = MeasureValidLogInAsync(server, bursts);
            pages.AddRange((await PageDuringScanScenario.MeasureRequestsAsync(server, Task.WhenAll(failing, succeeding), int.MaxValue)).Seconds);
            limited += await failing;
            known.Add(await succeeding);
        }

        var (during, share) = (new Latencies(pages), limited / (double)(bursts * ConcurrentLogIns));
        return
        [
            new ResultRow("P21", string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP while {ConcurrentLogIns} failing log-ins run at once from {NetworkCount} networks: p99"), "the same server at rest")
            {
                Detail = string.Create(CultureInfo.InvariantCulture, $"{ResultFormatter.FormatSeconds(during.P99)} against {ResultFormatter.FormatSeconds(resting.P99)}, the longest of {pages.Count:N0} {ResultFormatter.FormatSeconds(pages.Max())}; {bursts} times, {share:P0} rejected by the rate limit"),
                Must = $"≤ {ResultFormatter.FormatSeconds(MaxP99Seconds)}, the longest ≤ {ResultFormatter.FormatSeconds(MaxPageSeconds)}",
                Reached = during.P99 <= MaxP99Seconds && pages.Max() <= MaxPageSeconds ? "must" : ResultRow.Missed,
                Ratio = during.P99 / resting.P99,
            },
            new ResultRow("P21", "a valid log-in from another network meanwhile: the longest", "")
            {
                Unit = "s",
                Value = known.Max(),
                Must = $"≤ {ResultFormatter.FormatSeconds(MaxLogInSeconds)}",
                Reached = known.Max() <= MaxLogInSeconds ? "must" : ResultRow.Missed,
            },
        ];
    }

    /// <summary>Sends ten log-ins with unknown user names from each network.</summary>
    /// <returns>How many were rejected by a rate limit (429 or 503).</returns>
    private static async Task<int> SendFailingLogInsAsync(ServedApp server, int burst)
    {
        var networks = Enumerable.Range(0, NetworkCount).Select(network => server.CreateClientFrom(new IPAddress([127, (byte)burst, (byte)network, 1]))).ToList();
        var statuses = await Task.WhenAll(Enumerable.Range(0, ConcurrentLogIns).Select(i => ServedApp.TryLogInAsync(networks[i % NetworkCount], $"nobody{i}", "an invalid password")));
        networks.ForEach(network => network.Dispose());
        return Array.TrueForAll(statuses, status => status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            ? statuses.Count(status => status != HttpStatusCode.Unauthorized)
            : throw new InvalidOperationException($"A failing log-in was answered {string.Join(", ", statuses.Distinct())}.");
    }

    private static async Task<double> MeasureValidLogInAsync(ServedApp server, int burst)
    {
        using var network = server.CreateClientFrom(new IPAddress([127, (byte)burst, 200, 1]));
        var started = Stopwatch.GetTimestamp();
        var status = await ServedApp.TryLogInAsync(network);
        return status == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException($"The valid log-in was answered {status}.");
    }
}
