namespace Catalogizer.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>One run of a job: queued, running or ended.</summary>
/// <param name="StartedAt">When it started; for a queued run, when it was requested.</param>
/// <param name="Message">Its progress, its result, or why it failed.</param>
/// <param name="By">Who requested it; null when the schedule did.</param>
public sealed record JobRun(string Id, string Job, string Title, JobState State, DateTimeOffset StartedAt, double? DurationSeconds, int? Percent, string? Message, string? By);

/// <summary>A job with its schedule and its state.</summary>
/// <param name="Name">The name that scripts use.</param>
/// <param name="Schedule">A cron expression in local time; null when it runs only on request.</param>
/// <param name="ScheduleInWords">The schedule in plain words.</param>
/// <param name="UsualSchedule">The schedule that applies unless a user sets another.</param>
public sealed record JobView(
    string Name, string Title, string About, string? Schedule, string ScheduleInWords, string? UsualSchedule, bool Paused, DateTimeOffset? NextRunAt, JobRun? Current, JobRun? Last);

/// <summary>All jobs, and the queued and running runs.</summary>
public sealed record JobsOverview(IReadOnlyList<JobView> Jobs, IReadOnlyList<JobRun> Running, IReadOnlyList<JobRun> Queued);

/// <summary>One page of the history, newest first.</summary>
public sealed record JobHistoryPage(IReadOnlyList<JobRun> Runs, bool HasMore);

/// <summary>Selects ended runs.</summary>
/// <param name="Job">Only runs of this job; null for all.</param>
/// <param name="State">Only runs that ended in this state; null for all.</param>
public sealed record JobHistoryQuery(string? Job = null, JobState? State = null, int Skip = 0, int Limit = 50);
