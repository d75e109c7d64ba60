using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Upkeep;

/// <summary>Deletes the rows of removed sources once their retention time is over.</summary>
public sealed class PurgeJob(SourceRemoval removal) : IBackgroundJob
{
    public static string Name => "purge";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) =>
        await removal.PurgeDueAsync(progress, cancellation) switch
        {
            0 => "Nothing to delete.",
            1 => "1 removed source deleted.",
            var gone => FormattableString.Invariant($"{gone} removed sources deleted."),
        };
}
