using System.Globalization;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Media;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Analytics;

/// <summary>A column of numbers.</summary>
public sealed record AnalyticsColumn(string Title, bool IsBytes = false)
{
    /// <summary>A number the way people read it.</summary>
    public string Format(long number) => IsBytes ? ByteSize.Format(number) : number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A line of a table.</summary>
/// <param name="Label">As it was found: titles and paths are not ours.</param>
/// <param name="Href">Where what it counts is listed; null where nothing lists it.</param>
/// <param name="Numbers">One for each column; the first is the bar's length.</param>
public sealed record AnalyticsRow(string Label, string? Href, IReadOnlyList<long> Numbers)
{
    public string DisplayLabel => DisplayName.From(Label);
}

/// <summary>What a chart shows, as a table: for those who read rather than look, and to take away.</summary>
/// <param name="Name">The table's word in its address.</param>
public sealed record AnalyticsTable(string Name, string Title, string RowHeader, IReadOnlyList<AnalyticsColumn> Columns, IReadOnlyList<AnalyticsRow> Rows)
{
    private const int MaxBars = 12;

    /// <summary>Makes one row of the first rows of a table in an order, where they are too many for bars; null where the largest are shown instead.</summary>
    public Func<IReadOnlyList<AnalyticsRow>, AnalyticsRow>? Merge { get; init; }

    /// <summary>The rows that are drawn. What there is none of makes no bar.</summary>
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

    /// <summary>How many rows only the table has.</summary>
    public int OmittedBarCount => Merge is null ? Math.Max(0, NonEmptyRows.Count - MaxBars) : 0;

    private List<AnalyticsRow> NonEmptyRows => [.. Rows.Where(r => r.Numbers[0] > 0)];

    /// <summary>Head and rows, for a file.</summary>
    public IEnumerable<IEnumerable<object?>> ToCells() =>
    [
        [RowHeader, .. Columns.Select(c => c.IsBytes ? "Bytes" : c.Title)],
        .. Rows.Select(row => (IEnumerable<object?>)[row.Label, .. row.Numbers.Cast<object?>()]),
    ];
}

/// <summary>The tables that a snapshot fills.</summary>
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

    /// <param name="sources">Names of the sources, by id.</param>
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

    /// <summary>The oldest decades as one.</summary>
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
