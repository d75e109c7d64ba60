using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Quality;

namespace Catalogizer.Domain.Scanning.Redetecting;

/// <summary>An item as stored in the catalogue.</summary>
/// <param name="Title">As detected from its files' names, without values of matches and edits.</param>
/// <param name="IsMatched">Whether it is matched to a provider's entry.</param>
/// <param name="HasManualChanges">Whether a user edited it or decided on its match.</param>
public sealed record StoredItem(
    long Id, MediaKind Kind, MediaType Type, string Identity, string? Title, int? Year, int? Season, int? Episode, bool IsMatched, bool HasManualChanges, StoredItem? Parent);

/// <summary>A version as stored in the catalogue.</summary>
/// <param name="Quality">As detected from the name; null if the file was analysed, because then it stays.</param>
public sealed record StoredVersion(long Id, string? Identity, string? Label, double Confidence, QualityMetrics? Quality, StoredItem Item);

/// <summary>A file as stored in the catalogue.</summary>
public sealed record StoredFile(
    long Id, string Name, long Size, long ModifiedAt, long? SystemId, FileRole Role, MediaType Type, StoredVersion? Version);

/// <summary>Files of one folder that are processed together: all of them, or some thousand of a very large folder.</summary>
/// <param name="After">The name before the first of them; empty at the start of the folder.</param>
/// <param name="IsComplete">Whether these are all files of the folder.</param>
public sealed record StoredFileBatch(long FolderId, long SourceId, string Path, string After, bool IsComplete, IReadOnlyList<StoredFile> Files)
{
    public BatchPosition End => new(FolderId, Files[^1].Name);
}

/// <summary>Position of a reader of all batches: after this name in this folder.</summary>
public readonly record struct BatchPosition(long Folder, string Name)
{
    public static BatchPosition Start => new(0, "");
}

/// <summary>Reads file names from the catalogue as a scan reads them from a source.</summary>
public interface IStoredFileReader : IDisposable
{
    /// <summary>The batch after a position; null at the end.</summary>
    /// <param name="sourceId">Reads only files of this source; null for all.</param>
    StoredFileBatch? ReadNext(BatchPosition position, long? sourceId);

    /// <summary>Some paths of the files of an item and its parts, with their sources; the oldest file first.</summary>
    IEnumerable<(long SourceId, string Path)> FindPaths(long itemId);

    /// <summary>Users' decisions on which items are one.</summary>
    ItemMerges Merges { get; }

    /// <summary>The id of the item that a name belongs to; null when there is none, or none for certain.</summary>
    long? FindItem(ItemNode node);

    /// <summary>Whether there is an item of this very identity.</summary>
    bool HasItem(string identity);

    /// <summary>What a user's edits and chosen match say of an item's marks.</summary>
    ItemMarks ReadDecidedMarks(long itemId);
}
