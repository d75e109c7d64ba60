using System.Collections.Concurrent;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Looks into the copies that nobody has looked into yet, batch by batch, the newest first; those of an item that somebody looks at, when asked.
/// What was done is in the database, so it goes on where it was after any break.
/// </summary>
public sealed class QualityAnalysis(
    IQualityStore store, QualityProbe probe, Rescoring rescoring, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events,
    IOptions<QualityOptions> options, TimeProvider time, ILogger<QualityAnalysis> logger) : IDisposable
{
    private const int BatchSize = 32;
    private const int MostTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long one run goes on; the next one takes over.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _files = new(options.Value.FilesAtATime);

    public void Dispose() => _files.Dispose();

    /// <summary>Looks into those of an item's own copies that wait for it, now: whoever reads its page waits for that.</summary>
    public async Task LookAtAsync(long itemId, CancellationToken cancellation)
    {
        if (await store.OfItemAsync(itemId, cancellation) is { Copies.Count: > 0 } batch)
        {
            await LookAsync(batch.Copies, new Run(time.GetUtcNow() + RunLimit) { IsWaitedFor = true }, new Progress<ProgressUpdate>(), cancellation);
        }
    }

    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await rescoring.RunAsync(progress, cancellation);
        var run = new Run(time.GetUtcNow() + RunLimit);
        for (var before = long.MaxValue; before > 0 && time.GetUtcNow() < run.Until;)
        {
            if (await store.NextAsync(before, BatchSize, cancellation) is not { } batch)
            {
                return Told(run, "A first scan is under way; the rest waits for its end.");
            }

            await LookAsync(batch.Copies, run, progress, cancellation);
            before = batch.Before;
        }

        return Told(run, run.Unable > 0 ? "ffprobe is not installed, so films and music were not looked into: what names tell stands. On Debian, install ffmpeg."
            : run.Away.IsEmpty ? "" : "Copies on sources that do not answer wait.");
    }

    private async Task LookAsync(IReadOnlyList<AnalysisCandidate> copies, Run run, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        run.Unable += copies.Count(c => !probe.CanLook(c));
        copies = [.. copies.Where(probe.CanLook)];
        var ids = copies.Select(c => c.SourceId).Where(id => !run.Away.ContainsKey(id)).ToHashSet();
        if (ids.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellation);
        var done = new ConcurrentBag<Analysis>();
        try
        {
            await Parallel.ForEachAsync(
                copies.Where(c => sources.ContainsKey(c.SourceId)), new ParallelOptions { MaxDegreeOfParallelism = options.Value.FilesAtATime, CancellationToken = cancellation }, async (copy, token) =>
                {
                    if (!run.Away.ContainsKey(copy.SourceId) && await OneAsync(sources[copy.SourceId], copy, run, token) is { } analysis)
                    {
                        done.Add(analysis);
                    }
                });
        }
        finally
        {
            await SaveAsync([.. done.OrderBy(a => a.Copy.VersionId)], run, progress);
            foreach (var failed in done.Where(a => a.Error is not null).GroupBy(a => a.Copy.SourceId))
            {
                logger.LogError("{Count} files of {Source} could not be read; they are listed at Health", failed.Count(), sources[failed.Key].Name);
            }
        }
    }

    /// <summary>What was found is written even when the run was stopped: it need not be read again.</summary>
    private async Task SaveAsync(List<Analysis> done, Run run, IProgress<ProgressUpdate> progress)
    {
        if (done.Count == 0)
        {
            return;
        }

        await store.SaveAsync(done, CancellationToken.None);
        events.Publish(new ItemsChanged());
        run.Count(done);
        progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.Looked:N0} copies looked into")));
    }

    /// <returns>Null when the source does not answer: that says nothing of the copy.</returns>
    private async Task<Analysis?> OneAsync(Source source, AnalysisCandidate copy, Run run, CancellationToken cancellation)
    {
        if (!run.IsWaitedFor)
        {
            await GiveWayAsync(cancellation);
        }

        await _files.WaitAsync(cancellation);
        try
        {
            var found = await probe.LookAsync(source, copy, cancellation);
            return new Analysis(copy, found.Measures is null ? null : probe.Judge(copy, found.Measures), found, null, time.GetUtcNow(), null);
        }
        catch (SourceException fault) when (fault.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || fault.IsSourceWide)
        {
            run.Away.TryAdd(source.Id, true);
            return null;
        }
        catch (SourceException fault)
        {
            if (fault.Kind == SourceErrorKind.NotFound && !await connectors.CanReadRootAsync(source, cancellation))
            {
                run.Away.TryAdd(source.Id, true);
                return null;
            }

            return Failed(copy, fault.Message, mayPass: true);
        }
        catch (ProbeFault fault)
        {
            return Failed(copy, fault.Message, fault.MayPass);
        }
        finally
        {
            _files.Release();
        }
    }

    /// <summary>Whoever reads pages comes first; but not for ever.</summary>
    private async Task GiveWayAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; store.IsBeingRead && waited < LongestPause; waited += Pause)
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private Analysis Failed(AnalysisCandidate copy, string error, bool mayPass)
    {
        var now = time.GetUtcNow();
        return new Analysis(copy, null, null, error, now, mayPass && copy.Tries + 1 < MostTries ? now + TimeSpan.FromHours(Math.Pow(6, copy.Tries)) : null);
    }

    private static string Told(Run run, string more) =>
        (run.Looked == 0 ? "Nothing new was looked into. " : FormattableString.Invariant($"{run.Looked:N0} copies were looked into, {run.Failed:N0} of them in vain. ")) + more;

    private sealed class Run(DateTimeOffset until)
    {
        public DateTimeOffset Until { get; } = until;

        /// <summary>Whether somebody waits for it, so that it need not give way.</summary>
        public bool IsWaitedFor { get; init; }

        /// <summary>Sources that did not answer in this run.</summary>
        public ConcurrentDictionary<long, bool> Away { get; } = [];

        /// <summary>Copies that what is installed cannot look into.</summary>
        public int Unable { get; set; }

        public int Looked { get; private set; }

        public int Failed { get; private set; }

        public void Count(List<Analysis> done) => (Looked, Failed) = (Looked + done.Count, Failed + done.Count(a => a.Error is not null));
    }
}
