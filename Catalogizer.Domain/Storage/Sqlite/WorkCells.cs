using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>All that filters look at but the rating, and what else leads to the works by their index: the best copy.</summary>
internal readonly record struct CellValues(MediaType Type, int? Year, string? Resolution, string? Codec, int Holding)
{
    public const string Columns = "m.media_type, m.year, m.best_resolution, m.best_codec, m.holding_id";

    /// <summary>Takes apart what the database put together: "0|1999|1080p|H.264|3".</summary>
    public static CellValues Parse(string cell)
    {
        var type = cell.IndexOf('|');
        var year = cell.IndexOf('|', type + 1);
        var resolution = cell.IndexOf('|', year + 1);
        var holding = cell.LastIndexOf('|');
        return new CellValues(
            (MediaType)int.Parse(cell.AsSpan(0, type), CultureInfo.InvariantCulture),
            year == type + 1 ? null : int.Parse(cell.AsSpan(type + 1, year - type - 1), CultureInfo.InvariantCulture),
            resolution == year + 1 ? null : cell[(year + 1)..resolution],
            holding == resolution + 1 ? null : cell[(resolution + 1)..holding],
            int.Parse(cell.AsSpan(holding + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static CellValues Read(Statement row, int first) =>
        new((MediaType)row.Int32(first), row.Int32OrNull(first + 1), row.TextOrNull(first + 2), row.TextOrNull(first + 3), row.Int32(first + 4));
}

/// <summary>
/// How many works are alike in all that filters look at. A million works fall into some ten thousand such cells, so filters
/// are counted from here, exactly and whatever they combine; the index that begins with the same columns leads to the works.
/// </summary>
internal sealed class WorkCells
{
    private readonly List<(CellValues Values, long Works)> _cells = [];

    public WorkCells(ReadSession session)
    {
        using var rows = session.Prepared($"SELECT value, n FROM facet_counts WHERE facet = {CatalogueSchema.Facet.WorkCell} AND n > 0");
        while (rows.Read())
        {
            _cells.Add((CellValues.Parse(rows.Text(0)), rows.Int64(1)));
        }
    }

    public FacetCount Count(WorkFilter filter)
    {
        var count = new FacetCount(filter);
        foreach (var (values, works) in _cells)
        {
            count.Add(values, filter.Failed(values), works);
        }

        return count;
    }

    /// <summary>The cells whose works pass, and how many those are.</summary>
    public CellList Passing(WorkFilter filter) => Select(values => filter.Failed(values) == Filters.None);

    /// <summary>The cells whose works some facet counts though they are no hits.</summary>
    public CellList Near(WorkFilter filter) => Select(values => filter.IsOffered(values, filter.Failed(values)));

    /// <summary>How many works an order leads past that has these types, and no years but those asked for when it is by year.</summary>
    public long Among(IReadOnlySet<MediaType> types, WorkFilter filter, bool byYear) => _cells.Where(c => types.Contains(c.Values.Type) && (!byYear || filter.IsInYears(c.Values))).Sum(c => c.Works);

    private CellList Select(Func<CellValues, bool> passes)
    {
        var (cells, sum) = (new List<CellValues>(), 0L);
        foreach (var (values, works) in _cells)
        {
            if (passes(values))
            {
                cells.Add(values);
                sum += works;
            }
        }

        return new CellList(cells, sum);
    }
}

internal sealed record CellList(IReadOnlyList<CellValues> Cells, long Works);
