using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>The filters of a query that an item can fail.</summary>
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

    /// <summary>The item was removed with its source: no facet counts it, whatever the query.</summary>
    Removed = 128,

    /// <summary>The filters that one and the same version must pass.</summary>
    Version = Resolution | Codec | Source | Presence,
}

/// <summary>Determines which filters of a query an item fails. Archived items fail unless the query requests them.</summary>
internal sealed class ItemFilter
{
    private readonly MediaQuery _query;
    private readonly AvailabilitySnapshot _availability;
    private readonly HashSet<int>? _matchingSets;
    private readonly Dictionary<int, HashSet<(Filters Facet, string Value)>> _facetValues = [];

    public ItemFilter(MediaQuery query, AvailabilitySnapshot availability)
    {
        _query = query with
        {
            Resolution = string.IsNullOrEmpty(query.Resolution) ? null : query.Resolution,
            Codec = string.IsNullOrEmpty(query.Codec) ? null : query.Codec,
        };
        _availability = availability;
        _matchingSets = HasVersionFilter ? [.. availability.PresenceSets.Where(h => Array.Exists(h.Value.Versions, Matches)).Select(h => h.Key)] : null;
    }

    public double? Rating => _query.Rating;

    public MediaType? Type => _query.Type;

    /// <summary>The first and the last year that pass; null for no limit.</summary>
    public (int? First, int? Last) Years => _query.Year is { } year ? (year, year) : (_query.YearFrom, _query.YearTo);

    /// <summary>Whether nothing is filtered except, perhaps, the type: lists can then follow an index without checking items.</summary>
    public bool IsTypeOnly => !HasVersionFilter && !_availability.HasHiddenItems && _query is { Rating: null, Year: null, YearFrom: null, YearTo: null };

    public bool IsEmpty => IsTypeOnly && Type is null;

    private bool HasVersionFilter => _query is not { Resolution: null, Codec: null, Source: null, Presence: null };

    /// <summary>The filters that the items of a cell fail. The rating is not among them, because it differs within a cell.</summary>
    public Filters GetFailedFilters(in FacetCell values) =>
        FailUnless(_query.Type is null || _query.Type == values.Type, Filters.Type)
        | FailUnless(IsInYears(values), Filters.Year)
        | FailUnless(_matchingSets?.Contains(values.PresenceSetId) ?? _availability.GetPresence(values.PresenceSetId) != Presence.Retired, Filters.Version)
        | FailUnless(!_availability.IsRemoved(values.PresenceSetId), Filters.Removed);

    public bool IsInYears(in FacetCell values) =>
        (_query.Year is null || values.Year == _query.Year) && (_query.YearFrom is null || values.Year >= _query.YearFrom) && (_query.YearTo is null || values.Year <= _query.YearTo);

    public Filters GetFailedFilters(in FacetCell values, double? rating) => GetFailedFilters(values) | FailUnless(Rating is null || rating >= Rating, Filters.Rating);

    /// <summary>Whether items that fail these filters count for a value of some facet, as each facet ignores its own filter.</summary>
    public bool CountsForFacets(in FacetCell values, Filters failed) => failed is Filters.Type or Filters.Year || (failed == Filters.Version && GetFacetValues(values.PresenceSetId).Count > 0);

    /// <summary>The values that the version facets count a presence set for: those of each version that pass all other filters.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> GetFacetValues(int presenceSet)
    {
        if (!HasVersionFilter)
        {
            return _availability.PresenceSets.TryGetValue(presenceSet, out var known) ? known.FacetValues : [];
        }

        if (!_facetValues.TryGetValue(presenceSet, out var facetValues))
        {
            _facetValues.Add(presenceSet, facetValues = []);
            foreach (var copy in _availability.GetVersions(presenceSet))
            {
                var failed = GetFailedFilters(copy);
                facetValues.UnionWith(copy.GetFacetValues().Where(value => (failed & ~value.Facet) == 0));
            }
        }

        return facetValues;
    }

    public bool Matches(VersionGroup copy) => GetFailedFilters(copy) == Filters.None;

    private Filters GetFailedFilters(VersionGroup copy) =>
        FailUnless(_query.Resolution is null || _query.Resolution == copy.Traits.Resolution, Filters.Resolution)
        | FailUnless(_query.Codec is null || _query.Codec == copy.Traits.Codec, Filters.Codec)
        | FailUnless(_query.Source is null || _query.Source == copy.Traits.SourceId, Filters.Source)
        | FailUnless(_query.Presence is { } presence ? presence == copy.Presence : copy.Presence != Presence.Retired, Filters.Presence);

    private static Filters FailUnless(bool isMatch, Filters filter) => isMatch ? Filters.None : filter;
}
