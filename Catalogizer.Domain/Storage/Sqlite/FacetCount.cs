using System.Globalization;
using Catalogizer.Domain.Media;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Counts hits by each facet.</summary>
internal sealed class FacetCount(CatalogueScope scope)
{
    private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _years = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _resolutions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _codecs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _sources = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _presences = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    /// <summary>The whole library's counts, from the maintained counters.</summary>
    public static FacetCount OfAllWorks(SqliteConnection connection, CatalogueScope scope)
    {
        var count = new FacetCount(scope);
        using var rows = new Statement(connection, $"SELECT facet, value, n FROM facet_counts WHERE facet <= {CatalogueSchema.Facet.WorkHolding} AND n > 0");
        while (rows.Read())
        {
            count.AddCounter(rows.Int32(0), rows, rows.Int64(2));
        }

        return count;
    }

    /// <summary>Counts one row. Each facet counts what all filters but its own let through, so that its other values stay to be chosen.</summary>
    /// <param name="failed">The filters that keep the row out.</param>
    public void Add(MediaType type, int? year, string? resolution, string? codec, int holding, Filters failed = Filters.None)
    {
        Total += failed == Filters.None ? 1 : 0;
        if ((failed & ~Filters.Type) == 0)
        {
            AddType(type, 1);
        }

        if ((failed & ~Filters.Year) == 0)
        {
            AddYear(year, 1);
        }

        if ((failed & ~Filters.Resolution) == 0)
        {
            Step(_resolutions, resolution, 1);
        }

        if ((failed & ~Filters.Codec) == 0)
        {
            Step(_codecs, codec, 1);
        }

        if ((failed & ~Filters.Presence) == 0)
        {
            Step(_presences, scope.PresenceOf(holding).Word(), 1);
        }

        if ((failed & ~Filters.Source) == 0)
        {
            AddSources(holding, 1);
        }
    }

    public MediaFacets Facets() => new(_types, _years, _resolutions, _codecs, _sources, _presences);

    private void AddCounter(int facet, Statement row, long n)
    {
        switch (facet)
        {
            case CatalogueSchema.Facet.WorkType:
                Total += n;
                AddType((MediaType)row.Int32(1), n);
                break;
            case CatalogueSchema.Facet.WorkYear:
                AddYear(row.Text(1).Length == 0 ? null : row.Int32(1), n);
                break;
            case CatalogueSchema.Facet.WorkResolution:
                Step(_resolutions, row.Text(1), n);
                break;
            case CatalogueSchema.Facet.WorkCodec:
                Step(_codecs, row.Text(1), n);
                break;
            default:
                AddHolding(row.Int32(1), n);
                break;
        }
    }

    private void AddType(MediaType type, long n) => Step(_types, type.Word(), n);

    private void AddYear(int? year, long n) => Step(_years, year?.ToString(CultureInfo.InvariantCulture), n);

    private void AddHolding(int holding, long n)
    {
        Step(_presences, scope.PresenceOf(holding).Word(), n);
        AddSources(holding, n);
    }

    private void AddSources(int holding, long n)
    {
        foreach (var source in scope.SourcesOf(holding))
        {
            Step(_sources, source.ToString(CultureInfo.InvariantCulture), n);
        }
    }

    private static void Step(SortedDictionary<string, long> counts, string? value, long n)
    {
        if (!string.IsNullOrEmpty(value))
        {
            counts[value] = counts.GetValueOrDefault(value) + n;
        }
    }
}

/// <summary>The narrowing parts of a query.</summary>
[Flags]
internal enum Filters
{
    None = 0,
    Type = 1,
    Year = 2,
    Rating = 4,
    Resolution = 8,
    Codec = 16,
    Source = 32,
    Presence = 64,
}
