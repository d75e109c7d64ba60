using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Counts results by facet. Each facet ignores its own filter, so that its other values can still be chosen.</summary>
internal sealed class FacetCounter(ItemFilter filter)
{
    private readonly Dictionary<MediaType, long> _types = [];
    private readonly Dictionary<int, long> _years = [];
    private readonly Dictionary<int, long> _presenceSets = [];

    public long Total { get; private set; }

    /// <summary>Counts everything the library lists: from the maintained counters, or from the cells when some items are hidden.</summary>
    public static FacetCounter ForAllItems(ReadSession session, AvailabilitySnapshot availability, Func<FacetCube> cells)
    {
        var everything = new ItemFilter(new MediaQuery(), availability);
        if (availability.HasHiddenItems)
        {
            return cells().Count(everything);
        }

        var count = new FacetCounter(everything);
        using var rows = session.Prepare($"""
            SELECT facet, value, n FROM facet_counts WHERE facet IN ({CatalogSchema.Facet.ItemType}, {CatalogSchema.Facet.ItemYear}, {CatalogSchema.Facet.ItemPresenceSet}) AND n > 0
            """);
        while (rows.Read())
        {
            count.AddStored(rows.Int32(0), rows, rows.Int64(2));
        }

        return count;
    }

    /// <param name="failed">The filters that the items fail.</param>
    public void Add(in FacetCell values, Filters failed, long items = 1)
    {
        if (failed == Filters.None)
        {
            Total += items;
        }

        if ((failed & ~Filters.Type) == 0)
        {
            Increment(_types, values.Type, items);
        }

        if ((failed & ~Filters.Year) == 0 && values.Year is { } year)
        {
            Increment(_years, year, items);
        }

        if ((failed & ~Filters.Version) == 0)
        {
            Increment(_presenceSets, values.PresenceSetId, items);
        }
    }

    public MediaFacets ToFacets()
    {
        var copies = new Dictionary<(Filters Facet, string Value), long>();
        foreach (var (presenceSet, items) in _presenceSets)
        {
            foreach (var facetValue in filter.GetFacetValues(presenceSet))
            {
                Increment(copies, facetValue, items);
            }
        }

        SortedDictionary<string, long> SelectFacet(Filters facet) => ToNamedCounts(copies.Where(c => c.Key.Facet == facet).Select(c => (c.Key.Value, c.Value)));
        return new MediaFacets(
            ToNamedCounts(_types.Select(t => (t.Key.ToApiName(), t.Value))),
            ToNamedCounts(_years.Select(y => (y.Key.ToString(CultureInfo.InvariantCulture), y.Value))),
            SelectFacet(Filters.Resolution),
            SelectFacet(Filters.Codec),
            SelectFacet(Filters.Source),
            SelectFacet(Filters.Presence));
    }

    private void AddStored(int facet, Statement row, long items)
    {
        switch (facet)
        {
            case CatalogSchema.Facet.ItemType:
                Total += items;
                Increment(_types, (MediaType)row.Int32(1), items);
                break;
            case CatalogSchema.Facet.ItemYear when row.Text(1).Length > 0:
                Increment(_years, row.Int32(1), items);
                break;
            case CatalogSchema.Facet.ItemPresenceSet:
                Increment(_presenceSets, row.Int32(1), items);
                break;
        }
    }

    private static SortedDictionary<string, long> ToNamedCounts(IEnumerable<(string Name, long Works)> counts)
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, items) in counts)
        {
            named[name] = named.GetValueOrDefault(name) + items;
        }

        return named;
    }

    private static void Increment<T>(Dictionary<T, long> counts, T value, long items)
        where T : notnull => CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _) += items;
}
