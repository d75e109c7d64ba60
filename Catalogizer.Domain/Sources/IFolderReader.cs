using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Sources;

/// <summary>Reads the folders of sources as the catalogue knows them; no source is asked.</summary>
public interface IFolderReader
{
    /// <summary>A stretch of a folder: its folders, then its files, each by name. Null when the catalogue knows no such folder.</summary>
    /// <param name="find">Leaves only what has this in its name; null for everything.</param>
    Task<FolderWindow?> ReadFolderAsync(long sourceId, string path, string? find, int start, int count, CancellationToken cancellation);

    /// <summary>How many files are known on a source, and some of them, from folders all over it.</summary>
    Task<(long Known, IReadOnlyList<FileSample> Samples)> SampleFilesAsync(long sourceId, int folders, int filesOfEach, CancellationToken cancellation);
}

/// <summary>A stretch of a folder.</summary>
/// <param name="ListedAt">When it was last listed completely; null when never.</param>
/// <param name="Problem">Why it could not be read at the last look; null when it could.</param>
/// <param name="Folders">How many folders there are in it in all.</param>
/// <param name="Files">How many files there are in it in all.</param>
public sealed record FolderWindow(DateTimeOffset? ListedAt, string? Problem, int Folders, int Files, IReadOnlyList<FolderEntry> Entries);

/// <summary>A folder or a file in a folder.</summary>
/// <param name="ChildCount">How many files and folders a folder holds; 0 for a file.</param>
/// <param name="ModifiedAt">A file's time; null for a folder.</param>
/// <param name="Presence">A file's; a folder's only when nothing that was in it is there any more.</param>
/// <param name="ItemId">The item that a file belongs to.</param>
/// <param name="Problem">Why a folder could not be read at the last look.</param>
public sealed record FolderEntry(
    string Name, string Path, bool IsFolder, long Size, long ChildCount, DateTimeOffset? ModifiedAt, Presence? Presence, MediaType Type, long? ItemId, string? Problem);

/// <summary>Some of the files of a folder.</summary>
public sealed record FileSample(string Folder, IReadOnlyList<(string Name, long Size)> Files);
