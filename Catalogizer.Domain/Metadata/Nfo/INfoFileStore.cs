namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>The NFO files that the catalogue knows of.</summary>
public interface INfoFileStore
{
    /// <summary>Those present, by id from <paramref name="after"/> on, which were not read as they are now; null while a first scan runs.</summary>
    Task<IReadOnlyList<NfoFile>?> NextAsync(long after, int count, CancellationToken cancellation);

    /// <summary>The series whose episodes lie in a folder or below it; null when there is none.</summary>
    Task<long?> FindSeriesAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>The film whose files lie in a folder or below it; null when there is none, or several.</summary>
    Task<long?> FindFilmAsync(long sourceId, string folder, CancellationToken cancellation);

    /// <summary>Whether a file that an item's values were read from is still there, by its <see cref="NfoFile.Stamp"/>.</summary>
    Task<bool> IsPresentAsync(string stamp, CancellationToken cancellation);

    /// <summary>The id of the last file that there is.</summary>
    Task<long> LastFileIdAsync(CancellationToken cancellation);
}

/// <param name="Folder">Relative to the source.</param>
/// <param name="ItemId">The item beside whose file it lies; null when there is none.</param>
/// <param name="KnownStamp">The stamp of what was last read for the item.</param>
public sealed record NfoFile(long FileId, long SourceId, string Folder, string Name, long Size, long ModifiedAt, long? ItemId, string? KnownStamp)
{
    public string Path => Folder.Length == 0 ? Name : $"{Folder}/{Name}";

    /// <summary>Whether it tells of the film of its folder, which has several copies.</summary>
    public bool IsFilmNfo => ItemId is null && Name.Equals("movie.nfo", StringComparison.OrdinalIgnoreCase);

    public bool IsSeriesNfo => Name.Equals("tvshow.nfo", StringComparison.OrdinalIgnoreCase);

    /// <summary>Another one when the file is another one or has changed.</summary>
    public string Stamp => FormattableString.Invariant($"{FileId}:{Size}:{ModifiedAt}");
}
