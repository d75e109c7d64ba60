using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>
/// Hours of everything at once: scans of a folder that changes and of a share whose server hangs now and then, circuits that browse,
/// pages, edits. What the server holds and how fast it answers at the end is held against the beginning.
/// </summary>
internal sealed class Soak(TimeSpan duration) : IFigure
{
    private const int Files = 20_000;
    private const int OpenCircuits = 200;
    private static readonly TimeSpan PagePace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EditPace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ScanPace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCalm = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(25);

    private readonly Stopwatch _watch = new();
    private readonly ConcurrentBag<(TimeSpan At, double Seconds)> _pages = [];
    private readonly List<Held> _held = [];
    private int _failed;
    private int _scans;
    private int _edits;
    private int _hangs;

    public string Name => "soak";

    /// <summary>The first hour and the last, or the first half and the last.</summary>
    private TimeSpan Part => duration / 2 < TimeSpan.FromHours(1) ? duration / 2 : TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var app = await PublishedApp.BuildAsync();
        var here = MediaTree.Under(BenchFolder.Fresh("soak-files"), Files);
        await using var files = await FileServer.OfAsync(MediaTree.Of(1_000).Path);
        var data = BenchFolder.Fresh("soak");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        var local = await AddAsync(server, new { name = "Here", protocol = "local", path = here.Path });
        var share = await AddAsync(server, new { name = "Away", protocol = "smb", host = "127.0.0.1", port = files.Port, share = "tree" });
        await server.ScanAsync(local, "full");
        await server.ScanAsync(share, "full");
        await using var circuits = await Circuits.OpenAsync(server, "/library", Circuits.Card, OpenCircuits);

        _watch.Start();
        using var end = new CancellationTokenSource(duration);
        await Task.WhenAll(
            circuits.BrowseAsync(duration),
            EveryAsync(PagePace, () => PageAsync(server), end.Token),
            EveryAsync(EditPace, () => EditAsync(server), end.Token),
            EveryAsync(ScanPace, () => ScanAsync(server, local, here), end.Token),
            EveryAsync(duration / 6 < LongestCalm ? duration / 6 : LongestCalm, () => HangAsync(server, files, share), end.Token),
            EveryAsync(duration / 40, () => HoldAsync(server, data), end.Token));
        return Rows(circuits.Alive, (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/errors")).GetProperty("errors").GetArrayLength());
    }

    private static async Task<long> AddAsync(ServedApp server, object source) => (await server.PostAsync("/api/v1/sources", source)).GetProperty("id").GetInt64();

    /// <summary>Does something at an even pace until the end; what it could not do is counted.</summary>
    private async Task EveryAsync(TimeSpan pace, Func<Task> act, CancellationToken end)
    {
        using var timer = new PeriodicTimer(pace);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                try
                {
                    await act();
                }
                catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or TimeoutException)
                {
                    Interlocked.Increment(ref _failed);
                    await Console.Error.WriteLineAsync($"{_watch.Elapsed:hh\\:mm\\:ss} {exception.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }
    }

    private async Task PageAsync(ServedApp server)
    {
        var started = _watch.Elapsed;
        await server.Client.GetByteArrayAsync(new Uri("/api/v1/media?limit=50", UriKind.Relative));
        _pages.Add((started, (_watch.Elapsed - started).TotalSeconds));
    }

    private async Task EditAsync(ServedApp server)
    {
        var items = (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=50")).GetProperty("items");
        var item = items[_edits++ % items.GetArrayLength()].GetProperty("id").GetInt64();
        using var edited = await server.Client.PutAsJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/media/{item}"), new { rating = _edits % 10 });
        edited.EnsureSuccessStatusCode();
    }

    /// <summary>A few files come, as many go, and a scan sees to it: quick and full by turns.</summary>
    private async Task ScanAsync(ServedApp server, long source, MediaTree tree)
    {
        const int Changes = 10;     // more would pause the scan for review
        var folder = Path.Combine(tree.Path, "Arrivals");
        if (Directory.Exists(folder) && _scans % 2 == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            Directory.CreateDirectory(folder);
            for (var i = 0; i < Changes; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"Arrival {i} ({1980 + (_scans % 40)}).mkv")), "");
            }
        }

        await server.ScanAsync(source, _scans++ % 2 == 0 ? "full" : "quick");
    }

    /// <summary>The share's server hangs in the middle of a scan, comes back, and is reconnected to.</summary>
    private async Task HangAsync(ServedApp server, FileServer files, long share)
    {
        await files.FreezeAsync();
        try
        {
            await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/scan"), new { kind = "full" });
            await Task.Delay(Hang);
        }
        finally
        {
            await files.ThawAsync();
        }

        _hangs++;
        await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/reconnect"), new { });
    }

    /// <summary>Notes what the server holds.</summary>
    private async Task HoldAsync(ServedApp server, string data)
    {
        var wal = new FileInfo(Path.Combine(data, "catalogizer.db-wal"));
        _held.Add(new Held(_watch.Elapsed, await server.SettledBytesAsync(), server.Handles, server.Threads, wal.Exists ? wal.Length : 0));
    }

    private IReadOnlyList<FigureRow> Rows(int alive, int errors)
    {
        var told = duration.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} hours") : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} minutes");
        var (what, against) = ($"{told} of scans, hangs of a share, {OpenCircuits} circuits, pages and edits", Part.TotalHours >= 1 ? "the first hour" : "the first half");
        var whole = _failed == 0 && alive == OpenCircuits;
        return
        [
            Row($"{what}: resident memory after a collection, in the last", against, Last(h => h.Bytes), First(h => h.Bytes), 1.15, whole,
                bytes => Write.Megabytes((long)bytes),
                string.Create(CultureInfo.InvariantCulture, $"; {_scans:N0} scans, {_hangs} hangs, {_pages.Count:N0} pages, {_edits:N0} edits, {_failed} of them failed; {alive} of {OpenCircuits} circuits alive; WAL {_held[^1].Wal / 1e6:0.0} MB, at most {_held.Max(h => h.Wal) / 1e6:0.0} MB; {errors} kinds of error in the log")),
            Row($"{what}: handles, in the last", against, Last(h => h.Handles), First(h => h.Handles), 1.05, whole, n => n.ToString("N0", CultureInfo.InvariantCulture), ""),
            Row($"{what}: threads, in the last", against, Last(h => h.Threads), First(h => h.Threads), 1.05, whole, n => n.ToString("N0", CultureInfo.InvariantCulture), ""),
            Row($"{what}: p99 of a page of 50 over HTTP, in the last", against, P99(at => at >= duration - Part), P99(at => at < Part), 1.3, whole, Write.Seconds, ""),
        ];
    }

    private double First(Func<Held, double> figure) => Spread.Of(_held.Where(h => h.At < Part).Select(figure)).Median;

    private double Last(Func<Held, double> figure) => Spread.Of(_held.Where(h => h.At >= duration - Part).Select(figure)).Median;

    private double P99(Func<TimeSpan, bool> isIn) => Percentile.Of([.. _pages.Where(page => isIn(page.At)).Select(page => page.Seconds)], 0.99);

    private static FigureRow Row(string what, string against, double last, double first, double most, bool whole, Func<double, string> told, string note) => new("R10", what, against)
    {
        Ratio = last / first,
        Detail = $"{told(last)} against {told(first)}{note}",
        Must = $"≤ {Write.Times(most)}",
        Reached = whole && last / first <= most ? "must" : FigureRow.Missed,
    };

    private sealed record Held(TimeSpan At, long Bytes, int Handles, int Threads, long Wal);
}
