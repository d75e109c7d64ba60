using Catalogizer.Domain.Common;
using Catalogizer.Domain.Health;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Health;

/// <summary>Looks over the whole database.</summary>
public sealed class IntegrityJob(IntegrityCheck check) : IBackgroundJob
{
    public static string Name => "integrity-check";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var report = await check.RunAsync(progress, cancellation);
        return report.Problems.Count == 0 ? "Everything is in order." : throw new JobFailedException(string.Join(" ", report.Problems));
    }
}

/// <summary>Has the database looked over soon after a start that follows an unclean end.</summary>
internal sealed class IntegritySchedule(IntegrityCheck check, IJobScheduler jobs, TimeProvider time, ILogger<IntegritySchedule> logger) : StartupScheduler(time, logger)
{
    protected override async Task ScheduleAsync(CancellationToken cancellation)
    {
        // The plan of earlier versions, which went by another name.
        await jobs.RemoveAsync<IntegrityJob>("nightly", cancellation);
        if (check.IsDue)
        {
            await jobs.EnqueueAsync<IntegrityJob>("", cancellation);
        }
    }
}
