using global::Quartz;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Quartz;

/// <summary>The schedule, kept by Quartz.</summary>
internal sealed class QuartzJobScheduler(ISchedulerFactory schedulers, TimeProvider time) : IJobScheduler, IScheduleCheck
{
    public const string Argument = "argument";
    private const int MostSchedules = 1000;

    public async Task EnqueueAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(Job<TJob>(argument, Guid.NewGuid().ToString("N")), TriggerBuilder.Create().StartNow().Build(), cancellationToken: cancellation);
    }

    public async Task AddOrUpdateAsync<TJob>(string argument, string cron, CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var trigger = TriggerBuilder.Create()
            .WithIdentity(argument, TJob.Name)
            .WithCronSchedule(cron, schedule => schedule.WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await scheduler.ScheduleJob(Job<TJob>(argument, argument), trigger, ScheduleJobOptions.Replacing, cancellation);
    }

    public async Task RemoveAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);

        // The job goes with its last trigger, and one that is gone already is no error.
        await scheduler.UnscheduleJob(new TriggerKey(argument, TJob.Name), cancellation);
    }

    public async Task<IReadOnlyDictionary<string, string>> ScheduledAsync<TJob>(CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var page = await scheduler.QueryTriggers(new TriggerQuery { Group = GroupMatcher<TriggerKey>.GroupEquals(TJob.Name), Take = MostSchedules }, cancellation);
        foreach (var trigger in await scheduler.GetTriggers([.. page.Items.Select(t => t.Key)], cancellation))
        {
            if (trigger is ICronTrigger { CronExpressionString: { } cron })
            {
                found[trigger.Key.Name] = IsAstray(trigger, cron) ? "" : cron;
            }
        }

        return found;
    }

    /// <summary>Planned by a clock that was ahead, it would not run for as long as that clock was wrong.</summary>
    private bool IsAstray(ITrigger trigger, string cron) => trigger.NextFireTimeUtc > new CronExpression(cron).GetNextValidTimeAfter(time.GetUtcNow());

    public string? Problem(string cron)
    {
        try
        {
            _ = new CronExpression(cron);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message.TrimEnd('.') + ".";
        }
    }

    private static IJobDetail Job<TJob>(string argument, string name)
        where TJob : class, IBackgroundJob => JobBuilder.Create<QuartzJob<TJob>>()
            .WithIdentity(name, TJob.Name)
            .UsingJobData(Argument, argument)
            .Build();
}
