namespace Catalogizer.Domain.Metadata.Artworks;

/// <summary>Where an image of an item comes from. The one with the highest value is displayed.</summary>
public enum ArtworkOrigin
{
    /// <summary>A frame of the film, in the absence of a better image.</summary>
    Frame = 1,

    Provider = 2,

    /// <summary>Embedded in the file: a track's cover, a book's cover, a comic's first page.</summary>
    Within = 3,

    /// <summary>An image beside the files: <c>front.jpg</c>, or one with the file's own name.</summary>
    Beside = 4,

    /// <summary><c>cover.jpg</c>.</summary>
    Cover = 5,

    /// <summary><c>folder.jpg</c>.</summary>
    Folder = 6,

    /// <summary><c>poster.jpg</c>.</summary>
    Poster = 7,
}

/// <summary>An image of an item. Row of <c>item_pictures</c>.</summary>
public sealed class ItemArtwork
{
    public long ItemId { get; set; }

    public ArtworkOrigin Layer { get; set; }

    /// <summary>The address for pages; null where no image was found.</summary>
    public string? Address { get; set; }

    /// <summary>The sidecar file that it was read from; null for other origins.</summary>
    public long? FileId { get; set; }

    /// <summary>Size and modification time of that file; another value means that it has changed.</summary>
    public string? Stamp { get; set; }
}
