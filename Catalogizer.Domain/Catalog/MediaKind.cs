namespace Catalogizer.Domain.Catalog;

/// <summary>The level of an item in the tree: what the library lists, and its parts.</summary>
public enum MediaKind
{
    Film = 0,
    Series = 1,
    Season = 2,
    Episode = 3,
    Artist = 4,
    Album = 5,
    Track = 6,
    Game = 7,
    Program = 8,
    Book = 9,
    Comic = 10,
    Audiobook = 11,
    Photo = 12,
    File = 13,
}

public static class MediaKinds
{
    /// <summary>Whether the library lists and counts items of this kind; parts and artists are reached through listed items.</summary>
    public static bool IsListed(this MediaKind kind) =>
        kind is not (MediaKind.Season or MediaKind.Episode or MediaKind.Artist or MediaKind.Track);

    public static string ToApiName(this MediaKind kind) => kind.ToString().ToLowerInvariant();
}
