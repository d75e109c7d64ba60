using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Storage;

/// <summary>Checks the whole database; takes seconds for a large one.</summary>
public interface IStorageCheck
{
    IAsyncEnumerable<DoctorFinding> CheckAsync(CancellationToken cancellation);
}
