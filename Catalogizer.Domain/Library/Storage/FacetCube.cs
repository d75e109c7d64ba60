using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>
/// One combination of the values that filters use except the rating, with the best version's values, which complete the key of the items'
/// index.
/// </summary>
internal readonly record struct FacetCell(MediaType Type, int? Year, string? Resolution, string? Codec, int PresenceSetId)
{
    public const string Columns = "m.media_type, m.year, m.best_resolution, m.best_codec, m.holding_id";

    /// <summary>Parses the text that the database composed: "0|1999|1080p|H.264|3".</summary>
    public static FacetCell Parse(string cell)
    {
        var type = cell.IndexOf('|');
        var year = cell.IndexOf('|', type + 1);
        var resolution = cell.IndexOf('|', year + 1);
        var presenceSet = cell.LastIndexOf('|');
        return new FacetCell(
            (MediaType)int.Parse(cell.AsSpan(0, type), CultureInfo.InvariantCulture),
            year == type + 1 ? null : int.Parse(cell.AsSpan(type + 1, year - type - 1), CultureInfo.InvariantCulture),
            resolution == year + 1 ? null : cell[(year + 1)..resolution],
            presenceSet == resolution + 1 ? null : cell[(resolution + 1)..presenceSet],
            int.Parse(cell.AsSpan(presenceSet + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static FacetCell Read(Statement row, int first) =>
        new((MediaType)row.Int32(first), row.Int32OrNull(first + 1), row.TextOrNull(first + 2), row.TextOrNull(first + 3), row.Int32(first + 4));
}

/// <summary>
/// Number of items by combination of all values that filters use. A million items have some ten thousand such combinations (cells), so any
/// filters are counted exactly from here; the index that begins with the same columns leads to the items.
/// </summary>
internal sealed class FacetCube
{
    private readonly List<(FacetCell Values, long Works)> _cells = [];

    public FacetCube(ReadSession session)
    {
        using var rows = session.Prepare($"SELECT value, n FROM facet_counts WHERE facet = {CatalogSchema.Facet.ItemCell} AND n > 0");
        while (rows.Read())
        {
            _cells.Add((FacetCell.Parse(rows.Text(0)), rows.Int64(1)));
        }
    }

    public FacetCounter Count(ItemFilter filter)
    {
        var count = new FacetCounter(filter);
        foreach (var (values, items) in _cells)
        {
            count.Add(values, filter.GetFailedFilters(values), items);
        }

        return count;
    }

    /// <summary>The cells whose items pass the filter, with the number of these items.</summary>
    public FacetCellList SelectMatching(ItemFilter filter) => Select(values => filter.GetFailedFilters(values) == Filters.None);

    /// <summary>The cells whose items are no results but are counted by some facet.</summary>
    public FacetCellList SelectFacetOnly(ItemFilter filter) => Select(values => filter.CountsForFacets(values, filter.GetFailedFilters(values)));

    /// <summary>Number of items of these types that an order passes through; when it is by year, only those in the requested years.</summary>
    public long CountItems(IReadOnlySet<MediaType> types, ItemFilter filter, bool byYear) => _cells.Where(c => types.Contains(c.Values.Type) && (!byYear || filter.IsInYears(c.Values))).Sum(c => c.Works);

    private FacetCellList Select(Func<FacetCell, bool> matches)
    {
        var (cells, sum) = (new List<FacetCell>(), 0L);
        foreach (var (values, items) in _cells)
        {
            if (matches(values))
            {
                cells.Add(values);
                sum += items;
            }
        }

        return new FacetCellList(cells, sum);
    }
}

internal sealed record FacetCellList(IReadOnlyList<FacetCell> Cells, long ItemCount);
