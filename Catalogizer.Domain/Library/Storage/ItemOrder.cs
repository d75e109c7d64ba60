using System.Globalization;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>An item's position in an order: its sort value and its id.</summary>
/// <param name="Text">The value for titles; null for other orders, and where there is no value.</param>
/// <param name="Number">The value for all other orders; null for titles, and where there is no value.</param>
internal readonly record struct ItemKey(long Id, string? Text, double? Number)
{
    public bool HasValue => Text is not null || Number is not null;
}

/// <summary>One of the available orders. Items without a value (no year, no rating) come last in both directions.</summary>
internal sealed class ItemOrder(MediaSort sort) : IComparer<ItemKey>
{
    public MediaSort Sort => sort;

    public bool IsByYear => sort is MediaSort.Year or MediaSort.YearDown;

    public bool IsByRating => sort is MediaSort.Rating or MediaSort.RatingDown;

    public bool IsByTitle => sort is MediaSort.Title or MediaSort.TitleDown;

    /// <summary>Whether items may lack the sort value.</summary>
    public bool CanBeMissing => IsByTitle || IsByYear || IsByRating;

    public string Column => sort switch
    {
        MediaSort.Title or MediaSort.TitleDown => "sort_title",
        MediaSort.Year or MediaSort.YearDown => "year",
        MediaSort.Rating or MediaSort.RatingDown => "rating",
        MediaSort.Updated or MediaSort.UpdatedDown => "updated_at",
        _ => "first_seen_at",
    };

    /// <summary>The index with the items of each type in this order.</summary>
    public string IndexByType => sort switch
    {
        MediaSort.Title or MediaSort.TitleDown => "idx_work_title",
        MediaSort.Year or MediaSort.YearDown => "idx_work_year",
        MediaSort.Rating or MediaSort.RatingDown => "idx_work_rating",
        MediaSort.Updated or MediaSort.UpdatedDown => "idx_work_updated",
        _ => "idx_work_added",
    };

    /// <summary>The index with all items in this order; null where they are merged from the types.</summary>
    public string? IndexForAll => sort is MediaSort.Updated or MediaSort.UpdatedDown ? "idx_media_updated_desc" : null;

    public bool IsDescending => sort is MediaSort.AddedDown or MediaSort.TitleDown or MediaSort.YearDown or MediaSort.RatingDown or MediaSort.UpdatedDown;

    /// <summary>Reads the key from a row, at the columns of the id and the value.</summary>
    public ItemKey CreateKey(Statement row, int id, int value) =>
        new(row.Int64(id), IsByTitle ? row.TextOrNull(value) : null, IsByTitle ? null : row.DoubleOrNull(value));

    public int Compare(ItemKey x, ItemKey y)
    {
        if (x.HasValue != y.HasValue)
        {
            return x.HasValue ? -1 : 1;
        }

        var order = IsByTitle ? CompareAsUtf8(x.Text, y.Text) : Nullable.Compare(x.Number, y.Number);
        order = order != 0 ? order : x.Id.CompareTo(y.Id);
        return IsDescending ? -order : order;
    }

    public PageCursor ToCursor(in ItemKey key) => new(sort, key.Text ?? key.Number?.ToString("R", CultureInfo.InvariantCulture), key.Id, 0);

    public ItemKey CreateKey(PageCursor cursor) => cursor.Value is null ? new ItemKey(cursor.Id, null, null)
        : IsByTitle ? new ItemKey(cursor.Id, cursor.Value, null)
        : new ItemKey(cursor.Id, null, double.TryParse(cursor.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0);

    public void BindValue(Statement statement, int index, in ItemKey key)
    {
        if (IsByTitle)
        {
            statement.Bind(index, key.Text);
        }
        else
        {
            statement.Bind(index, key.Number);
        }
    }

    /// <summary>Compares text as SQLite does. The order of UTF-16 differs where surrogates meet characters from U+E000 on.</summary>
    private static int CompareAsUtf8(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        var (ca, cb) = (a[same], b[same]);
        return char.IsSurrogate(ca) == char.IsSurrogate(cb) ? ca.CompareTo(cb) : char.IsSurrogate(ca) ? 1 : -1;
    }
}
