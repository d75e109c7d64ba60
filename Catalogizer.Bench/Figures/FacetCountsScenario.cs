using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Bench.Figures;

/// <summary>Counts and facets as the page shows them, compared with counting the rows in SQL.</summary>
internal sealed class FacetCountsScenario : IScenario
{
    private const double MaxMilliseconds = 2;

    private static readonly string[] FacetColumns = ["media_type", "year", "best_resolution", "best_codec", "holding_id"];

    private static readonly MediaQuery[] Filters =
    [
        new() { Type = MediaType.Movie }, new() { Type = MediaType.TvShow }, new() { Year = 1999 }, new() { YearFrom = 1980, YearTo = 1989 },
        new() { Resolution = "2160p" }, new() { Type = MediaType.Movie, Resolution = "1080p" }, new() { Presence = Presence.Present }, new() { Type = MediaType.Music },
    ];

    public string Name => "counts";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var data = await BenchCatalog.GetOrScanAsync(await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(1_000_000));
        await using var catalog = BenchCatalog.Open(data);
        var itemCount = catalog.QueryInt64("SELECT count(*) FROM media_items WHERE is_work = 1");
        var calls = quick ? 100 : 1000;
        await ReadPageAsync(catalog, new MediaQuery { Limit = 1 });

        var exact = (await ReadPageAsync(catalog, new MediaQuery { Limit = 1 })).Total == itemCount;
        var recounted = await Latencies.MeasureAsync(Enumerable.Range(0, quick ? 3 : 10), _ => RecountAsync(catalog, ""));
        var counted = await Latencies.MeasureAsync(Enumerable.Range(0, calls), _ => ReadPageAsync(catalog, new MediaQuery { Limit = 1 }));
        var narrowed = await Latencies.MeasureAsync(Enumerable.Range(0, calls), i => ReadPageAsync(catalog, Filters[i % Filters.Length] with { Limit = 1 }));
        var renarrowed = await Latencies.MeasureAsync(Enumerable.Range(0, quick ? 3 : 10), _ => RecountAsync(catalog, " AND media_type = 0"));
        return
        [
            CreateRow($"counts and facets of all {FormatCount(itemCount)} works, with a page of one work{(exact ? "" : " (WRONG)")}", counted, recounted, Limit.Maximum(0.01, 0.001), MaxMilliseconds, exact),
            CreateRow("counts and facets of eight filters, exact to 10,000 hits, with a page of one work", narrowed, renarrowed, null, null, true),
        ];
    }

    private static string FormatCount(long itemCount) => itemCount.ToString("N0", CultureInfo.InvariantCulture);

    private static async Task<MediaPage> ReadPageAsync(BenchCatalog catalog, MediaQuery query) =>
        (await catalog.Media.PageAsync(Actor.System, query, CancellationToken.None)).Value;

    private static Task RecountAsync(BenchCatalog catalog, string filter)
    {
        using var connection = catalog.File.OpenConnection(readOnly: true);
        foreach (var column in FacetColumns)
        {
            using var rows = new Statement(connection, $"SELECT {column}, count(*) FROM media_items WHERE is_work = 1{filter} GROUP BY 1");
            while (rows.Read())
            {
            }
        }

        return Task.CompletedTask;
    }

    private static ResultRow CreateRow(string what, Latencies ours, Latencies recount, Limit? limit, double? mostMilliseconds, bool exact)
    {
        var ratio = ours.Median / recount.Median;
        var row = new ResultRow("P12", what, "recounting the five facets by SQL")
        {
            Unit = ResultRow.FractionOfTime,
            Ratio = ratio,
            Detail = $"p50 {ResultFormatter.FormatSeconds(ours.Median)}, p99 {ResultFormatter.FormatSeconds(ours.P99)} against {ResultFormatter.FormatSeconds(recount.Median)}",
        };
        return limit is null ? row : row with
        {
            Must = string.Create(CultureInfo.InvariantCulture, $"≤ 1/{1 / limit.Must:N0} and ≤ {mostMilliseconds} ms"),
            Goal = string.Create(CultureInfo.InvariantCulture, $"≤ 1/{1 / limit.Goal:N0}"),
            Reached = !exact || 1000 * ours.Median > mostMilliseconds ? ResultRow.Missed : limit.Evaluate(ratio),
        };
    }
}
