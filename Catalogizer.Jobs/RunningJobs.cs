using System.Collections.Concurrent;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;

namespace Catalogizer.Jobs;

/// <summary>The running jobs, with an event for each change. Ended runs stay here until the stored history has them.</summary>
internal sealed class RunningJobs(EventStreamer events, TimeProvider time)
{
    private const int MaxEnded = 50;

    private readonly ConcurrentDictionary<string, JobRun> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<JobRun> _ended = new();

    public IReadOnlyCollection<JobRun> Current => [.. _running.Values];

    /// <summary>The runs that ended last, oldest first.</summary>
    public IReadOnlyCollection<JobRun> RecentlyEnded => _ended;

    /// <summary>Records the start of a run and returns its progress reporter.</summary>
    public IProgress<ProgressUpdate> Begin(string runId, JobId job, string? requestedBy)
    {
        var run = new JobRun(runId, job.ToString(), "", JobState.Running, time.GetUtcNow(), null, null, null, requestedBy);
        _running[runId] = run;
        Publish(run);
        return new Reporter(this, runId);
    }

    /// <param name="isRecorded">Whether the history will contain it.</param>
    public void End(string runId, JobState state, string? message, bool isRecorded = true)
    {
        if (!_running.TryRemove(runId, out var run))
        {
            return;
        }

        run = run with { State = state, Message = message, Percent = null, DurationSeconds = GetElapsed(run.StartedAt).TotalSeconds };
        if (isRecorded)
        {
            _ended.Enqueue(run);
        }

        while (_ended.Count > MaxEnded)
        {
            _ended.TryDequeue(out _);
        }

        Publish(run);
    }

    private TimeSpan GetElapsed(DateTimeOffset startedAt) => time.GetUtcNow() is var now && now > startedAt ? now - startedAt : TimeSpan.Zero;

    private void Publish(JobRun run) => events.Publish(new JobChanged(run.Job, run.Id, JobApiNames.ToApiName(run.State), run.Percent, run.Message));

    private sealed class Reporter(RunningJobs jobs, string runId) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            if (jobs._running.TryGetValue(runId, out var run))
            {
                var next = run with { Percent = value.Percent, Message = value.Message };
                if (jobs._running.TryUpdate(runId, next, run))
                {
                    jobs.Publish(next);
                }
            }
        }
    }
}

internal static class JobApiNames
{
    public static string ToApiName(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        _ => "cancelled",
    };
}
