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
    public string Say(long number) => IsBytes ? ByteSize.Of(number) : number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A line of a table.</summary>
/// <param name="Label">As it was found: titles and paths are not ours.</param>
/// <param name="Address">Where what it counts is listed; null where nothing lists it.</param>
/// <param name="Numbers">One for each column; the first is the bar's length.</param>
public sealed record AnalyticsRow(string Label, string? Address, IReadOnlyList<long> Numbers)
{
    public string ShownLabel => DisplayName.Of(Label);
}

/// <summary>What a chart shows, as a table: for those who read rather than look, and to take away.</summary>
/// <param name="Name">The table's word in its address.</param>
public sealed record AnalyticsTable(string Name, string Title, string Of, IReadOnlyList<AnalyticsColumn> Columns, IReadOnlyList<AnalyticsRow> Rows)
{
    private const int MostBars = 12;

    /// <summary>Makes one row of the first rows of a table in an order, where they are too many for bars; null where the largest are shown instead.</summary>
    public Func<IReadOnlyList<AnalyticsRow>, AnalyticsRow>? Merge { get; init; }

    /// <summary>The rows that are drawn. What there is none of makes no bar.</summary>
    public IReadOnlyList<AnalyticsRow> Bars
    {
        get
        {
            var rows = Counted;
            return rows.Count <= MostBars ? rows
                : Merge is null ? [.. rows.Take(MostBars)]
                : [Merge([.. rows.SkipLast(MostBars - 1)]), .. rows.TakeLast(MostBars - 1)];
        }
    }

    /// <summary>How many rows only the table has.</summary>
    public int BarsLeftOut => Merge is null ? Math.Max(0, Counted.Count - MostBars) : 0;

    private List<AnalyticsRow> Counted => [.. Rows.Where(r => r.Numbers[0] > 0)];

    /// <summary>Head and rows, for a file.</summary>
    public IEnumerable<IEnumerable<object?>> Cells() =>
    [
        [Of, .. Columns.Select(c => c.IsBytes ? "Bytes" : c.Title)],
        .. Rows.Select(row => (IEnumerable<object?>)[row.Label, .. row.Numbers.Cast<object?>()]),
    ];
}

/// <summary>The tables that a snapshot fills.</summary>
public static class AnalyticsTables
{
    private static readonly AnalyticsColumn Works = new("Works");
    private static readonly AnalyticsColumn Versions = new("Copies");
    private static readonly AnalyticsColumn Files = new("Files");
    private static readonly AnalyticsColumn Size = new("Size", IsBytes: true);

    public const string GrowthName = "growth";

    public static IReadOnlyList<string> Names { get; } =
        [GrowthName, "types", "sources", "resolutions", "codecs", "decades", "sizes", "largest-works", "largest-files"];

    public static AnalyticsTable Growth(Growth growth) => new(
        GrowthName, "Growth", "Day", [Works, Files, Size],
        [.. growth.Days.Select(d => new AnalyticsRow(d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null, [d.Works, d.Files, d.Bytes]))]);

    /// <param name="sources">Names of the sources, by id.</param>
    public static IReadOnlyList<AnalyticsTable> Of(AnalyticsReport report, IReadOnlyDictionary<long, string> sources)
    {
        AnalyticsTable Table(
            string name, string title, string of, SnapshotFacet facet, IReadOnlyList<AnalyticsColumn> columns, Func<SnapshotCount, (string Label, string? Address)> row, Func<SnapshotCount, long[]> numbers, bool inOrder = false)
        {
            var counts = report.Counts[facet].Select(c => (Count: c, Numbers: numbers(c))).Where(c => Array.Exists(c.Numbers, n => n > 0));
            var ordered = inOrder ? counts.OrderBy(c => long.Parse(c.Count.Value, CultureInfo.InvariantCulture)) : counts.OrderByDescending(c => c.Numbers[0]).ThenBy(c => c.Count.Value, StringComparer.Ordinal);
            return new AnalyticsTable(name, title, of, columns, [.. ordered.Select(c => new AnalyticsRow(row(c.Count).Label, row(c.Count).Address, c.Numbers))]);
        }

        AnalyticsTable Largest(string name, string title, string of, LargestList list) => new(
            name, title, of, [Size],
            [.. report.Largest[list].Select(l => new AnalyticsRow(
                l.SourceId is { } source ? $"{SourceName(source)}: {l.Name}" : l.Name, l.ItemId is { } item ? CatalogUrls.Item(item) : null, [l.Bytes]))]);

        string SourceName(long id) => sources.GetValueOrDefault(id) ?? string.Create(CultureInfo.InvariantCulture, $"Source {id}");

        return
        [
            Table("types", "Types", "Type", SnapshotFacet.Type, [Works, Files, Size], c => Type(c.Value), c => [c.Works, c.Files, c.Bytes]),
            Table("sources", "Sources", "Source", SnapshotFacet.Source, [Works, Files, Size], c => Source(c.Value), c => [c.Works, c.Files, c.Bytes]),
            Table("resolutions", "Resolution", "Resolution", SnapshotFacet.Resolution, [Works, Versions, Size], c => (c.Value, CatalogUrls.Library(new MediaQuery { Resolution = c.Value })), c => [c.Works, c.Versions, c.Bytes]),
            Table("codecs", "Codec", "Codec", SnapshotFacet.Codec, [Works, Versions, Size], c => (c.Value, CatalogUrls.Library(new MediaQuery { Codec = c.Value })), c => [c.Works, c.Versions, c.Bytes]),
            Table("decades", "Decades", "Decade", SnapshotFacet.Decade, [Works], c => Decade(c.Value), c => [c.Works], inOrder: true) with { Merge = Older },
            Table("sizes", "File sizes", "Size", SnapshotFacet.Size, [Files, Size], c => (Band(c.Value), null), c => [c.Files, c.Bytes], inOrder: true),
            Largest("largest-works", "Largest works", "Work", LargestList.Work),
            Largest("largest-files", "Largest files", "File", LargestList.File),
        ];

        (string, string?) Source(string value)
        {
            var id = long.Parse(value, CultureInfo.InvariantCulture);
            return (SourceName(id), CatalogUrls.Library(new MediaQuery { Source = id }));
        }
    }

    private static (string Label, string? Address) Type(string word) => MediaTypes.TryParse(word, out var type)
        ? (type.Plural(), CatalogUrls.Library(new MediaQuery { Type = type }))
        : (word, null);

    private static (string Label, string? Address) Decade(string value)
    {
        var first = int.Parse(value, CultureInfo.InvariantCulture);
        return (value + "s", CatalogUrls.Library(new MediaQuery { YearFrom = first, YearTo = first + 9 }));
    }

    /// <summary>The oldest decades as one.</summary>
    private static AnalyticsRow Older(IReadOnlyList<AnalyticsRow> decades)
    {
        var next = int.Parse(decades[^1].Label.TrimEnd('s'), CultureInfo.InvariantCulture) + 10;
        return new AnalyticsRow(
            string.Create(CultureInfo.InvariantCulture, $"Before {next}"), CatalogUrls.Library(new MediaQuery { YearTo = next - 1 }), [decades.Sum(d => d.Numbers[0])]);
    }

    private static string Band(string value)
    {
        var start = long.Parse(value, CultureInfo.InvariantCulture);
        var next = SizeBands.Starts.FirstOrDefault(s => s > start);
        return next == 0 ? $"{ByteSize.Of(start)} and more" : start == 0 ? $"Under {ByteSize.Of(next)}" : $"{ByteSize.Of(start)} to {ByteSize.Of(next)}";
    }
}
