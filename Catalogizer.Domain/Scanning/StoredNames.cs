using System.Text.Json.Serialization;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage;

namespace Catalogizer.Domain.Scanning;

/// <summary>A work as the catalogue has it.</summary>
/// <param name="Title">As its files' names give it, beneath what a record or a person says.</param>
/// <param name="IsMatched">It has a provider's record.</param>
/// <param name="HasManualChanges">A person edited it or decided on its record.</param>
public sealed record StoredItem(
    long Id, MediaKind Kind, MediaType Type, string Identity, string? Title, int? Year, int? Season, int? Episode, bool IsMatched, bool HasManualChanges, StoredItem? Parent);

/// <summary>A copy as the catalogue has it.</summary>
/// <param name="Quality">As it was read from the name; null where it was measured, and then it stays.</param>
public sealed record StoredVersion(long Id, string? Identity, string? Label, double Confidence, QualityMetrics? Quality, StoredItem Item);

/// <summary>A file as the catalogue has it.</summary>
public sealed record StoredFile(
    long Id, string Name, long Size, long ModifiedAt, long? SystemId, FileRole Role, MediaType Type, StoredVersion? Version);

/// <summary>Files of one folder that belong together: all of them, or some thousand of a very large folder.</summary>
/// <param name="After">The name that they come after; empty at the folder's first.</param>
/// <param name="IsComplete">These are all files of the folder.</param>
public sealed record StoredFileBatch(long FolderId, long SourceId, string Path, string After, bool IsComplete, IReadOnlyList<StoredFile> Files)
{
    public BatchPosition End => new(FolderId, Files[^1].Name);
}

/// <summary>How far a reader of all slices is: past this name in this folder.</summary>
public readonly record struct BatchPosition(long Folder, string Name)
{
    public static BatchPosition Start => new(0, "");
}

/// <summary>Reads names from the catalogue as a scan reads them from a source.</summary>
public interface IStoredFileReader : IDisposable
{
    /// <summary>The slice after a place; null at the end.</summary>
    /// <param name="sourceId">Only of this source; null for all.</param>
    StoredFileBatch? ReadNext(BatchPosition position, long? sourceId);

    /// <summary>Some paths of the files of a work and of its parts, with their sources.</summary>
    IEnumerable<(long SourceId, string Path)> FindPaths(long itemId);

    /// <summary>What people said of which works are one.</summary>
    ItemMerges Merges { get; }

    /// <summary>The work of an identity.</summary>
    long? FindItem(string identity);
}

/// <summary>What reading names again needs of the catalogue.</summary>
public interface IRedetectionStore
{
    /// <summary>Whether people are reading right now.</summary>
    bool IsBeingRead { get; }

    Task<RedetectionState> StateAsync(CancellationToken cancellation);

    /// <summary>Notes that everything was read by this version of the reader, and forgets how far a run was.</summary>
    Task RecordVersionAsync(int version, CancellationToken cancellation);

    /// <summary>Opens a reader with a connection of its own.</summary>
    IStoredFileReader OpenFileReader();

    /// <summary>Looks at the slices once more in the writer's turn and saves what they read otherwise, in one transaction with how far the run is.</summary>
    /// <param name="compare">Told the slice as it is now.</param>
    /// <param name="run">How far the run is after these slices; null for one that is not gone on with.</param>
    /// <returns>The slices that have more to save than one turn may take.</returns>
    Task<IReadOnlyList<StoredFileBatch>> SaveAsync(
        IReadOnlyList<StoredFileBatch> fileBatches, Func<StoredFileBatch, IStoredFileReader, DetectionChanges> compare, long firstItem, RedetectionRun? run, CancellationToken cancellation);
}

/// <summary>What the catalogue knows of readings.</summary>
/// <param name="Version">The reader that read everything; null when nobody noted it.</param>
/// <param name="Run">A run that broke off.</param>
/// <param name="Files">How many files there are, by source.</param>
/// <param name="NextItem">The id that the next item gets, or a smaller one.</param>
public sealed record RedetectionState(int? Version, RedetectionRun? Run, IReadOnlyDictionary<long, long> Files, long NextItem);

/// <summary>A run of reading all names again, to be gone on with after a break.</summary>
/// <param name="FirstItem">Items from this id on were made since it began.</param>
/// <param name="Done">Files read so far.</param>
public sealed record RedetectionRun(int Version, long FirstItem, [property: JsonPropertyName("Place")] BatchPosition Position, long Done);
