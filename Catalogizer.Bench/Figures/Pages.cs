using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;

namespace Catalogizer.Bench.Figures;

/// <summary>Pages of the library at any depth, against the first page of the same sort.</summary>
internal sealed class Pages : IFigure
{
    private const double MostMilliseconds = 5;

    public string Name => "pages";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var data = await Catalogue.OfAsync(await PublishedApp.BuildAsync(), MediaTree.Of(1_000_000));
        await using var catalogue = Catalogue.Open(data);
        var works = catalogue.Ask("SELECT count(*) FROM media_items WHERE is_work = 1");
        var calls = quick ? 200 : 1000;
        return
        [
            Row("by cursor, at random depth", works, await WorstAsync(sort => ByCursorAsync(catalogue, sort, calls))),
            Row("the scrolling list's, at random depth", works, await WorstAsync(sort => ByPlaceAsync(catalogue, sort, (int)works, calls))),
        ];
    }

    /// <summary>Every sort is measured; the one that does worst is told.</summary>
    private static async Task<(MediaSort Sort, Latencies First, Latencies Deep)> WorstAsync(Func<MediaSort, Task<(Latencies First, Latencies Deep)>> measure)
    {
        var measured = new List<(MediaSort Sort, Latencies First, Latencies Deep)>();
        foreach (var sort in Enum.GetValues<MediaSort>())
        {
            var (first, deep) = await measure(sort);
            measured.Add((sort, first, deep));
        }

        return measured.MaxBy(m => m.Deep.P99 / m.First.P99);
    }

    private static async Task<(Latencies First, Latencies Deep)> ByCursorAsync(Catalogue catalogue, MediaSort sort, int calls)
    {
        var cursors = new List<string?> { null };
        for (string? cursor = null; cursors.Count == 1 || cursor is not null;)
        {
            cursor = (await PageAsync(catalogue, sort, cursor, 200)).NextCursor;
            if (cursor is not null)
            {
                cursors.Add(cursor);
            }
        }

        return await ByTurnsAsync(calls, cursors.Count, place => PageAsync(catalogue, sort, cursors[place], 50));
    }

    private static Task<(Latencies First, Latencies Deep)> ByPlaceAsync(Catalogue catalogue, MediaSort sort, int works, int calls) =>
        ByTurnsAsync(calls, works, place => catalogue.Media.WindowAsync(Actor.System, new MediaQuery { Sort = sort }, place, 50, CancellationToken.None));

    /// <summary>The first page and a page somewhere, by turns, so that what drifts falls on both.</summary>
    private static async Task<(Latencies First, Latencies Deep)> ByTurnsAsync(int calls, int places, Func<int, Task> page)
    {
        var (first, deep) = (new List<double>(), new List<double>());
        var random = new Random(20250601);
        for (var batch = 0; batch < calls / 50; batch++)
        {
            first.AddRange((await Latencies.OfAsync(Enumerable.Repeat(0, 50), page)).Seconds);
            deep.AddRange((await Latencies.OfAsync(Enumerable.Range(0, 50).Select(_ => random.Next(places)), page)).Seconds);
        }

        return (new Latencies(first), new Latencies(deep));
    }

    private static async Task<MediaPage> PageAsync(Catalogue catalogue, MediaSort sort, string? cursor, int limit) =>
        (await catalogue.Media.PageAsync(Actor.System, new MediaQuery { Sort = sort, Cursor = cursor, Limit = limit }, CancellationToken.None)).Value;

    private static FigureRow Row(string how, long works, (MediaSort Sort, Latencies First, Latencies Deep) worst)
    {
        var limit = Limit.NoMore(2, 1.2);
        var ratio = worst.Deep.P99 / worst.First.P99;
        var milliseconds = 1000 * worst.Deep.P99;
        return new FigureRow("P11", string.Create(CultureInfo.InvariantCulture, $"a page of 50 works {how}, of {works:N0}, every sort: p99"), "page one of the same sort")
        {
            Ratio = ratio,
            Detail = $"{Write.Seconds(worst.Deep.P99)} against {Write.Seconds(worst.First.P99)}; p50 {Write.Seconds(worst.Deep.Median)} against {Write.Seconds(worst.First.Median)}; the worst sort is told: `{worst.Sort.ToApiName()}`",
            Must = $"{limit.Told(limit.Must)} and ≤ {MostMilliseconds:0} ms",
            Goal = limit.Told(limit.Goal),
            Reached = milliseconds > MostMilliseconds ? FigureRow.Missed : limit.Verdict(ratio),
        };
    }
}
