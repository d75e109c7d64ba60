using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;

namespace Catalogizer.Bench.Figures;

/// <summary>Pages of the library at any depth, compared with the first page of the same sort order.</summary>
internal sealed class PagingScenario : IScenario
{
    private const double MaxMilliseconds = 5;

    public string Name => "pages";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var data = await BenchCatalog.GetOrScanAsync(await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000));
        await using var catalog = BenchCatalog.Open(data);
        var itemCount = catalog.QueryInt64("SELECT count(*) FROM media_items WHERE is_work = 1");
        var calls = quick ? 200 : 1000;
        return
        [
            CreateRow("by cursor, at random depth", itemCount, await FindWorstSortAsync(sort => MeasureByCursorAsync(catalog, sort, calls))),
            CreateRow("the scrolling list's, at random depth", itemCount, await FindWorstSortAsync(sort => MeasureByOffsetAsync(catalog, sort, (int)itemCount, calls))),
        ];
    }

    /// <summary>Measures every sort order and returns the worst one.</summary>
    private static async Task<(MediaSort Sort, Latencies First, Latencies Deep)> FindWorstSortAsync(Func<MediaSort, Task<(Latencies First, Latencies Deep)>> measure)
    {
        var measured = new List<(MediaSort Sort, Latencies First, Latencies Deep)>();
        foreach (var sort in Enum.GetValues<MediaSort>())
        {
            var (first, deep) = await measure(sort);
            measured.Add((sort, first, deep));
        }

        return measured.MaxBy(m => m.Deep.P99 / m.First.P99);
    }

    private static async Task<(Latencies First, Latencies Deep)> MeasureByCursorAsync(BenchCatalog catalog, MediaSort sort, int calls)
    {
        var cursors = new List<string?> { null };
        for (string? cursor = null; cursors.Count == 1 || cursor is not null;)
        {
            cursor = (await ReadPageAsync(catalog, sort, cursor, 200)).NextCursor;
            if (cursor is not null)
            {
                cursors.Add(cursor);
            }
        }

        return await MeasureAlternatelyAsync(calls, cursors.Count, place => ReadPageAsync(catalog, sort, cursors[place], 50));
    }

    private static Task<(Latencies First, Latencies Deep)> MeasureByOffsetAsync(BenchCatalog catalog, MediaSort sort, int itemCount, int calls) =>
        MeasureAlternatelyAsync(calls, itemCount, place => catalog.Media.WindowAsync(Actor.System, new MediaQuery { Sort = sort }, place, 50, CancellationToken.None));

    /// <summary>Alternates between the first page and random pages, so that slow drift affects both alike.</summary>
    private static async Task<(Latencies First, Latencies Deep)> MeasureAlternatelyAsync(int calls, int places, Func<int, Task> page)
    {
        var (first, deep) = (new List<double>(), new List<double>());
        var random = new Random(20250601);
        for (var batch = 0; batch < calls / 50; batch++)
        {
            first.AddRange((await Latencies.MeasureAsync(Enumerable.Repeat(0, 50), page)).Seconds);
            deep.AddRange((await Latencies.MeasureAsync(Enumerable.Range(0, 50).Select(_ => random.Next(places)), page)).Seconds);
        }

        return (new Latencies(first), new Latencies(deep));
    }

    private static async Task<MediaPage> ReadPageAsync(BenchCatalog catalog, MediaSort sort, string? cursor, int limit) =>
        (await catalog.Media.PageAsync(Actor.System, new MediaQuery { Sort = sort, Cursor = cursor, Limit = limit }, CancellationToken.None)).Value;

    private static ResultRow CreateRow(string how, long itemCount, (MediaSort Sort, Latencies First, Latencies Deep) worst)
    {
        var limit = Limit.Maximum(2, 1.2);
        var ratio = worst.Deep.P99 / worst.First.P99;
        var milliseconds = 1000 * worst.Deep.P99;
        return new ResultRow("P11", string.Create(CultureInfo.InvariantCulture, $"a page of 50 works {how}, of {itemCount:N0}, every sort: p99"), "page one of the same sort")
        {
            Ratio = ratio,
            Detail = $"{ResultFormatter.FormatSeconds(worst.Deep.P99)} against {ResultFormatter.FormatSeconds(worst.First.P99)}; p50 {ResultFormatter.FormatSeconds(worst.Deep.Median)} against {ResultFormatter.FormatSeconds(worst.First.Median)}; worst sort order: `{worst.Sort.ToApiName()}`",
            Must = $"{limit.Format(limit.Must)} and ≤ {MaxMilliseconds:0} ms",
            Goal = limit.Format(limit.Goal),
            Reached = milliseconds > MaxMilliseconds ? ResultRow.Missed : limit.Evaluate(ratio),
        };
    }
}
