using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Library;

/// <summary>A query of the library. Every part is optional; together they narrow the results.</summary>
public sealed record MediaQuery
{
    /// <summary>Words of titles, at most 255 characters; the last one may be incomplete. Any input is safe.</summary>
    public string? Query { get; init; }

    public MediaType? Type { get; init; }

    public int? Year { get; init; }

    public int? YearFrom { get; init; }

    public int? YearTo { get; init; }

    /// <summary>The lowest rating, 0 to 10.</summary>
    public double? Rating { get; init; }

    /// <summary>Resolution of a version, as detection names it: "1080p". All conditions on versions must be met by the same one.</summary>
    public string? Resolution { get; init; }

    /// <summary>Codec of a version: "H.265".</summary>
    public string? Codec { get; init; }

    /// <summary>Id of a source that has a version.</summary>
    public long? Source { get; init; }

    /// <summary>Presence of a version.</summary>
    public Presence? Presence { get; init; }

    /// <summary>Null: by relevance when there is a query, newest first otherwise.</summary>
    public MediaSort? Sort { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the previous page ended; from <see cref="MediaPage.NextCursor"/>.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The available orders. In API names, a leading '-' means descending.</summary>
public enum MediaSort
{
    AddedDown,
    Added,
    Title,
    TitleDown,
    YearDown,
    Year,
    RatingDown,
    Rating,
    UpdatedDown,
    Updated,
}

public static class MediaSorts
{
    private static readonly string[] ApiNames =
        ["-added", "added", "title", "-title", "-year", "year", "-rating", "rating", "-updated", "updated"];

    public static IReadOnlyList<string> All => ApiNames;

    public static string ToApiName(this MediaSort sort) => ApiNames[(int)sort];

    public static bool TryParse(string? apiName, out MediaSort sort)
    {
        var index = Array.IndexOf(ApiNames, apiName);
        sort = index < 0 ? MediaSort.AddedDown : (MediaSort)index;
        return index >= 0;
    }
}
