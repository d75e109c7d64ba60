namespace Catalogizer.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>One run of a job: waiting, under way, or over.</summary>
/// <param name="StartedAt">When it began; of a waiting one, when it was asked for.</param>
/// <param name="Message">How far it is, what it did, or why it failed.</param>
/// <param name="By">Who asked for it; null when the schedule did.</param>
public sealed record JobRun(string Id, string Job, string Title, JobState State, DateTimeOffset StartedAt, double? DurationSeconds, int? Percent, string? Message, string? By);

/// <summary>A job with its schedule and how it is doing.</summary>
/// <param name="Name">What scripts call it by.</param>
/// <param name="Schedule">A cron expression in local time; null when it runs only when asked.</param>
/// <param name="ScheduleInWords">The same in plain words.</param>
/// <param name="UsualSchedule">What it would run by had nobody set another.</param>
public sealed record JobView(
    string Name, string Title, string About, string? Schedule, string ScheduleInWords, string? UsualSchedule, bool Paused, DateTimeOffset? NextRunAt, JobRun? Current, JobRun? Last);

/// <summary>Every job, and the runs that wait or are under way.</summary>
public sealed record JobsOverview(IReadOnlyList<JobView> Jobs, IReadOnlyList<JobRun> Running, IReadOnlyList<JobRun> Queued);

/// <summary>A stretch of the history, newest first.</summary>
public sealed record JobHistoryPage(IReadOnlyList<JobRun> Runs, bool HasMore);

/// <summary>Which runs that are over to list.</summary>
/// <param name="Job">Only this job's; null for all.</param>
/// <param name="State">Only those that ended so; null for all.</param>
public sealed record JobHistoryQuery(string? Job = null, JobState? State = null, int Skip = 0, int Limit = 50);
