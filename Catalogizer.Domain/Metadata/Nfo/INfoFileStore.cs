namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>Finds the NFO files in the catalogue.</summary>
public interface INfoFileStore
{
    /// <summary>Available NFO files that may be new or changed, by id after <paramref name="after"/>; null while a first scan runs.</summary>
    Task<IReadOnlyList<NfoFile>?> NextAsync(long after, int count, CancellationToken cancellation);

    /// <summary>The series whose episodes are in a folder or below it; null when there is none, or several.</summary>
    Task<long?> FindSeriesAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>The film whose files are in a folder or below it; null when there is none, or several.</summary>
    Task<long?> FindFilmAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>Whether the file that an item's values were read from is still present, by its <see cref="NfoFile.Stamp"/>.</summary>
    Task<bool> IsPresentAsync(string stamp, CancellationToken cancellation);

    /// <summary>The highest id of all files; 0 when there is none.</summary>
    Task<long> LastFileIdAsync(CancellationToken cancellation);
}

/// <param name="Folder">Relative to the source.</param>
/// <param name="ItemId">The item whose file it is a sidecar of; null when there is none.</param>
/// <param name="KnownStamp">The stamp of the file that was last read for the item.</param>
public sealed record NfoFile(long FileId, long SourceId, string Folder, string Name, long Size, long ModifiedAt, long? ItemId, string? KnownStamp)
{
    public string Path => Folder.Length == 0 ? Name : $"{Folder}/{Name}";

    /// <summary>Whether it describes the film of its folder, which has several versions.</summary>
    public bool IsFilmNfo => ItemId is null && Name.Equals("movie.nfo", StringComparison.OrdinalIgnoreCase);

    public bool IsSeriesNfo => Name.Equals("tvshow.nfo", StringComparison.OrdinalIgnoreCase);

    /// <summary>Differs when the file is another one or has changed.</summary>
    public string Stamp => FormattableString.Invariant($"{FileId}:{Size}:{ModifiedAt}");
}
