using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Number of results, in total and by value of each facet.</summary>
/// <param name="IsAtLeast">Whether counting stopped early, so that all numbers are lower bounds.</param>
internal sealed record ResultCount(long Total, bool IsAtLeast, MediaFacets Facets);

/// <summary>A complete order: for scrolling, or the results of a search with their count.</summary>
internal sealed record ResultList(long[] Ids, ResultCount? Count);

/// <summary>
/// The library without search words: items in an order, filtered. Lists filtered only by type follow the index of their order. For the
/// others the cheaper of two ways is taken: along the order, checking each item, which is short where results are dense; or through the
/// results themselves, whose number is known from the cells.
/// </summary>
internal sealed class ItemList(ReadSession session, AvailabilitySnapshot availability, ItemFilter filter, ItemOrder order, Func<FacetCube> cells)
{
    /// <summary>With a rating filter, counting ends at this many results, or after this many items.</summary>
    private const int MaxCounted = 10_000;
    private const int MaxScanned = 50_000;

    // Measured microseconds: to check an item's row, to find a cell, to read a key from an index.
    private const double RowCost = 8;
    private const double CellCost = 6;
    private const double KeyCost = 0.7;

    private readonly ItemIndexReader _indexReader = new(session, order);
    private FacetCellList? _matchingCells;

    private FacetCellList MatchingCells => _matchingCells ??= cells().SelectMatching(filter);

    /// <summary>The rows after a cursor, and the cursor after them when there are more.</summary>
    public (List<MediaSummary> Items, PageCursor? Next) ReadPage(PageCursor? after, int limit)
    {
        var keys = FindFirst(after is null ? null : order.CreateKey(after), limit + 1);
        var next = keys.Count > limit ? order.ToCursor(keys[limit - 1]) : null;
        return (ReadByIds(session, availability, keys.Take(limit).Select(k => k.Id), filter), next);
    }

    /// <summary>The first keys of the order, or the first after a given key.</summary>
    public List<ItemKey> FindFirst(ItemKey? after, int count)
    {
        if (availability.IsLoading)
        {
            return order.Sort is MediaSort.Added or MediaSort.AddedDown
                ? [.. _indexReader.ReadByArrival(after).Where(Matches).Select(h => h.Key).Take(count)]
                : SelectFirst(_indexReader.ReadUnindexed().Where(Matches).Select(h => h.Key), after, count);
        }

        return filter.IsTypeOnly ? [.. ReadInOrder(after).Take(count)] : FindFiltered(after, count);
    }

    /// <summary>The ids of all items of the list, in order.</summary>
    public long[] ReadIds()
    {
        if (filter.IsTypeOnly && !availability.IsLoading)
        {
            return [.. ReadInOrder(null).Select(k => k.Id)];
        }

        var keys = (availability.IsLoading ? _indexReader.ReadUnindexed().Where(Matches).Select(h => h.Key) : FindMatches()).ToList();
        keys.Sort(order);
        return [.. keys.Select(k => k.Id)];
    }

    /// <summary>Items by id, archived ones too; those that do not exist or were removed with their source are left out.</summary>
    /// <param name="filter">The query's filter; the version that is shown passes it.</param>
    public static List<MediaSummary> ReadByIds(ReadSession session, AvailabilitySnapshot availability, IEnumerable<long> ids, ItemFilter? filter = null)
    {
        using var row = session.Prepare($"SELECT {ItemRows.Columns} FROM media_items m WHERE m.id = ?1");
        var items = new List<MediaSummary>();
        foreach (var id in ids)
        {
            if (row.Bind(1, id).Read() && !availability.IsRemoved(row.Int32(ItemRows.PresenceSetColumn)))
            {
                items.Add(ItemRows.Read(row, session, availability, filter));
            }

            row.Reset();
        }

        return items;
    }

    /// <summary>Number of results in total and by facet, and whether these are lower bounds.</summary>
    public ResultCount Count()
    {
        if (filter.IsEmpty)
        {
            return ToResultCount(FacetCounter.ForAllItems(session, availability, cells));
        }

        if (filter.Rating is not { } minRating)
        {
            return ToResultCount(cells().Count(filter));
        }

        var count = new FacetCounter(filter);
        if (availability.IsLoading)
        {
            foreach (var (_, values, rating) in _indexReader.ReadUnindexed())
            {
                count.Add(values, filter.GetFailedFilters(values, rating));
            }

            return ToResultCount(count);
        }

        // No facet counts items by rating, so only items with a sufficient rating are read. In cells, results come before items that only other
        // values of a facet count, so that the total is exact as long as it is small.
        var facetOnly = cells().SelectFacetOnly(filter);
        var rated = _indexReader.CountRated(minRating, MaxScanned + 1);
        var scanned = 0;
        foreach (var (_, values, rating) in rated <= Math.Min(MaxScanned, MatchingCells.ItemCount + facetOnly.ItemCount) ? _indexReader.ReadRated(minRating) : _indexReader.ReadCells(MatchingCells.Cells.Concat(facetOnly.Cells), minRating))
        {
            if (count.Total == MaxCounted || scanned++ == MaxScanned)
            {
                return ToResultCount(count, isAtLeast: true);
            }

            count.Add(values, filter.GetFailedFilters(values, rating));
        }

        return ToResultCount(count);
    }

    private static ResultCount ToResultCount(FacetCounter count, bool isAtLeast = false) => new(count.Total, isAtLeast, count.ToFacets());

    private IEnumerable<ItemKey> ReadInOrder(ItemKey? after) => filter.Type is { } type ? _indexReader.ReadTypes([type], after) : _indexReader.ReadAll(after);

    private List<ItemKey> FindFiltered(ItemKey? after, int count)
    {
        var matches = MaxMatches;
        if (matches == 0)
        {
            return [];
        }

        var types = MatchingCells.Cells.Select(c => c.Type).ToHashSet();
        var among = order.IsByRating && filter.Rating is not null ? matches : cells().CountItems(types, filter, order.IsByYear);
        var scanCost = (double)count * among / matches * RowCost;
        var lookupCost = (matches < MatchingCells.ItemCount ? 0 : MatchingCells.Cells.Count * CellCost) + (matches * KeyCost);
        return (scanCost < lookupCost ? ScanInOrder(types, after, count, (int)(2 * lookupCost / RowCost)) : null) ?? SelectFirst(FindMatches(), after, count);
    }

    /// <summary>Checks the items one after the other in order; null when the results turn out to be too sparse.</summary>
    private List<ItemKey>? ScanInOrder(HashSet<MediaType> types, ItemKey? after, int count, int max)
    {
        // A filter on the sort column determines where the results begin and end.
        double? lowerBound = order.IsByYear ? filter.Years.First : order.IsByRating ? filter.Rating : null;
        double? upperBound = order.IsByYear ? filter.Years.Last : null;
        var (first, end) = order.IsDescending ? (upperBound, lowerBound) : (lowerBound, upperBound);
        var start = first is null ? (ItemKey?)null : new ItemKey(order.IsDescending ? long.MaxValue : long.MinValue, null, first);
        var from = start is { } bound && (after is not { } shown || order.Compare(shown, bound) < 0) ? start : after;

        using var row = session.Prepare($"SELECT m.rating, {FacetCell.Columns} FROM media_items m WHERE m.id = ?1");
        var matches = new List<ItemKey>(count);
        foreach (var key in _indexReader.ReadTypes(types, from))
        {
            if (end is not null && (key.Number is null || (order.IsDescending ? key.Number < end : key.Number > end)))
            {
                break;
            }

            if (max-- == 0)
            {
                return null;
            }

            if (row.Bind(1, key.Id).Read() && filter.GetFailedFilters(FacetCell.Read(row, 1), row.DoubleOrNull(0)) == Filters.None)
            {
                matches.Add(key);
            }

            row.Reset();
            if (matches.Count == count)
            {
                break;
            }
        }

        return matches;
    }

    /// <summary>Upper bound of the results: the items of the matching cells, or those with a sufficient rating where these are fewer.</summary>
    private long MaxMatches => filter.Rating is { } rating ? _indexReader.CountRated(rating, MatchingCells.ItemCount) : MatchingCells.ItemCount;

    /// <summary>All results, unordered, through the filters' indexes.</summary>
    private IEnumerable<ItemKey> FindMatches() => filter.Rating is { } rating && MaxMatches < MatchingCells.ItemCount
        ? _indexReader.ReadRated(rating).Where(Matches).Select(h => h.Key)
        : _indexReader.ReadCells(MatchingCells.Cells, filter.Rating).Select(h => h.Key);

    private bool Matches((ItemKey Key, FacetCell Values, double? Rating) item) => filter.GetFailedFilters(item.Values, item.Rating) == Filters.None;

    /// <summary>The first keys after a given one, selected from unordered keys.</summary>
    private List<ItemKey> SelectFirst(IEnumerable<ItemKey> keys, ItemKey? after, int count)
    {
        var worstFirst = Comparer<ItemKey>.Create((x, y) => order.Compare(y, x));
        var best = new PriorityQueue<ItemKey, ItemKey>(worstFirst);
        foreach (var key in keys)
        {
            if (after is { } last && order.Compare(key, last) <= 0)
            {
                continue;
            }

            if (best.Count < count)
            {
                best.Enqueue(key, key);
            }
            else if (order.Compare(key, best.Peek()) < 0)
            {
                best.DequeueEnqueue(key, key);
            }
        }

        var first = new List<ItemKey>(best.Count);
        while (best.TryDequeue(out var key, out _))
        {
            first.Add(key);
        }

        first.Reverse();
        return first;
    }
}
