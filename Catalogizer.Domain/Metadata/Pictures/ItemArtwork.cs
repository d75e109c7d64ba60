namespace Catalogizer.Domain.Metadata.Pictures;

/// <summary>Where a picture of an item comes from. The highest that there is, is shown.</summary>
public enum ArtworkOrigin
{
    /// <summary>Taken from the film itself, for want of a better one.</summary>
    Frame = 1,

    /// <summary>From a provider.</summary>
    Provider = 2,

    /// <summary>Kept in the file: a track's cover, a book's cover, a comic's first page.</summary>
    Within = 3,

    /// <summary>A picture beside the files: <c>front.jpg</c>, or one of the file's own name.</summary>
    Beside = 4,

    /// <summary><c>cover.jpg</c>.</summary>
    Cover = 5,

    /// <summary><c>folder.jpg</c>.</summary>
    Folder = 6,

    /// <summary><c>poster.jpg</c>.</summary>
    Poster = 7,
}

/// <summary>A picture of an item. Row of <c>item_pictures</c>.</summary>
public sealed class ItemArtwork
{
    public long ItemId { get; set; }

    public ArtworkOrigin Layer { get; set; }

    /// <summary>The address that pages show it by; null where a look for one found none.</summary>
    public string? Address { get; set; }

    /// <summary>The file beside the item's that it was read from; null for every other.</summary>
    public long? FileId { get; set; }

    /// <summary>That file's size and time; another means that it changed.</summary>
    public string? Stamp { get; set; }
}
