using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>At the start, plans every job there is one of.</summary>
internal sealed class StandingJobs(IEnumerable<JobKind> kinds, IEnumerable<IJobSubjects> subjects, QuartzJobScheduler scheduler, TimeProvider time, ILogger<StandingJobs> logger) : PlanAtStart(time, logger)
{
    protected override Task PlanAsync(CancellationToken cancellation) => AlignAsync(cancellation);

    internal async Task AlignAsync(CancellationToken cancellation)
    {
        var many = subjects.Select(s => s.Job).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in kinds.Where(k => !many.Contains(k.Name)))
        {
            await scheduler.AlignAsync(kind, cancellation);
        }
    }
}
