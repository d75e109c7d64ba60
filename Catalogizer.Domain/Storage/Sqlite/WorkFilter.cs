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
}

/// <summary>Tells which filters of a query keep a work out. What is archived is kept out unless it is asked for.</summary>
internal sealed class WorkFilter
{
    private readonly MediaQuery _query;
    private readonly CatalogueScope _scope;
    private readonly HashSet<int>? _onSource;
    private readonly HashSet<int>? _present;

    public WorkFilter(MediaQuery query, CatalogueScope scope)
    {
        _scope = scope;
        _query = query with
        {
            Resolution = string.IsNullOrEmpty(query.Resolution) ? null : query.Resolution,
            Codec = string.IsNullOrEmpty(query.Codec) ? null : query.Codec,
        };
        _onSource = query.Source is { } source ? [.. scope.HoldingsOn(source)] : null;
        _present = query.Presence is { } presence ? [.. scope.HoldingsWith(presence)] : null;
    }

    public double? Rating => _query.Rating;

    public MediaType? Type => _query.Type;

    /// <summary>The first and the last year that pass.</summary>
    public (int? First, int? Last) Years => _query.Year is { } year ? (year, year) : (_query.YearFrom, _query.YearTo);

    /// <summary>Whether nothing narrows but, perhaps, the type: then lists follow an index as it lies.</summary>
    public bool IsTypeAlone => this is { Rating: null, _onSource: null, _present: null, _scope.Hides: false } && _query is { Year: null, YearFrom: null, YearTo: null, Resolution: null, Codec: null };

    public bool IsEmpty => IsTypeAlone && Type is null;

    /// <summary>The filters that a cell's works do not pass. The rating is not among them: works of one cell differ in it.</summary>
    public Filters Failed(in CellValues values) =>
        Unless(_query.Type is null || _query.Type == values.Type, Filters.Type)
        | Unless(IsInYears(values), Filters.Year)
        | Unless(_query.Resolution is null || _query.Resolution == values.Resolution, Filters.Resolution)
        | Unless(_query.Codec is null || _query.Codec == values.Codec, Filters.Codec)
        | Unless(_onSource is null || _onSource.Contains(values.Holding), Filters.Source)
        | Unless(_present?.Contains(values.Holding) ?? _scope.PresenceOf(values.Holding) != Presence.Retired, Filters.Presence)
        | Unless(!_scope.IsRemoved(values.Holding), Filters.Removed);

    public bool IsInYears(in CellValues values) =>
        (_query.Year is null || values.Year == _query.Year) && (_query.YearFrom is null || values.Year >= _query.YearFrom) && (_query.YearTo is null || values.Year <= _query.YearTo);

    public Filters Failed(in CellValues values, double? rating) => Failed(values) | Unless(Rating is null || rating >= Rating, Filters.Rating);

    private static Filters Unless(bool passes, Filters filter) => passes ? Filters.None : filter;
}
