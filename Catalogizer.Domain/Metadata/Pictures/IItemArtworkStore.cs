using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Pictures;

/// <summary>Finds what may be a picture of an item, and keeps which picture is whose.</summary>
public interface IItemArtworkStore
{
    /// <summary>Pictures that lie beside media and were not read as they are now, by id from <paramref name="after"/> on; null while a first scan runs.</summary>
    Task<IReadOnlyList<ArtworkFile>?> NextSidecarsAsync(long after, int count, CancellationToken cancellation);

    /// <summary>The id of the last file that there is.</summary>
    Task<long> LastFileIdAsync(CancellationToken cancellation);

    /// <summary>The one work whose files lie in a folder or below it; of several albums, their one artist. Null when there are several.</summary>
    Task<FolderItem?> ItemInAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>A season of a series; null when it has no such.</summary>
    Task<long?> FindSeasonAsync(long series, int season, CancellationToken cancellation);

    /// <summary>Copies with a picture in them, or of films that have none, whose item has no picture of that kind yet, the newest first; null while a first scan runs.</summary>
    /// <param name="before">Only copies with lower ids.</param>
    /// <param name="analyzedSince">Only copies that were looked into since then, in Unix milliseconds.</param>
    Task<ArtworkBatch?> NextEmbeddedAsync(long before, long analyzedSince, int count, CancellationToken cancellation);

    /// <summary>Gives up pictures that are no longer kept: their items show the next best, and they are taken or fetched again.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation);

    /// <summary>Keeps a picture of an item, or that there is none, and has the best one shown.</summary>
    Task SaveAsync(ItemArtwork artwork, CancellationToken cancellation);
}

/// <summary>A picture among the files of a source.</summary>
/// <param name="Folder">Relative to the source.</param>
/// <param name="ItemId">The item beside whose file it lies, or the album of that track; null when there is none.</param>
public sealed record ArtworkFile(long FileId, long SourceId, string Folder, string Name, long Size, long ModifiedAt, long? ItemId, MediaKind? Kind)
{
    public string Path => Folder.Length == 0 ? Name : $"{Folder}/{Name}";

    public string Stamp => FormattableString.Invariant($"{Size}:{ModifiedAt}");
}

/// <summary>The work of a folder.</summary>
/// <param name="ItemId">A film, album, series, artist or other work.</param>
/// <param name="Season">Where its files are of one season of a series.</param>
public sealed record FolderItem(long ItemId, MediaKind Kind, long? Season);

/// <param name="Before">Where to go on; 0 when these were the last.</param>
public sealed record ArtworkBatch(IReadOnlyList<ArtworkCandidate> Candidates, long Before);

/// <summary>A copy that a picture can be taken from.</summary>
/// <param name="ItemId">Whose picture it would be: for a track its album, for an episode its series.</param>
/// <param name="Cover">The entry of a book or comic that is its cover; null for others.</param>
/// <param name="FrameAt">The second of a film to show, where no picture is kept in it; else null.</param>
public sealed record ArtworkCandidate(long ItemId, long SourceId, string Path, string? Cover, double? FrameAt)
{
    public ArtworkOrigin Origin => FrameAt is null ? ArtworkOrigin.Within : ArtworkOrigin.Frame;
}
