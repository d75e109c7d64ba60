using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;

namespace Catalogizer.Jobs.Duplicates;

/// <summary>Finds files that may be identical, and versions that are worse than others.</summary>
public sealed class DuplicatesJob(FingerprintService fingerprints) : IBackgroundJob
{
    public static string Name => "duplicates";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => fingerprints.SampleAsync(progress, cancellation);
}

/// <summary>Compares files that may be identical by reading them completely.</summary>
public sealed class FullComparisonJob(FingerprintService fingerprints) : IBackgroundJob
{
    public static string Name => "full-comparison";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => fingerprints.CompareAsync(progress, cancellation);
}
