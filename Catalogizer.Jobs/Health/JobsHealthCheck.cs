using Catalogizer.Domain.Operations.Health;
using Catalogizer.Jobs.Quartz;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs.Health;

/// <summary>Checks whether jobs run when they are scheduled.</summary>
internal sealed class JobsHealthCheck(IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    public async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        var latest = time.GetUtcNow() - MaxDelay;
        var late = (await services.GetRequiredService<QuartzJobScheduler>().ScheduledAsync(cancellation))
            .Where(j => j is { Cron: not null, Paused: false } && j.NextRunAt < latest).Select(j => j.Job.ToString()).ToList();
        return late.Count == 0 ? new CheckResult(true, "Every job runs when it should.") : new CheckResult(false, $"Late by more than {MaxDelay.TotalMinutes:0} minutes: {string.Join(", ", late)}.");
    }
}
