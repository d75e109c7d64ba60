
namespace Catalogizer.Domain.Operations.Health;

/// <summary>Checks the whole database and rebuilds derived rows; takes seconds for a large one.</summary>
public interface IStorageCheck
{
    /// <summary>Whether an earlier process ended without closing the database.</summary>
    bool WasUncleanShutdown { get; }

    int CheckCount { get; }

    /// <summary>Runs the checks one after the other; cancelling interrupts the running one.</summary>
    IAsyncEnumerable<DoctorFinding> CheckAsync(CancellationToken cancellation);

    /// <summary>Rebuilds the search index and the counters in one transaction; when interrupted, nothing changes.</summary>
    /// <returns>Number of items and files counted.</returns>
    Task<(long Works, long Files)> RebuildAsync(CancellationToken cancellation);
}
