using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

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

    /// <summary>Removed with its source: no facet counts it, whatever else is asked.</summary>
    Removed = 128,

    /// <summary>Those that are asked of one and the same copy.</summary>
    Copy = Resolution | Codec | Source | Presence,
}

/// <summary>Tells which filters of a query keep a work out. What is archived is kept out unless it is asked for.</summary>
internal sealed class WorkFilter
{
    private readonly MediaQuery _query;
    private readonly CatalogueScope _scope;
    private readonly HashSet<int>? _passing;
    private readonly Dictionary<int, HashSet<(Filters Facet, string Value)>> _offered = [];

    public WorkFilter(MediaQuery query, CatalogueScope scope)
    {
        _query = query with
        {
            Resolution = string.IsNullOrEmpty(query.Resolution) ? null : query.Resolution,
            Codec = string.IsNullOrEmpty(query.Codec) ? null : query.Codec,
        };
        _scope = scope;
        _passing = AsksOfCopies ? [.. scope.Holdings.Where(h => Array.Exists(h.Value.Copies, Passes)).Select(h => h.Key)] : null;
    }

    public double? Rating => _query.Rating;

    public MediaType? Type => _query.Type;

    /// <summary>The first and the last year that pass.</summary>
    public (int? First, int? Last) Years => _query.Year is { } year ? (year, year) : (_query.YearFrom, _query.YearTo);

    /// <summary>Whether nothing narrows but, perhaps, the type: then lists follow an index as it lies.</summary>
    public bool IsTypeAlone => !AsksOfCopies && !_scope.Hides && _query is { Rating: null, Year: null, YearFrom: null, YearTo: null };

    public bool IsEmpty => IsTypeAlone && Type is null;

    private bool AsksOfCopies => _query is not { Resolution: null, Codec: null, Source: null, Presence: null };

    /// <summary>The filters that a cell's works do not pass. The rating is not among them: works of one cell differ in it.</summary>
    public Filters Failed(in CellValues values) =>
        Unless(_query.Type is null || _query.Type == values.Type, Filters.Type)
        | Unless(IsInYears(values), Filters.Year)
        | Unless(_passing?.Contains(values.Holding) ?? _scope.PresenceOf(values.Holding) != Presence.Retired, Filters.Copy)
        | Unless(!_scope.IsRemoved(values.Holding), Filters.Removed);

    public bool IsInYears(in CellValues values) =>
        (_query.Year is null || values.Year == _query.Year) && (_query.YearFrom is null || values.Year >= _query.YearFrom) && (_query.YearTo is null || values.Year <= _query.YearTo);

    public Filters Failed(in CellValues values, double? rating) => Failed(values) | Unless(Rating is null || rating >= Rating, Filters.Rating);

    /// <summary>Whether works with what has failed count for a value of some facet, which leaves out its own filter.</summary>
    public bool IsOffered(in CellValues values, Filters failed) => failed is Filters.Type or Filters.Year || (failed == Filters.Copy && Offered(values.Holding).Count > 0);

    /// <summary>The values that the facets of copies count a holding for: of each copy those that it has and all other filters let through.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> Offered(int holding)
    {
        if (!AsksOfCopies)
        {
            return _scope.Holdings.TryGetValue(holding, out var known) ? known.Values : [];
        }

        if (!_offered.TryGetValue(holding, out var offered))
        {
            _offered.Add(holding, offered = []);
            foreach (var copy in _scope.CopiesOf(holding))
            {
                var failed = Failed(copy);
                offered.UnionWith(copy.Values().Where(value => (failed & ~value.Facet) == 0));
            }
        }

        return offered;
    }

    public bool Passes(HeldCopies copy) => Failed(copy) == Filters.None;

    private Filters Failed(HeldCopies copy) =>
        Unless(_query.Resolution is null || _query.Resolution == copy.Traits.Resolution, Filters.Resolution)
        | Unless(_query.Codec is null || _query.Codec == copy.Traits.Codec, Filters.Codec)
        | Unless(_query.Source is null || _query.Source == copy.Traits.SourceId, Filters.Source)
        | Unless(_query.Presence is { } presence ? presence == copy.Presence : copy.Presence != Presence.Retired, Filters.Presence);

    private static Filters Unless(bool passes, Filters filter) => passes ? Filters.None : filter;
}
