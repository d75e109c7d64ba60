using System.Globalization;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Analytics;

/// <summary>A column of numbers.</summary>
public sealed record AnalyticsColumn(string Title, bool IsBytes = false)
{
    /// <summary>Formats a number for display: sizes with a unit, counts with thousands separators.</summary>
    public string Format(long number) => IsBytes ? ByteSize.Format(number) : number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A row of a table.</summary>
/// <param name="Label">Raw text, since titles and paths come from files. Pages show <see cref="DisplayLabel"/>.</param>
/// <param name="Href">Page that lists what the row counts; null when there is none.</param>
/// <param name="Numbers">One per column; the first one sets the length of the bar.</param>
public sealed record AnalyticsRow(string Label, string? Href, IReadOnlyList<long> Numbers)
{
    public string DisplayLabel => DisplayName.From(Label);
}

/// <summary>The data of a chart as a table, for reading and for download.</summary>
/// <param name="Name">The table's name in its URL.</param>
public sealed record AnalyticsTable(string Name, string Title, string RowHeader, IReadOnlyList<AnalyticsColumn> Columns, IReadOnlyList<AnalyticsRow> Rows)
{
    private const int MaxBars = 12;

    /// <summary>Merges the first rows of an ordered table into one when there are too many for bars. Null when only the largest rows get bars.</summary>
    public Func<IReadOnlyList<AnalyticsRow>, AnalyticsRow>? Merge { get; init; }

    /// <summary>The rows drawn as bars. Rows whose first number is zero are left out.</summary>
    public IReadOnlyList<AnalyticsRow> Bars
    {
        get
        {
            var rows = NonEmptyRows;
            return rows.Count <= MaxBars ? rows
                : Merge is null ? [.. rows.Take(MaxBars)]
                : [Merge([.. rows.SkipLast(MaxBars - 1)]), .. rows.TakeLast(MaxBars - 1)];
        }
    }

    /// <summary>Number of rows that appear in the table but have no bar.</summary>
    public int OmittedBarCount => Merge is null ? Math.Max(0, NonEmptyRows.Count - MaxBars) : 0;

    private List<AnalyticsRow> NonEmptyRows => [.. Rows.Where(r => r.Numbers[0] > 0)];

    /// <summary>Header and rows for export; sizes in bytes.</summary>
    public IEnumerable<IEnumerable<object?>> ToCells() =>
    [
        [RowHeader, .. Columns.Select(c => c.IsBytes ? "Bytes" : c.Title)],
        .. Rows.Select(row => (IEnumerable<object?>)[row.Label, .. row.Numbers.Cast<object?>()]),
    ];
}

/// <summary>Creates the analytics tables from a snapshot.</summary>
public static class AnalyticsTables
{
    private static readonly AnalyticsColumn Items = new("Works");
    private static readonly AnalyticsColumn Versions = new("Copies");
    private static readonly AnalyticsColumn Files = new("Files");
    private static readonly AnalyticsColumn Size = new("Size", IsBytes: true);

    public const string GrowthName = "growth";

    public static IReadOnlyList<string> Names { get; } =
        [GrowthName, "types", "sources", "resolutions", "codecs", "decades", "sizes", "largest-works", "largest-files"];

    public static AnalyticsTable CreateGrowth(Growth growth) => new(
        GrowthName, "Growth", "Day", [Items, Files, Size],
        [.. growth.Days.Select(d => new AnalyticsRow(d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null, [d.Works, d.Files, d.Bytes]))]);

    /// <param name="sources">Source names by id.</param>
    public static IReadOnlyList<AnalyticsTable> Create(AnalyticsReport report, IReadOnlyDictionary<long, string> sources)
    {
        AnalyticsTable CreateTable(
            string name, string title, string rowHeader, SnapshotFacet facet, IReadOnlyList<AnalyticsColumn> columns, Func<SnapshotCount, (string Label, string? Address)> row, Func<SnapshotCount, long[]> numbers, bool inOrder = false)
        {
            var counts = report.Counts[facet].Select(c => (Count: c, Numbers: numbers(c))).Where(c => Array.Exists(c.Numbers, n => n > 0));
            var ordered = inOrder ? counts.OrderBy(c => long.Parse(c.Count.Value, CultureInfo.InvariantCulture)) : counts.OrderByDescending(c => c.Numbers[0]).ThenBy(c => c.Count.Value, StringComparer.Ordinal);
            return new AnalyticsTable(name, title, rowHeader, columns, [.. ordered.Select(c => new AnalyticsRow(row(c.Count).Label, row(c.Count).Address, c.Numbers))]);
        }

        AnalyticsTable CreateLargest(string name, string title, string rowHeader, LargestList list) => new(
            name, title, rowHeader, [Size],
            [.. report.Largest[list].Select(l => new AnalyticsRow(
                l.SourceId is { } source ? $"{GetSourceName(source)}: {l.Name}" : l.Name, l.ItemId is { } item ? CatalogUrls.Item(item) : null, [l.Bytes]))]);

        string GetSourceName(long id) => sources.GetValueOrDefault(id) ?? string.Create(CultureInfo.InvariantCulture, $"Source {id}");

        return
        [
            CreateTable("types", "Types", "Type", SnapshotFacet.Type, [Items, Files, Size], c => DescribeType(c.Value), c => [c.Works, c.Files, c.Bytes]),
            CreateTable("sources", "Sources", "Source", SnapshotFacet.Source, [Items, Files, Size], c => DescribeSource(c.Value), c => [c.Works, c.Files, c.Bytes]),
            CreateTable("resolutions", "Resolution", "Resolution", SnapshotFacet.Resolution, [Items, Versions, Size], c => (c.Value, CatalogUrls.Library(new MediaQuery { Resolution = c.Value })), c => [c.Works, c.Versions, c.Bytes]),
            CreateTable("codecs", "Codec", "Codec", SnapshotFacet.Codec, [Items, Versions, Size], c => (c.Value, CatalogUrls.Library(new MediaQuery { Codec = c.Value })), c => [c.Works, c.Versions, c.Bytes]),
            CreateTable("decades", "Decades", "Decade", SnapshotFacet.Decade, [Items], c => DescribeDecade(c.Value), c => [c.Works], inOrder: true) with { Merge = MergeOlderDecades },
            CreateTable("sizes", "File sizes", "Size", SnapshotFacet.Size, [Files, Size], c => (FormatSizeBand(c.Value), null), c => [c.Files, c.Bytes], inOrder: true),
            CreateLargest("largest-works", "Largest works", "Work", LargestList.Work),
            CreateLargest("largest-files", "Largest files", "File", LargestList.File),
        ];

        (string, string?) DescribeSource(string value)
        {
            var id = long.Parse(value, CultureInfo.InvariantCulture);
            return (GetSourceName(id), CatalogUrls.Library(new MediaQuery { Source = id }));
        }
    }

    private static (string Label, string? Address) DescribeType(string apiName) => MediaTypes.TryParse(apiName, out var type)
        ? (type.Plural(), CatalogUrls.Library(new MediaQuery { Type = type }))
        : (apiName, null);

    private static (string Label, string? Address) DescribeDecade(string value)
    {
        var first = int.Parse(value, CultureInfo.InvariantCulture);
        return (value + "s", CatalogUrls.Library(new MediaQuery { YearFrom = first, YearTo = first + 9 }));
    }

    private static AnalyticsRow MergeOlderDecades(IReadOnlyList<AnalyticsRow> decades)
    {
        var next = int.Parse(decades[^1].Label.TrimEnd('s'), CultureInfo.InvariantCulture) + 10;
        return new AnalyticsRow(
            string.Create(CultureInfo.InvariantCulture, $"Before {next}"), CatalogUrls.Library(new MediaQuery { YearTo = next - 1 }), [decades.Sum(d => d.Numbers[0])]);
    }

    private static string FormatSizeBand(string value)
    {
        var start = long.Parse(value, CultureInfo.InvariantCulture);
        var next = SizeBands.Starts.FirstOrDefault(s => s > start);
        return next == 0 ? $"{ByteSize.Format(start)} and more" : start == 0 ? $"Under {ByteSize.Format(next)}" : $"{ByteSize.Format(start)} to {ByteSize.Format(next)}";
    }
}
