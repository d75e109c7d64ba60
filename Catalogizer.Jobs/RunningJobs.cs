using System.Collections.Concurrent;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;

namespace Catalogizer.Jobs;

/// <summary>What runs now, told as it happens. The last runs stay here until the stored history has them.</summary>
internal sealed class RunningJobs(EventStreamer events, TimeProvider time)
{
    private const int Kept = 50;

    private readonly ConcurrentDictionary<string, JobRun> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<JobRun> _ended = new();

    public IReadOnlyCollection<JobRun> Now => [.. _running.Values];

    /// <summary>The runs that ended last, oldest first.</summary>
    public IReadOnlyCollection<JobRun> Ended => _ended;

    /// <summary>Notes that a run begins; the answer takes its progress.</summary>
    public IProgress<ProgressUpdate> Begin(string runId, JobId job, string? by)
    {
        var run = new JobRun(runId, job.ToString(), "", JobState.Running, time.GetUtcNow(), null, null, null, by);
        _running[runId] = run;
        Tell(run);
        return new Reporter(this, runId);
    }

    /// <param name="isNews">Whether the history will have it.</param>
    public void End(string runId, JobState state, string? message, bool isNews = true)
    {
        if (!_running.TryRemove(runId, out var run))
        {
            return;
        }

        run = run with { State = state, Message = message, Percent = null, DurationSeconds = After(run.StartedAt).TotalSeconds };
        if (isNews)
        {
            _ended.Enqueue(run);
        }

        while (_ended.Count > Kept)
        {
            _ended.TryDequeue(out _);
        }

        Tell(run);
    }

    private TimeSpan After(DateTimeOffset began) => time.GetUtcNow() is var now && now > began ? now - began : TimeSpan.Zero;

    private void Tell(JobRun run) => events.Publish(new JobChanged(run.Job, run.Id, JobWords.Of(run.State), run.Percent, run.Message));

    private sealed class Reporter(RunningJobs jobs, string runId) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            if (jobs._running.TryGetValue(runId, out var run))
            {
                var next = run with { Percent = value.Percent, Message = value.Message };
                if (jobs._running.TryUpdate(runId, next, run))
                {
                    jobs.Tell(next);
                }
            }
        }
    }
}

internal static class JobWords
{
    public static string Of(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        _ => "cancelled",
    };
}
