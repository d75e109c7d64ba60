
namespace Catalogizer.Domain.Duplicates.Storage;

/// <summary>A file that became a candidate, or is no longer one (no current values).</summary>
internal sealed record FingerprintChange(long FileId, (long Size, long ModifiedAt)? Current);
