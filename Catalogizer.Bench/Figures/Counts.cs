using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Bench.Figures;

/// <summary>Counts and facets as the page shows them, against counting the rows by SQL.</summary>
internal sealed class Counts : IFigure
{
    private const double MostMilliseconds = 2;

    private static readonly string[] Columns = ["media_type", "year", "best_resolution", "best_codec", "holding_id"];

    private static readonly MediaQuery[] Filters =
    [
        new() { Type = MediaType.Movie }, new() { Type = MediaType.TvShow }, new() { Year = 1999 }, new() { YearFrom = 1980, YearTo = 1989 },
        new() { Resolution = "2160p" }, new() { Type = MediaType.Movie, Resolution = "1080p" }, new() { Presence = Presence.Present }, new() { Type = MediaType.Music },
    ];

    public string Name => "counts";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var data = await Catalogue.OfAsync(await PublishedApp.BuildAsync(), MediaTree.Of(1_000_000));
        await using var catalogue = Catalogue.Open(data);
        var works = catalogue.Ask("SELECT count(*) FROM media_items WHERE is_work = 1");
        var calls = quick ? 100 : 1000;
        await PageAsync(catalogue, new MediaQuery { Limit = 1 });

        var exact = (await PageAsync(catalogue, new MediaQuery { Limit = 1 })).Total == works;
        var recounted = await Latencies.OfAsync(Enumerable.Range(0, quick ? 3 : 10), _ => RecountAsync(catalogue, ""));
        var counted = await Latencies.OfAsync(Enumerable.Range(0, calls), _ => PageAsync(catalogue, new MediaQuery { Limit = 1 }));
        var narrowed = await Latencies.OfAsync(Enumerable.Range(0, calls), i => PageAsync(catalogue, Filters[i % Filters.Length] with { Limit = 1 }));
        var renarrowed = await Latencies.OfAsync(Enumerable.Range(0, quick ? 3 : 10), _ => RecountAsync(catalogue, " AND media_type = 0"));
        return
        [
            Row($"counts and facets of all {Told(works)} works, with a page of one work{(exact ? "" : " (WRONG)")}", counted, recounted, Limit.NoMore(0.01, 0.001), MostMilliseconds, exact),
            Row("counts and facets of eight filters, exact to 10,000 hits, with a page of one work", narrowed, renarrowed, null, null, true),
        ];
    }

    private static string Told(long works) => works.ToString("N0", CultureInfo.InvariantCulture);

    private static async Task<MediaPage> PageAsync(Catalogue catalogue, MediaQuery query) =>
        (await catalogue.Media.PageAsync(Actor.System, query, CancellationToken.None)).Value;

    private static Task RecountAsync(Catalogue catalogue, string filter)
    {
        using var connection = catalogue.File.OpenConnection(readOnly: true);
        foreach (var column in Columns)
        {
            using var rows = new Statement(connection, $"SELECT {column}, count(*) FROM media_items WHERE is_work = 1{filter} GROUP BY 1");
            while (rows.Read())
            {
            }
        }

        return Task.CompletedTask;
    }

    private static FigureRow Row(string what, Latencies ours, Latencies recount, Limit? limit, double? mostMilliseconds, bool exact)
    {
        var ratio = ours.Median / recount.Median;
        var row = new FigureRow("P12", what, "recounting the five facets by SQL")
        {
            Unit = FigureRow.OfItsTime,
            Ratio = ratio,
            Detail = $"p50 {Write.Seconds(ours.Median)}, p99 {Write.Seconds(ours.P99)} against {Write.Seconds(recount.Median)}",
        };
        return limit is null ? row : row with
        {
            Must = string.Create(CultureInfo.InvariantCulture, $"≤ 1/{1 / limit.Must:N0} and ≤ {mostMilliseconds} ms"),
            Goal = string.Create(CultureInfo.InvariantCulture, $"≤ 1/{1 / limit.Goal:N0}"),
            Reached = !exact || 1000 * ours.Median > mostMilliseconds ? FigureRow.Missed : limit.Verdict(ratio),
        };
    }
}
