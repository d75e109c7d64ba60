using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Jobs.Quartz;

namespace Catalogizer.Jobs;

/// <summary>Lists and controls the jobs for users and scripts. Every change is recorded in the audit log.</summary>
public sealed class JobService
{
    private readonly IReadOnlyList<JobKind> _kinds;
    private readonly Dictionary<string, IJobSubjects> _subjects;
    private readonly QuartzJobScheduler _scheduler;
    private readonly QuartzHistory _history;
    private readonly RunningJobs _running;
    private readonly AuditLog _audit;

    internal JobService(IEnumerable<JobKind> kinds, IEnumerable<IJobSubjects> subjects, QuartzJobScheduler scheduler, QuartzHistory history, RunningJobs running, AuditLog audit)
    {
        (_kinds, _subjects) = ([.. kinds], subjects.ToDictionary(s => s.JobName, StringComparer.Ordinal));
        (_scheduler, _history, _running, _audit) = (scheduler, history, running, audit);
    }

    /// <exception cref="PermissionDeniedException"/>
    public async Task<JobsOverview> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.JobsManage);
        var definitions = await DefinitionsAsync(cancellation);
        var scheduled = await _scheduler.ScheduledAsync(cancellation);
        var plans = scheduled.Where(s => s.Cron is not null).GroupBy(s => s.Job.ToString(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var running = _running.Current.Select(r => WithTitle(r, definitions)).OrderBy(r => r.StartedAt).ToList();
        var queued = scheduled.Where(s => s.Cron is null && running.All(r => r.Id != s.RunId)).Select(s => WithTitle(ToQueuedRun(s), definitions)).OrderBy(r => r.StartedAt).ToList();
        var last = new Dictionary<string, JobRun>(StringComparer.Ordinal);
        foreach (var run in (await _history.ReadAsync(new JobHistoryQuery(Limit: 500), cancellation)).Runs)
        {
            last.TryAdd(run.Job, WithTitle(run, definitions));
        }

        return new JobsOverview([.. definitions.Values.Select(job => ToView(job, plans.GetValueOrDefault(job.Name), running, queued, last))], running, queued);
    }

    /// <summary>The running jobs, except those that run for one subject each, such as the scan of a source. It does not read the schedule.</summary>
    /// <exception cref="PermissionDeniedException"/>
    public IReadOnlyList<JobRun> ListRunning(Actor actor)
    {
        actor.Require(Permission.JobsManage);
        return [.. from run in _running.Current join kind in _kinds on run.Job equals kind.Name where !_subjects.ContainsKey(kind.Name) orderby run.StartedAt select run with { Title = kind.Title }];
    }

    /// <exception cref="PermissionDeniedException"/>
    public async Task<JobHistoryPage> HistoryAsync(Actor actor, JobHistoryQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.JobsManage);
        var definitions = await DefinitionsAsync(cancellation);
        var page = await _history.ReadAsync(query with { Skip = Math.Max(0, query.Skip), Limit = Math.Clamp(query.Limit, 1, 200) }, cancellation);
        return page with { Runs = [.. page.Runs.Select(r => WithTitle(r, definitions))] };
    }

    /// <summary>Runs a job soon; if it is already running, once more afterwards.</summary>
    public Task<Result<JobView>> RunAsync(Actor actor, string name, CancellationToken cancellation) =>
        ChangeAsync(actor, name, "jobs.run", async (job, _) =>
        {
            await _scheduler.RunAsync(job.Kind.Type, job.Id, actor.Name, cancellation);
            return null;
        }, cancellation);

    /// <summary>Runs a job again if its last run failed or was cancelled.</summary>
    public Task<Result<JobView>> RetryAsync(Actor actor, string name, CancellationToken cancellation) =>
        ChangeAsync(actor, name, "jobs.retry", async (job, view) =>
        {
            if (view is not { Current: null, Last.State: JobState.Failed or JobState.Cancelled })
            {
                return JobErrors.NothingToRetry(job.Title);
            }

            await _scheduler.RunAsync(job.Kind.Type, job.Id, actor.Name, cancellation);
            return null;
        }, cancellation);

    /// <summary>Skips the scheduled runs until the job is resumed; it can still be run manually.</summary>
    public Task<Result<JobView>> PauseAsync(Actor actor, string name, CancellationToken cancellation) =>
        ChangeAsync(actor, name, "jobs.pause", async (job, _) => await _scheduler.PauseAsync(job.Id, cancellation) ? null : JobErrors.NoSchedule(job.Title), cancellation);

    /// <summary>Resumes the schedule; runs skipped meanwhile are made up for by one.</summary>
    public Task<Result<JobView>> ResumeAsync(Actor actor, string name, CancellationToken cancellation) =>
        ChangeAsync(actor, name, "jobs.resume", async (job, _) => await _scheduler.ResumeAsync(job.Id, cancellation) ? null : JobErrors.NoSchedule(job.Title), cancellation);

    /// <summary>Cancels the current run, whether it is running or queued.</summary>
    public Task<Result<JobView>> CancelAsync(Actor actor, string name, CancellationToken cancellation) =>
        ChangeAsync(actor, name, "jobs.cancel", async (job, view) =>
            view.Current is { } run && (await _scheduler.CancelAsync(run.Id, cancellation) || (_subjects.TryGetValue(job.Id.Kind, out var subjects) && await subjects.CancelAsync(actor, run.Id, cancellation))) ? null : JobErrors.NotRunning(job.Title), cancellation);

    /// <summary>Sets the schedule of a job.</summary>
    /// <param name="cron">Empty: only on request; null: the usual schedule.</param>
    public async Task<Result<JobView>> SetScheduleAsync(Actor actor, string name, string? cron, CancellationToken cancellation)
    {
        actor.Require(Permission.JobsManage);
        cron = cron?.Trim();
        if (cron is { Length: > 0 } && _scheduler.Validate(cron) is { } reason)
        {
            return JobErrors.InvalidSchedule(cron, reason);
        }

        return await ChangeAsync(actor, name, "jobs.schedule", async (job, _) =>
        {
            if (_subjects.TryGetValue(job.Id.Kind, out var subjects))
            {
                return await subjects.SetScheduleAsync(actor, job.Id.Argument, cron, cancellation);
            }

            await _scheduler.SetScheduleAsync(job.Kind, cron, cancellation);
            return null;
        }, cancellation);
    }

    /// <summary>What a cron expression means, with its next three times; or why it is invalid.</summary>
    public Result<(string Words, IReadOnlyList<DateTimeOffset> Next)> Explain(string? cron) =>
        string.IsNullOrWhiteSpace(cron) ? (CronLabels.Describe(null), (IReadOnlyList<DateTimeOffset>)[])
        : _scheduler.Validate(cron.Trim()) is { } reason ? JobErrors.InvalidSchedule(cron.Trim(), reason)
        : (CronLabels.Describe(cron), _scheduler.NextRuns(cron.Trim(), 3));

    private async Task<Result<JobView>> ChangeAsync(Actor actor, string name, string action, Func<JobDefinition, JobView, Task<Error?>> change, CancellationToken cancellation)
    {
        actor.Require(Permission.JobsManage);
        if (!(await DefinitionsAsync(cancellation)).TryGetValue(name, out var job))
        {
            return JobErrors.NoSuchJob(name);
        }

        var before = await FindAsync(actor, name, cancellation);
        if (await change(job, before) is { } error)
        {
            return error;
        }

        var after = await FindAsync(actor, name, cancellation);
        await _audit.AppendAsync(actor, action, $"job:{name}", ToAuditValues(before), ToAuditValues(after), cancellation);
        return after;
    }

    private static object ToAuditValues(JobView job) => new { job.Schedule, job.Paused };

    private async Task<JobView> FindAsync(Actor actor, string name, CancellationToken cancellation) =>
        (await ListAsync(actor, cancellation)).Jobs.Single(j => j.Name == name);

    private async Task<Dictionary<string, JobDefinition>> DefinitionsAsync(CancellationToken cancellation)
    {
        var definitions = new Dictionary<string, JobDefinition>(StringComparer.Ordinal);
        foreach (var kind in _kinds)
        {
            if (!_subjects.TryGetValue(kind.Name, out var subjects))
            {
                definitions[kind.Name] = new JobDefinition(new JobId(kind.Name, ""), kind, new JobSubject(kind.Title, null, null));
                continue;
            }

            foreach (var (argument, subject) in await subjects.ListAsync(cancellation))
            {
                var id = new JobId(kind.Name, argument);
                definitions[id.ToString()] = new JobDefinition(id, kind, subject);
            }
        }

        return definitions;
    }

    private static JobView ToView(JobDefinition job, ScheduledJob? plan, List<JobRun> running, List<JobRun> queued, Dictionary<string, JobRun> last)
    {
        var cron = plan?.Cron ?? job.Schedule;
        return new JobView(
            job.Name, job.Title, job.Kind.About, cron, CronLabels.Describe(cron), job.Kind.Schedule, plan?.Paused ?? false, plan is { Paused: false } ? plan.NextRunAt : null,
            running.Find(r => r.Job == job.Name) ?? queued.Find(r => r.Job == job.Name), job.LastRun(last.GetValueOrDefault(job.Name)));
    }

    private static JobRun ToQueuedRun(ScheduledJob job) => new(job.RunId, job.Job.ToString(), "", JobState.Queued, job.NextRunAt ?? default, null, null, null, job.RequestedBy);

    private static JobRun WithTitle(JobRun run, Dictionary<string, JobDefinition> definitions) => run with { Title = definitions.TryGetValue(run.Job, out var job) ? job.Title : run.Job };

    /// <summary>An existing job, even if it has never run.</summary>
    private sealed record JobDefinition(JobId Id, JobKind Kind, JobSubject Subject)
    {
        public string Name => Id.ToString();

        public string Title => Subject.Title;

        public string? Schedule => Subject.Schedule;

        /// <summary>The later one of the job's own last run and the last external run.</summary>
        public JobRun? LastRun(JobRun? ownRun) => Subject.LastExternalRun is { } external && (ownRun is null || external.StartedAt > ownRun.StartedAt + TimeSpan.FromSeconds(ownRun.DurationSeconds ?? 0)) ? external : ownRun;
    }
}
