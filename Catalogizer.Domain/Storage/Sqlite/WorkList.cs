using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>How many hits there are, and how many of each value.</summary>
/// <param name="IsAtLeast">Whether counting was cut short, so that all of it are lower bounds.</param>
internal sealed record FoundCount(long Total, bool IsAtLeast, MediaFacets Facets);

/// <summary>An order worked out in full: what a reader scrolls through, or the hits of a search with their count.</summary>
internal sealed record FoundList(long[] Ids, FoundCount? Count);

/// <summary>
/// The library without words: works in an order, some of them kept out. Lists that only a type narrows follow the index of
/// their order. For the others there are two ways, and the cheaper one is taken: along the order, looking at each work,
/// which is short where hits are dense; or through the hits themselves, of which the cells tell how many there are.
/// </summary>
internal sealed class WorkList(ReadSession session, CatalogueScope scope, WorkFilter filter, WorkOrder order, Func<WorkCells> cells)
{
    /// <summary>With a rating asked for, counting ends at so many hits, or when it has looked at so many works.</summary>
    private const int MostCounted = 10_000;
    private const int MostLookedAt = 50_000;

    // Microseconds, by measure: to look at a work's row, to find a cell, to read a key from an index.
    private const double Row = 8;
    private const double Cell = 6;
    private const double Key = 0.7;

    private readonly WorkScan _scan = new(session, order);
    private CellList? _passing;

    private CellList Passing => _passing ??= cells().Passing(filter);

    /// <summary>The rows after a cursor, and the cursor after them when there are more.</summary>
    public (List<MediaSummary> Items, PageCursor? Next) Page(PageCursor? after, int limit)
    {
        var keys = First(after is null ? null : order.Key(after), limit + 1);
        var next = keys.Count > limit ? order.Cursor(keys[limit - 1]) : null;
        return (ByIds(session, scope, keys.Take(limit).Select(k => k.Id), filter), next);
    }

    /// <summary>The first keys of the order, or the first behind one.</summary>
    public List<WorkKey> First(WorkKey? after, int count)
    {
        if (scope.IsLoading)
        {
            return order.Sort is MediaSort.Added or MediaSort.AddedDown
                ? [.. _scan.AsTheyCame(after).Where(Passes).Select(h => h.Key).Take(count)]
                : Best(_scan.WithoutIndexes().Where(Passes).Select(h => h.Key), after, count);
        }

        return filter.IsTypeAlone ? [.. InOrder(after).Take(count)] : Filtered(after, count);
    }

    /// <summary>The ids of all works of the list, in order.</summary>
    public long[] Ids()
    {
        if (filter.IsTypeAlone && !scope.IsLoading)
        {
            return [.. InOrder(null).Select(k => k.Id)];
        }

        var keys = (scope.IsLoading ? _scan.WithoutIndexes().Where(Passes).Select(h => h.Key) : Hits()).ToList();
        keys.Sort(order);
        return [.. keys.Select(k => k.Id)];
    }

    /// <summary>Items by their ids, archived ones too; what is not there, or was removed with its source, is left out.</summary>
    /// <param name="filter">What was asked of their copies: the one that is shown passes it.</param>
    public static List<MediaSummary> ByIds(ReadSession session, CatalogueScope scope, IEnumerable<long> ids, WorkFilter? filter = null)
    {
        using var row = session.Prepared($"SELECT {ItemRows.Columns} FROM media_items m WHERE m.id = ?1");
        var items = new List<MediaSummary>();
        foreach (var id in ids)
        {
            if (row.Bind(1, id).Read() && !scope.IsRemoved(row.Int32(ItemRows.HoldingColumn)))
            {
                items.Add(ItemRows.Read(row, session, scope, filter));
            }

            row.Reset();
        }

        return items;
    }

    /// <summary>How many there are, by each facet; and whether that is a lower bound.</summary>
    public FoundCount Count()
    {
        if (filter.IsEmpty)
        {
            return Found(FacetCount.OfLibrary(session, scope, cells));
        }

        if (filter.Rating is not { } least)
        {
            return Found(cells().Count(filter));
        }

        var count = new FacetCount(filter);
        if (scope.IsLoading)
        {
            foreach (var (_, values, rating) in _scan.WithoutIndexes())
            {
                count.Add(values, filter.Failed(values, rating));
            }

            return Found(count);
        }

        // No facet counts works by their rating, so all that counts is rated well enough. In cells, hits come before what only
        // other values of a facet have, so that the total is exact for as long as it is small.
        var near = cells().Near(filter);
        var rated = _scan.CountRated(least, MostLookedAt + 1);
        var looked = 0;
        foreach (var (_, values, rating) in rated <= Math.Min(MostLookedAt, Passing.Works + near.Works) ? _scan.Rated(least) : _scan.InCells(Passing.Cells.Concat(near.Cells), least))
        {
            if (count.Total == MostCounted || looked++ == MostLookedAt)
            {
                return Found(count, isAtLeast: true);
            }

            count.Add(values, filter.Failed(values, rating));
        }

        return Found(count);
    }

    private static FoundCount Found(FacetCount count, bool isAtLeast = false) => new(count.Total, isAtLeast, count.Facets());

    private IEnumerable<WorkKey> InOrder(WorkKey? after) => filter.Type is { } type ? _scan.OfTypes([type], after) : _scan.All(after);

    private List<WorkKey> Filtered(WorkKey? after, int count)
    {
        var hits = MostHits;
        if (hits == 0)
        {
            return [];
        }

        var types = Passing.Cells.Select(c => c.Type).ToHashSet();
        var among = order.IsByRating && filter.Rating is not null ? hits : cells().Among(types, filter, order.IsByYear);
        var along = (double)count * among / hits * Row;
        var through = (hits < Passing.Works ? 0 : Passing.Cells.Count * Cell) + (hits * Key);
        return (along < through ? Along(types, after, count, (int)(2 * through / Row)) : null) ?? Best(Hits(), after, count);
    }

    /// <summary>Looks at one work after another in their order; null when hits turn out to lie too far apart.</summary>
    private List<WorkKey>? Along(HashSet<MediaType> types, WorkKey? after, int count, int most)
    {
        // What narrows the column that the order is by says where the hits begin and end.
        double? least = order.IsByYear ? filter.Years.First : order.IsByRating ? filter.Rating : null;
        double? last = order.IsByYear ? filter.Years.Last : null;
        var (first, end) = order.Down ? (last, least) : (least, last);
        var start = first is null ? (WorkKey?)null : new WorkKey(order.Down ? long.MaxValue : long.MinValue, null, first);
        var from = start is { } bound && (after is not { } shown || order.Compare(shown, bound) < 0) ? start : after;

        using var row = session.Prepared($"SELECT m.rating, {CellValues.Columns} FROM media_items m WHERE m.id = ?1");
        var hits = new List<WorkKey>(count);
        foreach (var key in _scan.OfTypes(types, from))
        {
            if (end is not null && (key.Number is null || (order.Down ? key.Number < end : key.Number > end)))
            {
                break;
            }

            if (most-- == 0)
            {
                return null;
            }

            if (row.Bind(1, key.Id).Read() && filter.Failed(CellValues.Read(row, 1), row.DoubleOrNull(0)) == Filters.None)
            {
                hits.Add(key);
            }

            row.Reset();
            if (hits.Count == count)
            {
                break;
            }
        }

        return hits;
    }

    /// <summary>No more than this pass; fewer than there are in the passing cells when it is the rating that narrows most.</summary>
    private long MostHits => filter.Rating is { } rating ? _scan.CountRated(rating, Passing.Works) : Passing.Works;

    /// <summary>All hits, in no order, by the filters' indexes.</summary>
    private IEnumerable<WorkKey> Hits() => filter.Rating is { } rating && MostHits < Passing.Works
        ? _scan.Rated(rating).Where(Passes).Select(h => h.Key)
        : _scan.InCells(Passing.Cells, filter.Rating).Select(h => h.Key);

    private bool Passes((WorkKey Key, CellValues Values, double? Rating) work) => filter.Failed(work.Values, work.Rating) == Filters.None;

    /// <summary>The first keys behind one, of keys in no order.</summary>
    private List<WorkKey> Best(IEnumerable<WorkKey> keys, WorkKey? after, int count)
    {
        var worstFirst = Comparer<WorkKey>.Create((x, y) => order.Compare(y, x));
        var best = new PriorityQueue<WorkKey, WorkKey>(worstFirst);
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

        var first = new List<WorkKey>(best.Count);
        while (best.TryDequeue(out var key, out _))
        {
            first.Add(key);
        }

        first.Reverse();
        return first;
    }
}
