using System.Globalization;
using Catalogizer.Domain.Media;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// The library without words: works in an order, by keyset. Works without a value (no year, no rating) come last in both
/// directions, so each order is two stretches of one index.
/// </summary>
internal sealed class WorkList(SqliteConnection connection, CatalogueScope scope, ItemFilter filter, MediaSort sort)
{
    private readonly string _column = sort switch
    {
        MediaSort.Title or MediaSort.TitleDown => "m.sort_title",
        MediaSort.Year or MediaSort.YearDown => "m.year",
        MediaSort.Rating or MediaSort.RatingDown => "m.rating",
        MediaSort.Updated or MediaSort.UpdatedDown => "m.updated_at",
        _ => "m.first_seen_at",
    };

    private readonly bool _down = sort is MediaSort.AddedDown or MediaSort.TitleDown or MediaSort.YearDown or MediaSort.RatingDown or MediaSort.UpdatedDown;

    private string Order => _down ? "DESC" : "ASC";

    /// <summary>The rows after a cursor, and the cursor after them when there are more.</summary>
    public (List<MediaSummary> Items, PageCursor? Next) Page(PageCursor? after, int limit)
    {
        var rows = new List<(MediaSummary Item, string? Value)>();
        if (after is null || after.Value is not null)
        {
            Read(rows, valued: true, after, limit + 1);
        }

        if (rows.Count <= limit)
        {
            Read(rows, valued: false, after is { Value: null } ? after : null, limit + 1 - rows.Count);
        }

        var more = rows.Count > limit;
        var page = rows.Take(limit).ToList();
        return ([.. page.Select(r => r.Item)], more ? new PageCursor(sort, page[^1].Value, page[^1].Item.Id, 0) : null);
    }

    /// <summary>A stretch at any depth: ids first, over the index alone where nothing narrows, then their rows.</summary>
    public List<MediaSummary> Window(int start, int count)
    {
        var valued = Ids(valued: true, start, count);
        if (valued.Count < count)
        {
            var skipped = valued.Count > 0 ? 0 : Math.Max(0, start - Count(valued: true));
            valued.AddRange(Ids(valued: false, skipped, count - valued.Count));
        }

        return ByIds(connection, scope, valued);
    }

    public static List<MediaSummary> ByIds(SqliteConnection connection, CatalogueScope scope, IReadOnlyList<long> ids)
    {
        using var row = new Statement(connection, $"SELECT {ItemRows.Columns} FROM media_items m WHERE m.id = ?1");
        var items = new List<MediaSummary>(ids.Count);
        foreach (var id in ids)
        {
            if (row.Bind(1, id).Read())
            {
                items.Add(ItemRows.Read(row, scope));
                row.Reset();
            }
        }

        return items;
    }

    private void Read(List<(MediaSummary Item, string? Value)> rows, bool valued, PageCursor? after, int limit)
    {
        var next = filter.NextParameter;
        var keyset = after is null ? "" : valued
            ? $" AND ({_column}, m.id) {(_down ? "<" : ">")} (?{next}, ?{next + 1})"
            : $" AND m.id {(_down ? "<" : ">")} ?{next + 1}";
        using var statement = new Statement(connection,
            $"SELECT {ItemRows.Columns}, {_column} FROM media_items m WHERE m.is_work = 1{Stretch(valued)}{filter.Sql}{keyset} ORDER BY {_column} {Order}, m.id {Order} LIMIT {limit}");
        filter.Bind(statement);
        if (after is not null)
        {
            if (valued)
            {
                BindValue(statement, next, after.Value!);
            }

            statement.Bind(next + 1, after.Id);
        }

        while (statement.Read())
        {
            rows.Add((ItemRows.Read(statement, scope), Value(statement)));
        }
    }

    /// <summary>What the row is sorted by. SQLite writes numbers with fewer digits than they have, and a cursor must point at the row itself.</summary>
    private string? Value(Statement row) => sort is MediaSort.Rating or MediaSort.RatingDown
        ? row.DoubleOrNull(20)?.ToString("R", CultureInfo.InvariantCulture)
        : row.TextOrNull(20);

    private List<long> Ids(bool valued, int start, int count)
    {
        using var statement = new Statement(connection,
            $"SELECT m.id FROM media_items m WHERE m.is_work = 1{Stretch(valued)}{filter.Sql} ORDER BY {_column} {Order}, m.id {Order} LIMIT {count} OFFSET {start}");
        filter.Bind(statement);
        var ids = new List<long>();
        while (statement.Read())
        {
            ids.Add(statement.Int64(0));
        }

        return ids;
    }

    private int Count(bool valued)
    {
        using var statement = new Statement(connection, $"SELECT count(*) FROM media_items m WHERE m.is_work = 1{Stretch(valued)}{filter.Sql}");
        filter.Bind(statement).Read();
        return statement.Int32(0);
    }

    private string Stretch(bool valued) => $" AND {_column} IS {(valued ? "NOT " : "")}NULL";

    private void BindValue(Statement statement, int index, string value)
    {
        switch (sort)
        {
            case MediaSort.Title or MediaSort.TitleDown:
                statement.Bind(index, value);
                break;
            case MediaSort.Rating or MediaSort.RatingDown:
                statement.Bind(index, double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0);
                break;
            default:
                statement.Bind(index, long.TryParse(value, CultureInfo.InvariantCulture, out var whole) ? whole : 0);
                break;
        }
    }
}
