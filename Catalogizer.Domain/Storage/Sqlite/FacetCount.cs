using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Counts hits by each facet. Each counts what all filters but its own let through, so that its other values stay to be chosen.</summary>
internal sealed class FacetCount(CatalogueScope scope)
{
    private readonly Dictionary<MediaType, long> _types = [];
    private readonly Dictionary<int, long> _years = [];
    private readonly Dictionary<string, long> _resolutions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _codecs = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _onSource = [];
    private readonly Dictionary<int, long> _present = [];

    public long Total { get; private set; }

    /// <summary>The counts of all that the library lists: from the maintained counters, or from the cells where some works are left out.</summary>
    public static FacetCount OfLibrary(ReadSession session, CatalogueScope scope, Func<WorkCells> cells)
    {
        if (scope.Hides)
        {
            return cells().Count(new WorkFilter(new MediaQuery(), scope), scope);
        }

        var count = new FacetCount(scope);
        using var rows = session.Prepared($"SELECT facet, value, n FROM facet_counts WHERE facet <= {CatalogueSchema.Facet.WorkHolding} AND n > 0");
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
        else if ((failed & (failed - 1)) != 0)
        {
            return;
        }

        if ((failed & ~Filters.Type) == 0)
        {
            Step(_types, values.Type, works);
        }

        if ((failed & ~Filters.Year) == 0 && values.Year is { } year)
        {
            Step(_years, year, works);
        }

        if ((failed & ~Filters.Resolution) == 0 && !string.IsNullOrEmpty(values.Resolution))
        {
            Step(_resolutions, values.Resolution, works);
        }

        if ((failed & ~Filters.Codec) == 0 && !string.IsNullOrEmpty(values.Codec))
        {
            Step(_codecs, values.Codec, works);
        }

        if ((failed & ~Filters.Presence) == 0)
        {
            Step(_present, values.Holding, works);
        }

        if ((failed & ~Filters.Source) == 0)
        {
            Step(_onSource, values.Holding, works);
        }
    }

    public MediaFacets Facets() => new(
        Named(_types.Select(t => (t.Key.Word(), t.Value))),
        Named(_years.Select(y => (y.Key.ToString(CultureInfo.InvariantCulture), y.Value))),
        Named(_resolutions.Select(r => (r.Key, r.Value))),
        Named(_codecs.Select(c => (c.Key, c.Value))),
        Named(_onSource.SelectMany(h => scope.SourcesOf(h.Key).Select(source => (source.ToString(CultureInfo.InvariantCulture), h.Value)))),
        Named(_present.Select(h => (scope.PresenceOf(h.Key).Word(), h.Value))));

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
            case CatalogueSchema.Facet.WorkResolution when row.Text(1).Length > 0:
                Step(_resolutions, row.Text(1), works);
                break;
            case CatalogueSchema.Facet.WorkCodec when row.Text(1).Length > 0:
                Step(_codecs, row.Text(1), works);
                break;
            case CatalogueSchema.Facet.WorkHolding:
                Step(_present, row.Int32(1), works);
                Step(_onSource, row.Int32(1), works);
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
