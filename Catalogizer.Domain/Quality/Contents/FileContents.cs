namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Type of a file whose contents can be listed.</summary>
public enum ContentKind
{
    Book = 0,
    Comic = 1,
    Archive = 2,
    DiscImage = 3,
}

/// <summary>Contents of a book, comic, archive or disc image. Texts come from the file, cut to a length that can be displayed.</summary>
public sealed record FileContents(ContentKind Kind)
{
    /// <summary>Maximum number of entries in <see cref="First"/>.</summary>
    public const int MaxListed = 100;

    /// <summary>Title of a book or issue, or label of a disc.</summary>
    public string? Title { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    public string? Series { get; init; }

    /// <summary>Position in the series, as written in the file.</summary>
    public string? Number { get; init; }

    public string? Publisher { get; init; }

    /// <summary>Date of publication or creation, as written in the file.</summary>
    public string? Published { get; init; }

    public string? Language { get; init; }

    public string? Description { get; init; }

    /// <summary>ISBN-10 or ISBN-13, without separators.</summary>
    public string? Isbn { get; init; }

    /// <summary>Number of images in a comic.</summary>
    public int? Pages { get; init; }

    /// <summary>Name of the entry that is the cover; null when it is not known.</summary>
    public string? Cover { get; init; }

    /// <summary>Number of files in it.</summary>
    public int Entries { get; init; }

    /// <summary>Total size of all its files in bytes, unpacked, as declared in the file.</summary>
    public long UnpackedBytes { get; init; }

    /// <summary>Whether there are more files than were counted.</summary>
    public bool IsCut { get; init; }

    /// <summary>The first files, in the order in which they are stored.</summary>
    public IReadOnlyList<ContentEntry> First { get; init; } = [];
}

/// <param name="Size">Unpacked size in bytes, as declared in the file.</param>
public sealed record ContentEntry(string Name, long Size);
