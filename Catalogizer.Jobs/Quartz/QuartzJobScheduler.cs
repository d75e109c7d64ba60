using System.Globalization;
using System.Text.RegularExpressions;
using global::Quartz;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Quartz;

/// <summary>The schedule, stored by Quartz.</summary>
internal sealed partial class QuartzJobScheduler(ISchedulerFactory schedulers, EventStreamer events, TimeProvider time) : IJobScheduler, ICronValidator
{
    public const string ArgumentKey = "argument";
    public const string RequestedByKey = "by";
    private const string ScheduleKey = "schedule";
    private const int MaxSchedules = 1000;

    /// <summary>Runs that are checked for their interval: more than an hour of a schedule that runs every minute.</summary>
    private const int MaxCheckedRuns = 100;

    private static readonly TimeSpan MinInterval = TimeSpan.FromMinutes(1);
    private static readonly (string Name, int Most)[] Fields = [("second", 59), ("minute", 59), ("hour", 23), ("day of the month", 31), ("month", 12), ("day of the week", 7)];

    public Task EnqueueAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob => RunAsync(typeof(TJob), new JobId(TJob.Name, argument), null, cancellation);

    public async Task AddOrUpdateAsync<TJob>(string argument, string cron, CancellationToken cancellation)
        where TJob : class, IBackgroundJob =>
        await ScheduleAsync(await schedulers.GetScheduler(cancellation), CreateJob(typeof(TJob), new JobId(TJob.Name, argument)).Build(), cron, cancellation);

    public async Task RemoveAsync<TJob>(string argument, CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);

        // The job is removed with its last trigger, and a missing trigger is no error.
        await scheduler.UnscheduleJob(ToTriggerKey(new JobId(TJob.Name, argument)), cancellation);
    }

    public async Task<IReadOnlyDictionary<string, string>> ScheduledAsync<TJob>(CancellationToken cancellation)
        where TJob : class, IBackgroundJob
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var scheduled = new Dictionary<string, string>(StringComparer.Ordinal);
        var page = await scheduler.QueryTriggers(new TriggerQuery { Group = GroupMatcher<TriggerKey>.GroupEquals(TJob.Name), Take = MaxSchedules }, cancellation);
        foreach (var trigger in await scheduler.GetTriggers([.. page.Items.Select(t => t.Key)], cancellation))
        {
            if (trigger is ICronTrigger { CronExpressionString: { } cron })
            {
                scheduled[trigger.Key.Name] = IsScheduledTooLate(trigger, cron) ? "" : cron;
            }
        }

        return scheduled;
    }

    /// <summary>Gives a job without subjects the schedule that a user chose, or else its usual one.</summary>
    public async Task AlignAsync(JobKind kind, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var id = new JobId(kind.Name, "");
        var stored = await scheduler.GetJobDetail(ToJobKey(id), cancellation);
        var chosen = stored?.JobDataMap.GetString(ScheduleKey);
        var cron = chosen ?? kind.Schedule ?? "";
        var trigger = await scheduler.GetTrigger(ToTriggerKey(id), cancellation) as ICronTrigger;
        if (stored is not null && (trigger?.CronExpressionString ?? "") == cron && (trigger is null || !IsScheduledTooLate(trigger, cron)))
        {
            return;
        }

        await StoreAsync(scheduler, kind, chosen, cron, cancellation);
    }

    /// <summary>Sets the schedule of a job without subjects.</summary>
    /// <param name="cron">Empty: only on request; null: the usual schedule.</param>
    public async Task SetScheduleAsync(JobKind kind, string? cron, CancellationToken cancellation)
    {
        await StoreAsync(await schedulers.GetScheduler(cancellation), kind, cron, cron ?? kind.Schedule ?? "", cancellation);
        PublishScheduled(new JobId(kind.Name, ""));
    }

    public async Task RunAsync(Type type, JobId id, string? requestedBy, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        if (!await scheduler.Exists(ToJobKey(id), cancellation))
        {
            await scheduler.AddJob(CreateJob(type, id).Build(), AddJobOptions.ReplacingAndStoringNonDurable, cancellation);
        }

        await scheduler.TriggerJob(ToJobKey(id), requestedBy is null ? [] : new JobDataMap { [RequestedByKey] = requestedBy }, cancellation);
        events.Publish(new JobChanged(id.ToString(), null, JobApiNames.ToApiName(JobState.Queued)));
    }

    public async Task<bool> PauseAsync(JobId id, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var exists = await scheduler.Exists(ToTriggerKey(id), cancellation);
        await scheduler.PauseTrigger(ToTriggerKey(id), cancellation);
        PublishScheduled(id);
        return exists;
    }

    public async Task<bool> ResumeAsync(JobId id, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var exists = await scheduler.Exists(ToTriggerKey(id), cancellation);
        await scheduler.ResumeTrigger(ToTriggerKey(id), cancellation);
        PublishScheduled(id);
        return exists;
    }

    /// <summary>Asks a run to stop, or removes a queued one.</summary>
    public async Task<bool> CancelAsync(string runId, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        if (await scheduler.InterruptFireInstance(runId, cancellation))
        {
            return true;
        }

        var waiting = (await ScheduledAsync(cancellation)).FirstOrDefault(s => s.Cron is null && s.RunId == runId);
        if (waiting is null)
        {
            return false;
        }

        var page = await scheduler.QueryTriggers(new TriggerQuery { Job = ToJobKey(waiting.Job), Take = MaxSchedules }, cancellation);
        var trigger = page.Items.FirstOrDefault(t => t.Key.ToString() == runId);
        var removed = trigger is not null && await scheduler.UnscheduleJob(trigger.Key, cancellation);
        PublishScheduled(waiting.Job);
        return removed;
    }

    /// <summary>All schedules and queued runs.</summary>
    public async Task<IReadOnlyList<ScheduledJob>> ScheduledAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        var page = await scheduler.QueryTriggers(new TriggerQuery { Take = MaxSchedules }, cancellation);
        var triggers = (await scheduler.GetTriggers([.. page.Items.Select(t => t.Key)], cancellation)).ToDictionary(t => t.Key);
        var scheduled = new List<ScheduledJob>();
        foreach (var header in page.Items)
        {
            if (!triggers.TryGetValue(header.Key, out var trigger))
            {
                continue;
            }

            var cron = (trigger as ICronTrigger)?.CronExpressionString;
            if (cron is not null || header.State is not (TriggerState.Executing or TriggerState.Complete or TriggerState.None))
            {
                scheduled.Add(new ScheduledJob(
                    ToJobId(header.JobKey), cron, header.State == TriggerState.Paused, cron is null ? header.StartTimeUtc : header.NextFireTimeUtc, header.Key.ToString(), trigger.JobDataMap.GetString(RequestedByKey)));
            }
        }

        return scheduled;
    }

    /// <summary>The next times of a cron expression; empty when it is invalid.</summary>
    public IReadOnlyList<DateTimeOffset> NextRuns(string cron, int count)
    {
        var runs = new List<DateTimeOffset>();
        if (Validate(cron) is null)
        {
            var expression = new CronExpression(cron);
            var next = expression.GetNextValidTimeAfter(time.GetUtcNow());
            while (next is { } at && runs.Count < count)
            {
                runs.Add(at);
                next = expression.GetNextValidTimeAfter(at);
            }
        }

        return runs;
    }

    public string? Validate(string cron)
    {
        // Quartz treats 98 and 99 as its internal markers for "any", in every field.
        var parts = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (part, (name, max)) in parts.Zip(Fields))
        {
            if (NumberPattern().Matches(part).Any(m => m.ValueSpan.Length > 2 || int.Parse(m.ValueSpan, CultureInfo.InvariantCulture) > max))
            {
                return $"“{part}” is no {name}; the highest is {max}.";
            }
        }

        try
        {
            return FindIntervalProblem(new CronExpression(cron));
        }
        catch (FormatException exception)
        {
            return exception.Message.TrimEnd('.') + ".";
        }
    }

    /// <summary>What is wrong with how often the schedule runs; null when nothing is.</summary>
    private string? FindIntervalProblem(CronExpression schedule)
    {
        if (schedule.GetNextValidTimeAfter(time.GetUtcNow()) is not { } last)
        {
            return "This time never comes. Choose a day that is in the calendar.";
        }

        for (var run = 0; run < MaxCheckedRuns && schedule.GetNextValidTimeAfter(last) is { } next; run++)
        {
            if (next - last < MinInterval)
            {
                return "This is more than once a minute. Choose a time at most once a minute: let it begin with 0.";
            }

            last = next;
        }

        return null;
    }

    internal static JobKey ToJobKey(JobId id) => new(id.Argument.Length == 0 ? id.Kind : id.Argument, id.Kind);

    internal static JobId ToJobId(JobKey key) => new(key.Group, key.Name == key.Group ? "" : key.Name);

    private static TriggerKey ToTriggerKey(JobId id) => new(ToJobKey(id).Name, id.Kind);

    private static JobBuilder<IJob> CreateJob(Type type, JobId id) => JobBuilder.Create()
        .OfType(typeof(QuartzJob<>).MakeGenericType(type))
        .WithIdentity(ToJobKey(id))
        .UsingJobData(ArgumentKey, id.Argument);

    /// <summary>A run that was scheduled by a clock that was ahead would not start until the real time reaches it.</summary>
    private bool IsScheduledTooLate(ITrigger trigger, string cron) => trigger.NextFireTimeUtc > new CronExpression(cron).GetNextValidTimeAfter(time.GetUtcNow());

    private static async Task StoreAsync(IScheduler scheduler, JobKind kind, string? chosen, string cron, CancellationToken cancellation)
    {
        var id = new JobId(kind.Name, "");
        var builder = CreateJob(kind.Type, id).StoreDurably();
        var job = (chosen is null ? builder : builder.UsingJobData(ScheduleKey, chosen)).Build();
        if (cron.Length > 0)
        {
            await ScheduleAsync(scheduler, job, cron, cancellation);
            return;
        }

        await scheduler.AddJob(job, AddJobOptions.Replacing, cancellation);
        await scheduler.UnscheduleJob(ToTriggerKey(id), cancellation);
    }

    private static async Task ScheduleAsync(IScheduler scheduler, IJobDetail job, string cron, CancellationToken cancellation)
    {
        var key = new TriggerKey(job.Key.Name, job.Key.Group);
        var paused = await scheduler.GetTriggerState(key, cancellation) == TriggerState.Paused;
        var trigger = TriggerBuilder.Create()
            .WithIdentity(key)
            .WithCronSchedule(cron, schedule => schedule.WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true, Paused = paused }, cancellation);
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();

    private void PublishScheduled(JobId id) => events.Publish(new JobChanged(id.ToString(), null, "scheduled"));
}
