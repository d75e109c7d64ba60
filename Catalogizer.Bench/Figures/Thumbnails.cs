using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>The picture on a card, for a signed-in user, against a bare app's shortest answer.</summary>
internal sealed class Thumbnails : IFigure
{
    private const int Size = 20_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public string Name => "thumbnails";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var (app, bare) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync());
        var folder = BenchFolder.Fresh("thumbnail-files");
        Directory.CreateDirectory(Path.Combine(folder, "Wonder (2001)"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Wonder (2001)", "Wonder (2001).mkv"), "");
        await File.WriteAllBytesAsync(Path.Combine(folder, "Wonder (2001)", "poster.jpg"), Picture());
        await using var floor = await BareApp.StartAsync(bare);
        await using var server = await ServedApp.StartAsync(app, BenchFolder.Fresh("thumbnails"));
        await server.LogInAsync();
        var source = (await server.PostAsync("/api/v1/sources", new { name = "Films", protocol = "local", path = folder, watch = false })).GetProperty("id").GetInt64();
        await server.ScanAsync(source, "full");
        var address = new Uri(server.Address, await PosterAsync(server));
        var cookie = $"Cookie: {await server.CookieAsync()}";
        using var picture = await server.Client.GetAsync(address);
        var tag = picture.Headers.ETag?.ToString() ?? throw new InvalidOperationException("The picture has no tag.");
        if ((await picture.Content.ReadAsByteArrayAsync()).Length != Size)
        {
            throw new InvalidOperationException($"{address} is not the picture that was put there.");
        }

        return
        [
            await RowAsync("a thumbnail that the browser has, requested by a signed-in user (304): answers a second", floor, server, address, quick, Report.Limit.NoLess(0.35, 0.6), cookie, $"If-None-Match: {tag}"),
            await RowAsync("a thumbnail of 20 kB, requested by a signed-in user: answers a second", floor, server, address, quick, Report.Limit.NoLess(0.2, 0.35), cookie),
        ];
    }

    private static async Task<FigureRow> RowAsync(string what, ServedApp floor, ServedApp server, Uri address, bool quick, Limit limit, params string[] headers)
    {
        var duration = TimeSpan.FromSeconds(quick ? 2 : 5);
        var ping = new Uri(floor.Address, "/ping");
        await Load.OfAsync(address, duration, headers);     // compiled and warm
        await Load.OfAsync(ping, duration);
        var ours = new List<Load>();
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, async () => Took(await Load.OfAsync(ping, duration)), async () =>
        {
            ours.Add(await Load.OfAsync(address, duration, headers));
            return Took(ours[^1]);
        });
        double Median(Func<Load, double> figure) => Spread.Of(ours.Select(figure)).Median;
        return new FigureRow("P18", what, "a bare app's `/ping`")
        {
            Pairs = runs.Pairs.Count,
            Dropped = runs.Dropped,
            Noisy = runs.IsNoisy,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{1 / runs.MedianOfOurs(o => o.Seconds):N0} against {1 / runs.MedianOfBaseline(b => b.Seconds):N0} a second, 16 connections; p50 {Write.Seconds(Median(l => l.P50))}, p99 {Write.Seconds(Median(l => l.P99))}"),
        }.With(runs.Of((b, o) => b.Seconds / o.Seconds)).Judged(limit);
    }

    private static Sample Took(Load load) => new(1 / load.PerSecond, 0, 0, 0);

    /// <summary>The address of the first item's poster, which a job takes from its folder after the scan.</summary>
    private static async Task<string> PosterAsync(ServedApp server)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await pace.WaitForNextTickAsync(limit.Token))
        {
            var page = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=1", limit.Token);
            if (page.GetProperty("items")[0].GetProperty("poster").GetString() is { } poster)
            {
                return poster;
            }
        }

        throw new TimeoutException("The poster was not taken.");
    }

    /// <summary>What begins as a JPEG does; what a picture shows makes no difference to its way.</summary>
    private static byte[] Picture()
    {
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }.CopyTo(bytes, 0);
        return bytes;
    }
}
