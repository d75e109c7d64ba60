using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Counts hits by each facet. Each counts what all filters but its own let through, so that its other values stay to be chosen.</summary>
internal sealed class FacetCount(WorkFilter filter)
{
    private readonly Dictionary<MediaType, long> _types = [];
    private readonly Dictionary<int, long> _years = [];
    private readonly Dictionary<int, long> _holdings = [];

    public long Total { get; private set; }

    /// <summary>The counts of all that the library lists: from the maintained counters, or from the cells where some works are left out.</summary>
    public static FacetCount OfLibrary(ReadSession session, CatalogueScope scope, Func<WorkCells> cells)
    {
        var everything = new WorkFilter(new MediaQuery(), scope);
        if (scope.Hides)
        {
            return cells().Count(everything);
        }

        var count = new FacetCount(everything);
        using var rows = session.Prepared($"""
            SELECT facet, value, n FROM facet_counts WHERE facet IN ({CatalogueSchema.Facet.WorkType}, {CatalogueSchema.Facet.WorkYear}, {CatalogueSchema.Facet.WorkHolding}) AND n > 0
            """);
        while (rows.Read())
        {
            count.AddCounter(rows.Int32(0), rows, rows.Int64(2));
        }

        return count;
    }

    /// <param name="failed">The filters that keep the works out.</param>
    public void Add(in CellValues values, Filters failed, long works = 1)
    {
        if (failed == Filters.None)
        {
            Total += works;
        }

        if ((failed & ~Filters.Type) == 0)
        {
            Step(_types, values.Type, works);
        }

        if ((failed & ~Filters.Year) == 0 && values.Year is { } year)
        {
            Step(_years, year, works);
        }

        if ((failed & ~Filters.Copy) == 0)
        {
            Step(_holdings, values.Holding, works);
        }
    }

    public MediaFacets Facets()
    {
        var copies = new Dictionary<(Filters Facet, string Value), long>();
        foreach (var (holding, works) in _holdings)
        {
            foreach (var offered in filter.Offered(holding))
            {
                Step(copies, offered, works);
            }
        }

        SortedDictionary<string, long> Of(Filters facet) => Named(copies.Where(c => c.Key.Facet == facet).Select(c => (c.Key.Value, c.Value)));
        return new MediaFacets(
            Named(_types.Select(t => (t.Key.Word(), t.Value))),
            Named(_years.Select(y => (y.Key.ToString(CultureInfo.InvariantCulture), y.Value))),
            Of(Filters.Resolution),
            Of(Filters.Codec),
            Of(Filters.Source),
            Of(Filters.Presence));
    }

    private void AddCounter(int facet, Statement row, long works)
    {
        switch (facet)
        {
            case CatalogueSchema.Facet.WorkType:
                Total += works;
                Step(_types, (MediaType)row.Int32(1), works);
                break;
            case CatalogueSchema.Facet.WorkYear when row.Text(1).Length > 0:
                Step(_years, row.Int32(1), works);
                break;
            case CatalogueSchema.Facet.WorkHolding:
                Step(_holdings, row.Int32(1), works);
                break;
        }
    }

    private static SortedDictionary<string, long> Named(IEnumerable<(string Name, long Works)> counts)
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, works) in counts)
        {
            named[name] = named.GetValueOrDefault(name) + works;
        }

        return named;
    }

    private static void Step<T>(Dictionary<T, long> counts, T value, long works)
        where T : notnull => CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _) += works;
}
