using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Quality;

namespace Catalogizer.Domain.Scanning.Redetecting;

/// <summary>The catalogue operations of redetection.</summary>
public interface IRedetectionStore
{
    /// <summary>Whether users are reading right now.</summary>
    bool IsBeingRead { get; }

    Task<RedetectionState> StateAsync(CancellationToken cancellation);

    /// <summary>Records that this version of the detector read everything, and clears the position of the run.</summary>
    Task RecordVersionAsync(int version, CancellationToken cancellation);

    /// <summary>Opens a reader with its own connection.</summary>
    IStoredFileReader OpenFileReader();

    /// <summary>Compares the batches again inside the write transaction, and saves their differences together with the position of the run.</summary>
    /// <param name="compare">Receives the batch as it is now.</param>
    /// <param name="run">The run's position after these batches; null for a run that cannot be resumed.</param>
    /// <returns>The batches that have more to save than one transaction may take.</returns>
    Task<IReadOnlyList<StoredFileBatch>> SaveAsync(
        IReadOnlyList<StoredFileBatch> fileBatches, Func<StoredFileBatch, IStoredFileReader, DetectionChanges> compare, long firstItem, RedetectionRun? run, CancellationToken cancellation);
}

/// <summary>What the catalogue records about detection.</summary>
/// <param name="Version">The version of the detector that read everything; null if none is recorded.</param>
/// <param name="Run">An interrupted run; null if there is none.</param>
/// <param name="Files">Number of files by source.</param>
/// <param name="NextItem">The id of the next item, or a lower one.</param>
public sealed record RedetectionState(int? Version, RedetectionRun? Run, IReadOnlyDictionary<long, long> Files, long NextItem);

/// <summary>A run of redetection over all names, which can be resumed after an interruption.</summary>
/// <param name="FirstItem">Items with this id or a higher one were created since the run began.</param>
/// <param name="Done">Files read so far.</param>
public sealed record RedetectionRun(int Version, long FirstItem, [property: JsonPropertyName("Place")] BatchPosition Position, long Done);
