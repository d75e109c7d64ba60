using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>What a share whose server hangs costs the others: a page of the library and the scan of a local source, against the same with the server back.</summary>
internal sealed class HungSource : IFigure
{
    private const int Asked = 500;

    public string Name => "hung-source";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, here, away) = (await PublishedApp.BuildAsync(), MediaTree.Of(100_000), MediaTree.Of(1_000));
        await using var files = await FileServer.OfAsync(away.Path);
        await using var server = await ServedApp.StartAsync(app, BenchFolder.Fresh("hung"));
        await server.LogInAsync();
        var local = await AddAsync(server, new { name = "Here", protocol = "local", path = here.Path });
        var share = await AddAsync(server, new { name = "Away", protocol = "smb", host = "127.0.0.1", port = files.Port, share = "tree" });
        await server.ScanAsync(share, "full");
        await server.ScanAsync(local, "full");
        await CalmAsync(server, local);     // warm
        var rounds = new List<Around>();
        for (var round = 0; round < (quick ? 1 : 4); round++)
        {
            rounds.Add(new Around(await CalmAsync(server, local), await HungAsync(files, server, share, local), await HungAsync(files, server, share, local), await CalmAsync(server, local)));
        }

        return
        [
            Pages(string.Create(CultureInfo.InvariantCulture, $"a page of 50 over HTTP, {here.Files:N0} files, while a share's server hangs: p99"), rounds),
            FigureRow.Of("R4", string.Create(CultureInfo.InvariantCulture, $"full rescan of {here.Files:N0} local files while a share's server hangs: speed"), "the same server with the share back",
                new PairedRuns([.. rounds.Select(r => new Round(r.First.Scan, r.Second.Scan, r.Third.Scan, r.Last.Scan))]), Limit.NoLess(0.9, 0.95)),
        ];
    }

    private static FigureRow Pages(string what, List<Around> rounds)
    {
        var pairs = rounds.SelectMany(r => new[] { (Calm: r.First.Pages, Hung: r.Second.Pages), (Calm: r.Last.Pages, Hung: r.Third.Pages) }).ToList();
        var ratio = Spread.Of(pairs.Select(p => p.Hung.P99 / p.Calm.P99));
        string Against(Func<Latencies, double> figure) => $"{Write.Seconds(Spread.Of(pairs.Select(p => figure(p.Hung))).Median)} against {Write.Seconds(Spread.Of(pairs.Select(p => figure(p.Calm))).Median)}";
        return new FigureRow("R4", what, "the same server with the share back") { Pairs = pairs.Count, Detail = $"{Against(l => l.P99)}; p50 {Against(l => l.Median)}" }
            .With(ratio).Judged(Limit.NoMore(1.2, 1.05));
    }

    private static async Task<long> AddAsync(ServedApp server, object source) => (await server.PostAsync("/api/v1/sources", source)).GetProperty("id").GetInt64();

    private static async Task<Measured> CalmAsync(ServedApp server, long local) =>
        new(await PageDuringScan.AskAsync(server, Task.Delay(TimeSpan.FromMinutes(1)), Asked), await server.ScanAsync(local, "full"));

    /// <summary>A scan of the share hangs in the server all the while, or until the program has seen that the server does.</summary>
    private static async Task<Measured> HungAsync(FileServer files, ServedApp server, long share, long local)
    {
        await files.FreezeAsync();
        long hung;
        Measured measured;
        try
        {
            hung = (await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/scan"), new { kind = "full" })).GetProperty("scanId").GetInt64();
            measured = await CalmAsync(server, local);
        }
        finally
        {
            await files.ThawAsync();
        }

        await EndAsync(server, hung);
        var back = await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/reconnect"), new { });
        await EndAsync(server, back.GetProperty("scanId").GetInt64());
        return measured;
    }

    private static async Task EndAsync(ServedApp server, long scan)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await pace.WaitForNextTickAsync(limit.Token))
        {
            var told = await server.Client.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/api/v1/scans/{scan}"), limit.Token);
            if (told.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                return;
            }
        }
    }

    private sealed record Measured(Latencies Pages, Sample Scan);

    /// <summary>The baseline, ours, ours, the baseline.</summary>
    private sealed record Around(Measured First, Measured Second, Measured Third, Measured Last);
}
