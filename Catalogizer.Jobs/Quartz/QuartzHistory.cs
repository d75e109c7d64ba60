using System.Text.Json;
using global::Quartz;
using global::Quartz.Extensibility;

namespace Catalogizer.Jobs.Quartz;

/// <summary>The history of runs, stored by Quartz beside the schedule.</summary>
internal sealed class QuartzHistory(IExecutionHistoryStore store, RunningJobs running)
{
    public async Task<JobHistoryPage> ReadAsync(JobHistoryQuery query, CancellationToken cancellation)
    {
        var page = await store.QueryExecutions(
            new ExecutionHistoryQuery
            {
                SchedulerName = QuartzStore.Name,
                Job = query.Job is null ? null : QuartzJobScheduler.ToJobKey(JobId.Parse(query.Job)),
                Results = query.State is { } state ? ToResults(state) : null,
                Skip = query.Skip,
                Take = query.Limit,
            },
            cancellation);
        var stored = page.Items.Select(ToRun).ToList();

        // A run that has just ended is saved a moment later.
        var known = stored.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var fresh = query.Skip > 0 ? [] : running.RecentlyEnded.Reverse()
            .Where(r => !known.Contains(r.Id) && (query.Job is null || r.Job == query.Job) && (query.State is null || r.State == query.State))
            .Where(r => stored.Count == 0 || r.StartedAt >= stored[^1].StartedAt);
        return new JobHistoryPage([.. fresh.Concat(stored).OrderByDescending(r => r.StartedAt).Take(query.Limit)], page.HasMore);
    }

    /// <summary>Saves a run that Quartz did not start.</summary>
    public async Task AddAsync(JobRun run, CancellationToken cancellation)
    {
        var key = QuartzJobScheduler.ToJobKey(JobId.Parse(run.Job));
        await store.AddExecution(
            new ExecutionHistoryEntry(
                SchedulerName: QuartzStore.Name, SchedulerInstanceId: QuartzStore.Name, JobGroup: key.Group, JobName: key.Name, TriggerGroup: key.Group, TriggerName: run.Id,
                FiredAtUtc: run.StartedAt, Duration: TimeSpan.FromSeconds(Math.Max(0, run.DurationSeconds ?? 0)), Succeeded: run.State != JobState.Failed, ExceptionMessage: run.State == JobState.Failed ? run.Message : null)
            {
                FireInstanceId = run.Id,
                Manual = true,
                Result = run.State switch { JobState.Failed => JobRunResult.Failed, JobState.Cancelled => JobRunResult.Cancelled, _ => JobRunResult.Succeeded },
                Summary = run.Message,
                MetricsJson = run.By is null ? null : JsonSerializer.Serialize(new Dictionary<string, string> { [QuartzJobScheduler.RequestedByKey] = run.By }),
            },
            cancellation);
    }

    private static JobRun ToRun(ExecutionHistoryEntry entry)
    {
        var state = entry.EffectiveResult switch
        {
            JobRunResult.Failed => JobState.Failed,
            JobRunResult.Cancelled => JobState.Cancelled,
            _ => JobState.Succeeded,
        };
        return new JobRun(
            entry.FireInstanceId ?? entry.EntryId ?? "", QuartzJobScheduler.ToJobId(new JobKey(entry.JobName, entry.JobGroup)).ToString(), "", state, entry.FiredAtUtc, entry.Duration.TotalSeconds, null,
            state == JobState.Failed ? entry.ExceptionMessage ?? entry.Summary : entry.Summary, ReadRequestedBy(entry.MetricsJson));
    }

    private static string? ReadRequestedBy(string? metrics)
    {
        if (metrics is null)
        {
            return null;
        }

        using var values = JsonDocument.Parse(metrics);
        return values.RootElement.TryGetProperty(QuartzJobScheduler.RequestedByKey, out var requestedBy) ? requestedBy.GetString() : null;
    }

    private static HashSet<JobRunResult> ToResults(JobState state) => state switch
    {
        JobState.Failed => [JobRunResult.Failed],
        JobState.Cancelled => [JobRunResult.Cancelled],
        JobState.Succeeded => [JobRunResult.Succeeded, JobRunResult.Skipped],
        _ => [],
    };
}
