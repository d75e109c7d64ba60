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
/// Hours of everything at once: scans of a changing folder and of a share whose file server sometimes hangs, circuits that browse, pages,
/// edits. Compares memory, handles, threads and latency at the end with those at the beginning.
/// </summary>
internal sealed class SoakScenario(TimeSpan duration) : IScenario
{
    private const int FileCount = 20_000;
    private const int CircuitCount = 200;
    private static readonly TimeSpan PageInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EditInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxHangInterval = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan HangDuration = TimeSpan.FromSeconds(25);

    private readonly Stopwatch _stopwatch = new();
    private readonly ConcurrentBag<(TimeSpan At, double Seconds)> _pageTimes = [];
    private readonly List<ResourceSample> _resourceSamples = [];
    private int _failureCount;
    private int _scanCount;
    private int _editCount;
    private int _hangCount;

    public string Name => "soak";

    /// <summary>Length of the compared periods at the start and at the end: one hour, or half of a shorter run.</summary>
    private TimeSpan ComparisonWindow => duration / 2 < TimeSpan.FromHours(1) ? duration / 2 : TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var app = await PublishedApp.BuildAsync();
        var localTree = MediaTree.GetOrCreateIn(BenchFolder.CreateEmpty("soak-files"), FileCount);
        await using var files = await FileServer.CreateAsync(MediaTree.GetOrCreate(1_000).Path);
        var data = BenchFolder.CreateEmpty("soak");
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        var local = await AddSourceAsync(server, new { name = "Here", protocol = "local", path = localTree.Path });
        var share = await AddSourceAsync(server, new { name = "Away", protocol = "smb", host = "127.0.0.1", port = files.Port, share = "tree" });
        await server.ScanAsync(local, "full");
        await server.ScanAsync(share, "full");
        await using var circuits = await BlazorCircuitPool.OpenAsync(server, "/library", BlazorCircuitPool.CardMarker, CircuitCount);

        _stopwatch.Start();
        using var end = new CancellationTokenSource(duration);
        await Task.WhenAll(
            circuits.BrowseAsync(duration),
            RepeatAsync(PageInterval, () => RequestPageAsync(server), end.Token),
            RepeatAsync(EditInterval, () => EditItemAsync(server), end.Token),
            RepeatAsync(ScanInterval, () => ChangeAndScanAsync(server, local, localTree), end.Token),
            RepeatAsync(duration / 6 < MaxHangInterval ? duration / 6 : MaxHangInterval, () => HangShareAsync(server, files, share), end.Token),
            RepeatAsync(duration / 40, () => SampleResourcesAsync(server, data), end.Token));
        return CreateRows(circuits.AliveCount, (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/errors")).GetProperty("errors").GetArrayLength());
    }

    private static async Task<long> AddSourceAsync(ServedApp server, object source) => (await server.PostAsync("/api/v1/sources", source)).GetProperty("id").GetInt64();

    /// <summary>Repeats an action at a constant rate until the end, and counts its failures.</summary>
    private async Task RepeatAsync(TimeSpan interval, Func<Task> act, CancellationToken end)
    {
        using var timer = new PeriodicTimer(interval);
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
                    Interlocked.Increment(ref _failureCount);
                    await Console.Error.WriteLineAsync($"{_stopwatch.Elapsed:hh\\:mm\\:ss} {exception.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The duration is over.
        }
    }

    private async Task RequestPageAsync(ServedApp server)
    {
        var started = _stopwatch.Elapsed;
        await server.Client.GetByteArrayAsync(new Uri("/api/v1/media?limit=50", UriKind.Relative));
        _pageTimes.Add((started, (_stopwatch.Elapsed - started).TotalSeconds));
    }

    private async Task EditItemAsync(ServedApp server)
    {
        var items = (await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=50")).GetProperty("items");
        var item = items[_editCount++ % items.GetArrayLength()].GetProperty("id").GetInt64();
        using var edited = await server.Client.PutAsJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/media/{item}"), new { rating = _editCount % 10 });
        edited.EnsureSuccessStatusCode();
    }

    /// <summary>Alternately adds and deletes a few files, and scans each time: full and quick in turn.</summary>
    private async Task ChangeAndScanAsync(ServedApp server, long source, MediaTree tree)
    {
        const int Changes = 10;     // more would pause the scan for review
        var folder = Path.Combine(tree.Path, "Arrivals");
        if (Directory.Exists(folder) && _scanCount % 2 == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            Directory.CreateDirectory(folder);
            for (var i = 0; i < Changes; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"Arrival {i} ({1980 + (_scanCount % 40)}).mkv")), "");
            }
        }

        await server.ScanAsync(source, _scanCount++ % 2 == 0 ? "full" : "quick");
    }

    /// <summary>The share's file server hangs in the middle of a scan, resumes, and is reconnected.</summary>
    private async Task HangShareAsync(ServedApp server, FileServer files, long share)
    {
        await files.FreezeAsync();
        try
        {
            await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/scan"), new { kind = "full" });
            await Task.Delay(HangDuration);
        }
        finally
        {
            await files.ThawAsync();
        }

        _hangCount++;
        await server.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/sources/{share}/reconnect"), new { });
    }

    private async Task SampleResourcesAsync(ServedApp server, string data)
    {
        var wal = new FileInfo(Path.Combine(data, "catalogizer.db-wal"));
        _resourceSamples.Add(new ResourceSample(_stopwatch.Elapsed, await server.MeasureSettledBytesAsync(), server.Handles, server.Threads, wal.Exists ? wal.Length : 0));
    }

    private IReadOnlyList<ResultRow> CreateRows(int alive, int errors)
    {
        var durationText = duration.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} hours") : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} minutes");
        var (what, against) = ($"{durationText} of scans, hangs of a share, {CircuitCount} circuits, pages and edits", ComparisonWindow.TotalHours >= 1 ? "the first hour" : "the first half");
        var whole = _failureCount == 0 && alive == CircuitCount;
        return
        [
            CreateRow($"{what}: resident memory after a collection, in the last", against, MedianOfLast(h => h.Bytes), MedianOfFirst(h => h.Bytes), 1.15, whole,
                bytes => ResultFormatter.FormatMegabytes((long)bytes),
                string.Create(CultureInfo.InvariantCulture, $"; {_scanCount:N0} scans, {_hangCount} hangs, {_pageTimes.Count:N0} pages, {_editCount:N0} edits, {_failureCount} of them failed; {alive} of {CircuitCount} circuits alive; WAL {_resourceSamples[^1].WalBytes / 1e6:0.0} MB, at most {_resourceSamples.Max(h => h.WalBytes) / 1e6:0.0} MB; {errors} kinds of error in the log")),
            CreateRow($"{what}: handles, in the last", against, MedianOfLast(h => h.Handles), MedianOfFirst(h => h.Handles), 1.05, whole, n => n.ToString("N0", CultureInfo.InvariantCulture), ""),
            CreateRow($"{what}: threads, in the last", against, MedianOfLast(h => h.Threads), MedianOfFirst(h => h.Threads), 1.05, whole, n => n.ToString("N0", CultureInfo.InvariantCulture), ""),
            CreateRow($"{what}: p99 of a page of 50 over HTTP, in the last", against, CalculateP99(at => at >= duration - ComparisonWindow), CalculateP99(at => at < ComparisonWindow), 1.3, whole, ResultFormatter.FormatSeconds, ""),
        ];
    }

    private double MedianOfFirst(Func<ResourceSample, double> selector) => Spread.From(_resourceSamples.Where(h => h.Elapsed < ComparisonWindow).Select(selector)).Median;

    private double MedianOfLast(Func<ResourceSample, double> selector) => Spread.From(_resourceSamples.Where(h => h.Elapsed >= duration - ComparisonWindow).Select(selector)).Median;

    private double CalculateP99(Func<TimeSpan, bool> isIn) => Percentile.Calculate([.. _pageTimes.Where(page => isIn(page.At)).Select(page => page.Seconds)], 0.99);

    private static ResultRow CreateRow(string what, string against, double last, double first, double max, bool whole, Func<double, string> format, string note) => new("R10", what, against)
    {
        Ratio = last / first,
        Detail = $"{format(last)} against {format(first)}{note}",
        Must = $"≤ {ResultFormatter.FormatRatio(max)}",
        Reached = whole && last / first <= max ? "must" : ResultRow.Missed,
    };

    private sealed record ResourceSample(TimeSpan Elapsed, long Bytes, int Handles, int Threads, long WalBytes);
}
