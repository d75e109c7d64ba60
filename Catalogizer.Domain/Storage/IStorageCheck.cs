using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Storage;

/// <summary>Checks the whole database; takes seconds for a large one.</summary>
public interface IStorageCheck
{
    /// <summary>Whether an earlier process ended without closing the database.</summary>
    bool WasLeftOpen { get; }

    IAsyncEnumerable<DoctorFinding> CheckAsync(CancellationToken cancellation);
}
