using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads the keys of items from the indexes; rows are read only for the few items that are shown.</summary>
internal sealed class ItemIndexReader(ReadSession session, ItemOrder order)
{
    /// <summary>All items in order, starting after a key; lazy, and without reading rows.</summary>
    public IEnumerable<ItemKey> ReadAll(ItemKey? after) => order.IndexForAll is null ? ReadTypes(Enum.GetValues<MediaType>(), after) : ReadStream(null, after);

    /// <summary>The items of some types in order, merged from one stream for each type.</summary>
    public IEnumerable<ItemKey> ReadTypes(IEnumerable<MediaType> types, ItemKey? after)
    {
        var streams = types.Select(type => ReadStream(type, after).GetEnumerator()).ToList();
        try
        {
            var next = new PriorityQueue<IEnumerator<ItemKey>, ItemKey>(order);
            foreach (var stream in streams)
            {
                if (stream.MoveNext())
                {
                    next.Enqueue(stream, stream.Current);
                }
            }

            while (next.TryPeek(out var stream, out var key))
            {
                yield return key;
                if (stream.MoveNext())
                {
                    next.DequeueEnqueue(stream, stream.Current);
                }
                else
                {
                    next.Dequeue();
                }
            }
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    /// <summary>The items of some cells, unordered.</summary>
    /// <param name="rating">The minimum rating; null for any or none.</param>
    public IEnumerable<(ItemKey Key, FacetCell Values, double? Rating)> ReadCells(IEnumerable<FacetCell> cells, double? rating)
    {
        using var rows = session.Prepare($"""
            SELECT m.id, m.{order.Column}, m.rating FROM media_items m INDEXED BY idx_media_type_year
            WHERE m.is_work = 1 AND m.media_type = ?1 AND m.year IS ?2 AND m.best_resolution IS ?3 AND m.best_codec IS ?4 AND m.holding_id = ?5{(rating is null ? "" : " AND m.rating >= ?6")}
            """);
        if (rating is not null)
        {
            rows.Bind(6, rating);
        }

        foreach (var cell in cells)
        {
            rows.Bind(1, (long)cell.Type).Bind(2, (long?)cell.Year).Bind(3, cell.Resolution).Bind(4, cell.Codec).Bind(5, (long)cell.PresenceSetId);
            while (rows.Read())
            {
                yield return (order.CreateKey(rows, 0, 1), cell, rows.DoubleOrNull(2));
            }
        }
    }

    /// <summary>The items with at least this rating, the best first.</summary>
    public IEnumerable<(ItemKey Key, FacetCell Values, double? Rating)> ReadRated(double rating)
    {
        using var rows = session.Prepare($"""
            SELECT m.id, m.{order.Column}, m.rating, {FacetCell.Columns} FROM media_items m INDEXED BY idx_media_rating_desc WHERE m.is_work = 1 AND m.rating >= ?1 ORDER BY m.rating DESC
            """);
        rows.Bind(1, rating);
        while (rows.Read())
        {
            yield return (order.CreateKey(rows, 0, 1), FacetCell.Read(rows, 3), rows.Double(2));
        }
    }

    /// <summary>Number of items with at least this rating, counted up to <paramref name="max"/>.</summary>
    public long CountRated(double rating, long max)
    {
        using var count = session.Prepare("SELECT count(*) FROM (SELECT 1 FROM media_items m INDEXED BY idx_media_rating_desc WHERE m.is_work = 1 AND m.rating >= ?1 LIMIT ?2)");
        return count.Bind(1, rating).Bind(2, max).Read() ? count.Int64(0) : 0;
    }

    /// <summary>All items, row by row and unordered, for use while the indexes are dropped.</summary>
    public IEnumerable<(ItemKey Key, FacetCell Values, double? Rating)> ReadUnindexed() => ReadRows("", null);

    /// <summary>
    /// The same in order of arrival, which needs no index: ids are assigned as items arrive. The newest items thus show at once during a bulk
    /// load.
    /// </summary>
    public IEnumerable<(ItemKey Key, FacetCell Values, double? Rating)> ReadByArrival(ItemKey? after) =>
        ReadRows($"{(after is null ? "" : $" AND m.id {(order.IsDescending ? "<" : ">")} ?1")} ORDER BY m.id {(order.IsDescending ? "DESC" : "ASC")}", after);

    private IEnumerable<(ItemKey Key, FacetCell Values, double? Rating)> ReadRows(string rest, ItemKey? after)
    {
        using var rows = session.Prepare($"SELECT m.id, m.{order.Column}, m.rating, {FacetCell.Columns} FROM media_items m NOT INDEXED WHERE m.is_work = 1{rest}");
        if (after is { } last)
        {
            rows.Bind(1, last.Id);
        }

        while (rows.Read())
        {
            yield return (order.CreateKey(rows, 0, 1), FacetCell.Read(rows, 3), rows.DoubleOrNull(2));
        }
    }

    /// <summary>
    /// Reads in ranges, each one search of the index: rows with exactly the key's value, rows beyond it, and rows without a value. A row
    /// comparison of value and id would be equivalent, but SQLite would then search by the value alone.
    /// </summary>
    private IEnumerable<ItemKey> ReadStream(MediaType? type, ItemKey? after)
    {
        var (column, compare) = ($"m.{order.Column}", order.IsDescending ? "<" : ">");
        IEnumerable<ItemKey> ReadWithoutValue(ItemKey? afterKey) =>
            order.CanBeMissing ? ReadRange(type, afterKey is null ? $"{column} IS NULL" : $"{column} IS NULL AND m.id {compare} ?3", afterKey) : [];
        return after switch
        {
            null => ReadRange(type, $"{column} IS NOT NULL", after).Concat(ReadWithoutValue(null)),
            { HasValue: false } => ReadWithoutValue(after),
            _ => ReadRange(type, $"{column} = ?2 AND m.id {compare} ?3", after).Concat(ReadRange(type, $"{column} {compare} ?2", after)).Concat(ReadWithoutValue(null)),
        };
    }

    private IEnumerable<ItemKey> ReadRange(MediaType? type, string where, ItemKey? after)
    {
        var (column, direction) = ($"m.{order.Column}", order.IsDescending ? "DESC" : "ASC");
        using var rows = session.Prepare(
            $"SELECT m.id, {column} FROM media_items m INDEXED BY {(type is null ? order.IndexForAll : order.IndexByType)} WHERE m.is_work = 1{(type is null ? "" : " AND m.media_type = ?1")} AND {where} ORDER BY {column} {direction}, m.id {direction}");
        if (type is { } only)
        {
            rows.Bind(1, (long)only);
        }

        if (where.Contains("?2", StringComparison.Ordinal))
        {
            order.BindValue(rows, 2, after!.Value);
        }

        if (where.Contains("?3", StringComparison.Ordinal))
        {
            rows.Bind(3, after!.Value.Id);
        }

        while (rows.Read())
        {
            yield return order.CreateKey(rows, 0, 1);
        }
    }
}
