using Catalogizer.Domain.Common;
using Catalogizer.Domain.Operations.Health;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Health;

/// <summary>Checks the whole database.</summary>
public sealed class IntegrityJob(IntegrityCheck check) : IBackgroundJob
{
    public static string Name => "integrity-check";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var report = await check.RunAsync(progress, cancellation);
        return report.Problems.Count == 0 ? "Everything is in order." : throw new JobFailedException(string.Join(" ", report.Problems));
    }
}

/// <summary>Starts a database check soon after a start that follows an unclean shutdown.</summary>
internal sealed class IntegritySchedule(IntegrityCheck check, IJobScheduler jobs, TimeProvider time, ILogger<IntegritySchedule> logger) : StartupScheduler(time, logger)
{
    protected override async Task ScheduleAsync(CancellationToken cancellation)
    {
        // Remove the schedule of earlier versions, which used another name.
        await jobs.RemoveAsync<IntegrityJob>("nightly", cancellation);
        if (check.IsDue)
        {
            await jobs.EnqueueAsync<IntegrityJob>("", cancellation);
        }
    }
}
