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

    public void Add(MediaType type, int? year, string? resolution, string? codec, int holding)
    {
        Total++;
        AddType(type, 1);
        AddYear(year, 1);
        Step(_resolutions, resolution, 1);
        Step(_codecs, codec, 1);
        AddHolding(holding, 1);
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
