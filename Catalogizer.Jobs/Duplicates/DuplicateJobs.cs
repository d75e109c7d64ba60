using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;

namespace Catalogizer.Jobs.Duplicates;

/// <summary>Finds files that may be the same, and copies that are worse than others.</summary>
public sealed class DuplicatesJob(FingerprintService fingerprints) : IBackgroundJob
{
    public static string Name => "duplicates";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => fingerprints.SampleAsync(progress, cancellation);
}

/// <summary>Reads files that may be the same as a whole.</summary>
public sealed class FullComparisonJob(FingerprintService fingerprints) : IBackgroundJob
{
    public static string Name => "full-comparison";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => fingerprints.CompareAsync(progress, cancellation);
}
