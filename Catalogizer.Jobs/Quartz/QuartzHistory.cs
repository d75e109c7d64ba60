using System.Text.Json;
using global::Quartz;
using global::Quartz.Extensibility;

namespace Catalogizer.Jobs.Quartz;

/// <summary>What ran, kept by Quartz beside the schedule.</summary>
internal sealed class QuartzHistory(IExecutionHistoryStore store, RunningJobs running)
{
    public async Task<JobHistoryPage> ReadAsync(JobHistoryQuery asked, CancellationToken cancellation)
    {
        var page = await store.QueryExecutions(
            new ExecutionHistoryQuery
            {
                SchedulerName = QuartzStore.Name,
                Job = asked.Job is null ? null : QuartzJobScheduler.Key(JobId.Parse(asked.Job)),
                Results = asked.State is { } state ? Results(state) : null,
                Skip = asked.Skip,
                Take = asked.Limit,
            },
            cancellation);
        var stored = page.Items.Select(Run).ToList();

        // A run that has just ended is written down a moment later.
        var known = stored.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var fresh = asked.Skip > 0 ? [] : running.Ended.Reverse()
            .Where(r => !known.Contains(r.Id) && (asked.Job is null || r.Job == asked.Job) && (asked.State is null || r.State == asked.State))
            .Where(r => stored.Count == 0 || r.StartedAt >= stored[^1].StartedAt);
        return new JobHistoryPage([.. fresh.Concat(stored).OrderByDescending(r => r.StartedAt).Take(asked.Limit)], page.HasMore);
    }

    /// <summary>Writes down a run that Quartz did not begin.</summary>
    public async Task AddAsync(JobRun run, CancellationToken cancellation)
    {
        var key = QuartzJobScheduler.Key(JobId.Parse(run.Job));
        await store.AddExecution(
            new ExecutionHistoryEntry(
                SchedulerName: QuartzStore.Name, SchedulerInstanceId: QuartzStore.Name, JobGroup: key.Group, JobName: key.Name, TriggerGroup: key.Group, TriggerName: run.Id,
                FiredAtUtc: run.StartedAt, Duration: TimeSpan.FromSeconds(Math.Max(0, run.DurationSeconds ?? 0)), Succeeded: run.State != JobState.Failed, ExceptionMessage: run.State == JobState.Failed ? run.Message : null)
            {
                FireInstanceId = run.Id,
                Manual = true,
                Result = run.State switch { JobState.Failed => JobRunResult.Failed, JobState.Cancelled => JobRunResult.Cancelled, _ => JobRunResult.Succeeded },
                Summary = run.Message,
                MetricsJson = run.By is null ? null : JsonSerializer.Serialize(new Dictionary<string, string> { [QuartzJobScheduler.AskedBy] = run.By }),
            },
            cancellation);
    }

    private static JobRun Run(ExecutionHistoryEntry entry)
    {
        var state = entry.EffectiveResult switch
        {
            JobRunResult.Failed => JobState.Failed,
            JobRunResult.Cancelled => JobState.Cancelled,
            _ => JobState.Succeeded,
        };
        return new JobRun(
            entry.FireInstanceId ?? entry.EntryId ?? "", QuartzJobScheduler.IdOf(new JobKey(entry.JobName, entry.JobGroup)).ToString(), "", state, entry.FiredAtUtc, entry.Duration.TotalSeconds, null,
            state == JobState.Failed ? entry.ExceptionMessage ?? entry.Summary : entry.Summary, AskedBy(entry.MetricsJson));
    }

    private static string? AskedBy(string? metrics)
    {
        if (metrics is null)
        {
            return null;
        }

        using var values = JsonDocument.Parse(metrics);
        return values.RootElement.TryGetProperty(QuartzJobScheduler.AskedBy, out var by) ? by.GetString() : null;
    }

    private static HashSet<JobRunResult> Results(JobState state) => state switch
    {
        JobState.Failed => [JobRunResult.Failed],
        JobState.Cancelled => [JobRunResult.Cancelled],
        JobState.Succeeded => [JobRunResult.Succeeded, JobRunResult.Skipped],
        _ => [],
    };
}
