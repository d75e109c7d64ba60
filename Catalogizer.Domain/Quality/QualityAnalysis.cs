using System.Collections.Concurrent;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Analyses versions that have not been analysed yet, in batches and newest first, and on request those of an item that a user is viewing.
/// Results are stored in the database, so that it continues where it stopped after any interruption.
/// </summary>
public sealed class QualityAnalysis(
    IQualityStore store, MediaProbe probe, Rescoring rescoring, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events,
    IOptions<QualityOptions> options, TimeProvider time, ILogger<QualityAnalysis> logger) : IDisposable
{
    private const int BatchSize = 32;
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>Maximum duration of one run; the next one continues.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _fileSlots = new(options.Value.FilesAtATime);

    public void Dispose() => _fileSlots.Dispose();

    /// <summary>Analyses the item's own pending versions immediately, because a user is waiting on the item's page.</summary>
    public async Task AnalyzeItemAsync(long itemId, CancellationToken cancellation)
    {
        if (await store.ForItemAsync(itemId, cancellation) is { Candidates.Count: > 0 } batch)
        {
            await AnalyzeAsync(batch.Candidates, new AnalysisRun(time.GetUtcNow() + RunLimit) { IsUserWaiting = true }, new Progress<ProgressUpdate>(), cancellation);
        }
    }

    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await rescoring.RunAsync(progress, cancellation);
        var run = new AnalysisRun(time.GetUtcNow() + RunLimit);
        for (var before = long.MaxValue; before > 0 && time.GetUtcNow() < run.Deadline;)
        {
            if (await store.NextAsync(before, BatchSize, cancellation) is not { } batch)
            {
                return Describe(run, "A first scan is under way; the rest waits for its end.");
            }

            await AnalyzeAsync(batch.Candidates, run, progress, cancellation);
            before = batch.Before;
        }

        return Describe(run, run.UnsupportedCount > 0 ? "ffprobe is not installed, so films and music were not looked into: what names tell stands. On Debian, install ffmpeg."
            : run.UnreachableSources.IsEmpty ? "" : "Copies on sources that do not answer wait.");
    }

    private async Task AnalyzeAsync(IReadOnlyList<AnalysisCandidate> candidates, AnalysisRun run, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        run.UnsupportedCount += candidates.Count(c => !probe.CanAnalyze(c));
        candidates = [.. candidates.Where(probe.CanAnalyze)];
        var ids = candidates.Select(c => c.SourceId).Where(id => !run.UnreachableSources.ContainsKey(id)).ToHashSet();
        if (ids.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellation);
        var results = new ConcurrentBag<Analysis>();
        try
        {
            await Parallel.ForEachAsync(
                candidates.Where(c => sources.ContainsKey(c.SourceId)), new ParallelOptions { MaxDegreeOfParallelism = options.Value.FilesAtATime, CancellationToken = cancellation }, async (candidate, token) =>
                {
                    if (!run.UnreachableSources.ContainsKey(candidate.SourceId) && await AnalyzeOneAsync(sources[candidate.SourceId], candidate, run, token) is { } analysis)
                    {
                        results.Add(analysis);
                    }
                });
        }
        finally
        {
            await SaveAsync([.. results.OrderBy(a => a.Candidate.VersionId)], run, progress);
            foreach (var failed in results.Where(a => a.Error is not null).GroupBy(a => a.Candidate.SourceId))
            {
                logger.LogError("{Count} files of {Source} could not be read; they are listed at Health", failed.Count(), sources[failed.Key].Name);
            }
        }
    }

    /// <summary>Saves results even when the run was cancelled, so that the files need not be read again.</summary>
    private async Task SaveAsync(List<Analysis> results, AnalysisRun run, IProgress<ProgressUpdate> progress)
    {
        if (results.Count == 0)
        {
            return;
        }

        await store.SaveAsync(results, CancellationToken.None);
        events.Publish(new ItemsChanged());
        run.AddResults(results);
        progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.AnalyzedCount:N0} copies looked into")));
    }

    /// <returns>Null when the source does not respond, which says nothing about the version.</returns>
    private async Task<Analysis?> AnalyzeOneAsync(Source source, AnalysisCandidate candidate, AnalysisRun run, CancellationToken cancellation)
    {
        if (!run.IsUserWaiting)
        {
            await YieldToReadersAsync(cancellation);
        }

        await _fileSlots.WaitAsync(cancellation);
        try
        {
            var result = await probe.AnalyzeAsync(source, candidate, cancellation);
            return new Analysis(candidate, result.Properties is null ? null : probe.ComputeQuality(candidate, result.Properties), result, null, time.GetUtcNow(), null);
        }
        catch (SourceException exception) when (exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || exception.IsSourceWide)
        {
            run.UnreachableSources.TryAdd(source.Id, true);
            return null;
        }
        catch (SourceException exception)
        {
            if (exception.Kind == SourceErrorKind.NotFound && !await connectors.CanReadRootAsync(source, cancellation))
            {
                run.UnreachableSources.TryAdd(source.Id, true);
                return null;
            }

            return CreateFailure(candidate, exception.Message, isTransient: true);
        }
        catch (MediaProbeException exception)
        {
            return CreateFailure(candidate, exception.Message, exception.IsTransient);
        }
        finally
        {
            _fileSlots.Release();
        }
    }

    /// <summary>Waits while users are reading pages, for <see cref="MaxPause"/> at most.</summary>
    private async Task YieldToReadersAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; store.IsBeingRead && waited < MaxPause; waited += Pause)
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private Analysis CreateFailure(AnalysisCandidate candidate, string error, bool isTransient)
    {
        var now = time.GetUtcNow();
        return new Analysis(candidate, null, null, error, now, isTransient && candidate.Attempts + 1 < MaxAttempts ? now + TimeSpan.FromHours(Math.Pow(6, candidate.Attempts)) : null);
    }

    private static string Describe(AnalysisRun run, string remark) =>
        (run.AnalyzedCount == 0 ? "Nothing new was looked into. " : FormattableString.Invariant($"{run.AnalyzedCount:N0} copies were looked into, {run.FailedCount:N0} of them in vain. ")) + remark;

    private sealed class AnalysisRun(DateTimeOffset deadline)
    {
        public DateTimeOffset Deadline { get; } = deadline;

        /// <summary>Whether a user is waiting for the result, so that the run does not yield to readers.</summary>
        public bool IsUserWaiting { get; init; }

        /// <summary>Sources that did not respond in this run; the rest of the run skips them.</summary>
        public ConcurrentDictionary<long, bool> UnreachableSources { get; } = [];

        /// <summary>Number of versions that the installed programs cannot analyse.</summary>
        public int UnsupportedCount { get; set; }

        public int AnalyzedCount { get; private set; }

        public int FailedCount { get; private set; }

        public void AddResults(List<Analysis> results) => (AnalyzedCount, FailedCount) = (AnalyzedCount + results.Count, FailedCount + results.Count(a => a.Error is not null));
    }
}
