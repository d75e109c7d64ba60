using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Artworks;

/// <summary>Finds possible images of items, and stores which image belongs to which item.</summary>
public interface IItemArtworkStore
{
    /// <summary>Image sidecar files not yet read in their present state, by id after <paramref name="after"/>; null while a first scan runs.</summary>
    Task<IReadOnlyList<ArtworkFile>?> NextSidecarsAsync(long after, int count, CancellationToken cancellation);

    /// <summary>The highest id of all files; 0 when there is none.</summary>
    Task<long> LastFileIdAsync(CancellationToken cancellation);

    /// <summary>The only item with files in a folder or below it or, for several albums, their only artist. Null when there is none, or several.</summary>
    Task<FolderItem?> ItemInAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>A season of a series; null when the series has no such season.</summary>
    Task<long?> FindSeasonAsync(long series, int season, CancellationToken cancellation);

    /// <summary>Versions with an embedded image, or of films without one, whose item lacks such an image, newest first; null while a first scan runs.</summary>
    /// <param name="before">Only versions with lower ids.</param>
    /// <param name="analyzedSince">Only versions analysed since then, in Unix milliseconds.</param>
    Task<ArtworkBatch?> NextEmbeddedAsync(long before, long analyzedSince, int count, CancellationToken cancellation);

    /// <summary>Removes images that are no longer stored: their items show the next best one, and they are extracted or fetched again.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation);

    /// <summary>Saves an image of an item, or that there is none, and updates the image that the item shows.</summary>
    Task SaveAsync(ItemArtwork artwork, CancellationToken cancellation);
}

/// <summary>An image file in a source.</summary>
/// <param name="Folder">Relative to the source.</param>
/// <param name="ItemId">The item whose file it is a sidecar of, or the album of that track; null when there is none.</param>
public sealed record ArtworkFile(long FileId, long SourceId, string Folder, string Name, long Size, long ModifiedAt, long? ItemId, MediaKind? Kind)
{
    public string Path => Folder.Length == 0 ? Name : $"{Folder}/{Name}";

    public string Stamp => FormattableString.Invariant($"{Size}:{ModifiedAt}");
}

/// <summary>The item that a folder belongs to.</summary>
/// <param name="ItemId">A film, album, series, artist or other item.</param>
/// <param name="Season">Id of the season, if all files are of one season of a series.</param>
public sealed record FolderItem(long ItemId, MediaKind Kind, long? Season);

/// <param name="Before">Upper limit of ids for the next batch; 0 after the last one.</param>
public sealed record ArtworkBatch(IReadOnlyList<ArtworkCandidate> Candidates, long Before);

/// <summary>A version from which an image can be extracted.</summary>
/// <param name="ItemId">The item that gets the image: the album of a track, the series of an episode.</param>
/// <param name="Cover">The entry of a book or comic that is its cover; null for other files.</param>
/// <param name="FrameAt">Position of the film's frame to use, in seconds, if no image is embedded; otherwise null.</param>
public sealed record ArtworkCandidate(long ItemId, long SourceId, string Path, string? Cover, double? FrameAt)
{
    public ArtworkOrigin Origin => FrameAt is null ? ArtworkOrigin.Within : ArtworkOrigin.Frame;
}
