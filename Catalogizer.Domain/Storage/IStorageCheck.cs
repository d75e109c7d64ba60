using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Storage;

/// <summary>Checks the whole database, and makes anew what follows from other rows; takes seconds for a large one.</summary>
public interface IStorageCheck
{
    /// <summary>Whether an earlier process ended without closing the database.</summary>
    bool WasUncleanShutdown { get; }

    /// <summary>How many checks there are.</summary>
    int CheckCount { get; }

    /// <summary>Runs one check after the other; a cancelled one is broken off.</summary>
    IAsyncEnumerable<DoctorFinding> CheckAsync(CancellationToken cancellation);

    /// <summary>Builds the search index and the counters anew, in one transaction: broken off, all is as it was.</summary>
    /// <returns>How many works and files they stand for.</returns>
    Task<(long Works, long Files)> RebuildAsync(CancellationToken cancellation);
}
