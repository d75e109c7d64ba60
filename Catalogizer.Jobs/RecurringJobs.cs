using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>Schedules every job without subjects at startup.</summary>
internal sealed class RecurringJobs(IEnumerable<JobKind> kinds, IEnumerable<IJobSubjects> subjects, QuartzJobScheduler scheduler, TimeProvider time, ILogger<RecurringJobs> logger) : StartupScheduler(time, logger)
{
    protected override Task ScheduleAsync(CancellationToken cancellation) => AlignAsync(cancellation);

    internal async Task AlignAsync(CancellationToken cancellation)
    {
        var kindsWithSubjects = subjects.Select(s => s.JobName).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in kinds.Where(k => !kindsWithSubjects.Contains(k.Name)))
        {
            await scheduler.AlignAsync(kind, cancellation);
        }
    }
}
