using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>The thumbnail of a card, for a signed-in user, compared with the shortest response of a bare app.</summary>
internal sealed class ThumbnailScenario : IScenario
{
    private const int ImageBytes = 20_000;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    public string Name => "thumbnails";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var (app, bare) = (await PublishedApp.BuildAsync(), await BareApp.BuildAsync());
        var folder = BenchFolder.CreateEmpty("thumbnail-files");
        Directory.CreateDirectory(Path.Combine(folder, "Wonder (2001)"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Wonder (2001)", "Wonder (2001).mkv"), "");
        await File.WriteAllBytesAsync(Path.Combine(folder, "Wonder (2001)", "poster.jpg"), CreateImage());
        await using var floor = await BareApp.StartAsync(bare);
        await using var server = await ServedApp.StartAsync(app, BenchFolder.CreateEmpty("thumbnails"));
        await server.LogInAsync();
        var source = (await server.PostAsync("/api/v1/sources", new { name = "Films", protocol = "local", path = folder, watch = false })).GetProperty("id").GetInt64();
        await server.ScanAsync(source, "full");
        var address = new Uri(server.Address, await WaitForPosterAsync(server));
        var cookie = $"Cookie: {await server.GetCookieAsync()}";
        using var picture = await server.Client.GetAsync(address);
        var tag = picture.Headers.ETag?.ToString() ?? throw new InvalidOperationException("The picture has no tag.");
        if ((await picture.Content.ReadAsByteArrayAsync()).Length != ImageBytes)
        {
            throw new InvalidOperationException($"{address} is not the picture that was put there.");
        }

        return
        [
            await MeasureRowAsync("a thumbnail that the browser has, requested by a signed-in user (304): answers a second", floor, server, address, quick, Report.Limit.Minimum(0.35, 0.6), cookie, $"If-None-Match: {tag}"),
            await MeasureRowAsync("a thumbnail of 20 kB, requested by a signed-in user: answers a second", floor, server, address, quick, Report.Limit.Minimum(0.2, 0.35), cookie),
        ];
    }

    private static async Task<ResultRow> MeasureRowAsync(string what, ServedApp floor, ServedApp server, Uri address, bool quick, Limit limit, params string[] headers)
    {
        var duration = TimeSpan.FromSeconds(quick ? 2 : 5);
        var ping = new Uri(floor.Address, "/ping");
        await LoadResult.MeasureAsync(address, duration, headers);     // warm-up: compiled and cached
        await LoadResult.MeasureAsync(ping, duration);
        var ours = new List<LoadResult>();
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, async () => ToSample(await LoadResult.MeasureAsync(ping, duration)), async () =>
        {
            ours.Add(await LoadResult.MeasureAsync(address, duration, headers));
            return ToSample(ours[^1]);
        });
        double Median(Func<LoadResult, double> selector) => Spread.From(ours.Select(selector)).Median;
        return new ResultRow("P18", what, "a bare app's `/ping`")
        {
            Pairs = runs.Pairs.Count,
            Dropped = runs.Dropped,
            Noisy = runs.IsNoisy,
            Detail = string.Create(CultureInfo.InvariantCulture, $"{1 / runs.MedianOfOurs(o => o.Seconds):N0} against {1 / runs.MedianOfBaseline(b => b.Seconds):N0} a second, 16 connections; p50 {ResultFormatter.FormatSeconds(Median(l => l.P50))}, p99 {ResultFormatter.FormatSeconds(Median(l => l.P99))}"),
        }.WithRatio(runs.CalculateSpread((b, o) => b.Seconds / o.Seconds)).WithVerdict(limit);
    }

    private static Sample ToSample(LoadResult load) => new(1 / load.RequestsPerSecond, 0, 0, 0);

    /// <summary>The address of the first item's poster, which a job imports from the item's folder after the scan.</summary>
    private static async Task<string> WaitForPosterAsync(ServedApp server)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await timer.WaitForNextTickAsync(timeout.Token))
        {
            var page = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=1", timeout.Token);
            if (page.GetProperty("items")[0].GetProperty("poster").GetString() is { } poster)
            {
                return poster;
            }
        }

        throw new TimeoutException("The poster was not taken.");
    }

    /// <summary>Random bytes with a JPEG header; the content makes no difference to how the file is served.</summary>
    private static byte[] CreateImage()
    {
        var bytes = new byte[ImageBytes];
        new Random(1).NextBytes(bytes);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }.CopyTo(bytes, 0);
        return bytes;
    }
}
