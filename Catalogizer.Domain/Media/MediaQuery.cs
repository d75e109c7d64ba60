namespace Catalogizer.Domain.Media;

/// <summary>What the library is asked for. Every part is optional; together they narrow.</summary>
public sealed record MediaQuery
{
    /// <summary>Words of titles, at most 255 characters; the last one may be unfinished. Any input is safe.</summary>
    public string? Query { get; init; }

    public MediaType? Type { get; init; }

    public int? Year { get; init; }

    public int? YearFrom { get; init; }

    public int? YearTo { get; init; }

    /// <summary>The least rating, 0 to 10.</summary>
    public double? Rating { get; init; }

    /// <summary>Of a copy, as the detection vocabulary has it: "1080p". What is asked of copies is asked of one and the same.</summary>
    public string? Resolution { get; init; }

    /// <summary>Of a copy: "H.265".</summary>
    public string? Codec { get; init; }

    /// <summary>Id of a source that holds a copy.</summary>
    public long? Source { get; init; }

    /// <summary>Of a copy.</summary>
    public Presence? Presence { get; init; }

    /// <summary>Null: by relevance when there is a query, newest first otherwise.</summary>
    public MediaSort? Sort { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page before ended; from <see cref="MediaPage.NextCursor"/>.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The orders offered. A leading '-' in the API's word means downward.</summary>
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
