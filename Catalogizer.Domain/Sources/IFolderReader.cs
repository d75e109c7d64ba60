using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Sources;

/// <summary>Reads the folders of sources from the catalogue, without contacting the source.</summary>
public interface IFolderReader
{
    /// <summary>A range of a folder's entries: subfolders first, then files, each sorted by name. Null when the folder is not in the catalogue.</summary>
    /// <param name="find">Only entries whose name contains this text; null for all.</param>
    Task<FolderWindow?> ReadFolderAsync(long sourceId, string path, string? find, int start, int count, CancellationToken cancellation);

    /// <summary>The number of known files on a source, and a sample of them from folders spread over the source.</summary>
    Task<(long Known, IReadOnlyList<FileSample> Samples)> SampleFilesAsync(long sourceId, int folders, int filesOfEach, CancellationToken cancellation);
}

/// <summary>A range of a folder's entries.</summary>
/// <param name="ListedAt">When the folder was last listed completely; null when it never was.</param>
/// <param name="Problem">Why the last scan could not read the folder; null when it could.</param>
/// <param name="Folders">Total number of subfolders, also outside the range.</param>
/// <param name="Files">Total number of files, also outside the range.</param>
public sealed record FolderWindow(DateTimeOffset? ListedAt, string? Problem, int Folders, int Files, IReadOnlyList<FolderEntry> Entries);

/// <summary>A subfolder or file of a folder.</summary>
/// <param name="ChildCount">Number of files and folders in a folder; 0 for a file.</param>
/// <param name="ModifiedAt">Modification time of a file; null for a folder.</param>
/// <param name="Presence">Presence of a file; for a folder, set only when nothing in it is present any more.</param>
/// <param name="ItemId">The item that a file belongs to; null when there is none.</param>
/// <param name="Problem">Why the last scan could not read a folder; null when it could.</param>
public sealed record FolderEntry(
    string Name, string Path, bool IsFolder, long Size, long ChildCount, DateTimeOffset? ModifiedAt, Presence? Presence, MediaType Type, long? ItemId, string? Problem);

/// <summary>A sample of the files of one folder.</summary>
public sealed record FileSample(string Folder, IReadOnlyList<(string Name, long Size)> Files);
