namespace Catalogizer.Domain.Quality.Contents;

/// <summary>What kind of file was opened to see what lies in it.</summary>
public enum ContentKind
{
    Book = 0,
    Comic = 1,
    Archive = 2,
    DiscImage = 3,
}

/// <summary>What lies in a book, comic, archive or disc image. Texts are the file's own words, cut to a length that can be shown.</summary>
public sealed record FileContents(ContentKind Kind)
{
    /// <summary>Entries that are named at most.</summary>
    public const int MaxListed = 100;

    /// <summary>A book's or issue's title, or the label of a disc.</summary>
    public string? Title { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    public string? Series { get; init; }

    /// <summary>The place in the series, as it is written.</summary>
    public string? Number { get; init; }

    public string? Publisher { get; init; }

    /// <summary>When it came out or was made, as it is written.</summary>
    public string? Published { get; init; }

    public string? Language { get; init; }

    public string? Description { get; init; }

    /// <summary>ISBN-10 or ISBN-13, digits alone.</summary>
    public string? Isbn { get; init; }

    /// <summary>Pictures of a comic.</summary>
    public int? Pages { get; init; }

    /// <summary>The entry that is the cover; null when nothing says which.</summary>
    public string? Cover { get; init; }

    /// <summary>Files in it.</summary>
    public int Entries { get; init; }

    /// <summary>Bytes of all its files, unpacked, as the file says.</summary>
    public long UnpackedBytes { get; init; }

    /// <summary>Whether there is more than was counted.</summary>
    public bool IsCut { get; init; }

    /// <summary>The first files, in the order of the file.</summary>
    public IReadOnlyList<ContentEntry> First { get; init; } = [];
}

/// <param name="Size">Bytes, unpacked, as the file says.</param>
public sealed record ContentEntry(string Name, long Size);
