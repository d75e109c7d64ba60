using Catalogizer.Domain.Common;
using Catalogizer.Domain.Operations.Retention;

namespace Catalogizer.Jobs.Upkeep;

/// <summary>Deletes data that is too old to be useful.</summary>
public sealed class RetentionJob(RetentionService retention) : IBackgroundJob
{
    public static string Name => "retention";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => retention.RunAsync(progress, cancellation);
}
