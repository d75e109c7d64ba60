using System.Threading.Channels;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>One pass over a source, from the first listing to the decision about its pending deletions.</summary>
/// <param name="interrupted">The unfinished scans before this one, or this one itself, to resume; null when the last one finished.</param>
/// <param name="history">Gives the scan its row before anything it found is saved.</param>
/// <param name="changedFolders">The folders that a watch reported; null when none did.</param>
internal sealed partial class ScanRun(
    ScanServices services, Source source, ScanProgress progress, Scan scan, InterruptedScan? interrupted, ISourceConnector connector, ScanHistory history, ChangedFolders? changedFolders = null)
{
    private const int MaxBatchWeight = 1000;
    private const long MaxLoggedFiles = 5000;
    private static readonly TimeSpan FirstSaveDelay = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan DrainInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CatchUpInterval = TimeSpan.FromSeconds(2);

    /// <summary>Whether this scan itself was interrupted, and has counted what it had listed until then.</summary>
    private readonly bool _isResumed = interrupted is not null && scan.Listed > 0;

    private readonly List<FolderChanges> _unsaved = [];

    /// <summary>Folders with new files, and whether they were known before; null when all folders count, as in a first scan and after an interruption.</summary>
    private Dictionary<string, bool>? _changedFolders;
    private ScanContext? _context;
    private Action _updateUnchanged = () => { };
    private int _unsavedWeight;
    private long _lastSave;
    private long _lastCatchUp;
    private bool _isBulkLoad;
    private bool _needsCatchUp;

    /// <exception cref="SourceException">The source does not answer, or stopped answering during the scan.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await CheckRootAsync(cancellation);
        _isBulkLoad = await services.Store.IsFirstScanAsync(source.Id, cancellation) && services.BulkLoadLock.TryEnterExclusive();
        if (!_isBulkLoad)
        {
            await services.BulkLoadLock.EnterSharedAsync(cancellation);
        }

        try
        {
            await services.Store.EndBulkLoadAsync(cancellation);
            _changedFolders = _isBulkLoad || interrupted is not null ? null : new Dictionary<string, bool>(StringComparer.Ordinal);
            progress.Update(s => (s.State, s.Reason, s.StartedAt) = (ScanState.Running, null, s.StartedAt ?? services.Time.GetUtcNow()));
            var startedAt = scan.StartedAt!.Value.ToUnixTimeMilliseconds();
            _context = new ScanContext(scan.Id, source.Id, startedAt, new Dictionary<string, long>(StringComparer.Ordinal));
            if (interrupted is not null)
            {
                (_context.FirstFileId, _context.Since) = (0, Math.Min(startedAt, interrupted.StartedAt.ToUnixTimeMilliseconds()));

                // Files that the unfinished scan did not find may be back; those that are still gone are recorded again.
                await services.Store.ClearPendingDeletionsAsync(source.Id, cancellation);
            }

            PublishProgress(itemsChanged: false);
            await ListAndSaveAsync(cancellation);
            await EndBulkLoadAsync();
            await ApplyMovesAsync(cancellation);
            await AssignSidecarsAsync(cancellation);
            await ReviewDeletionsAsync(cancellation);
        }
        finally
        {
            try
            {
                await EndBulkLoadAsync();
            }
            finally
            {
                services.BulkLoadLock.ExitShared();
            }
        }
    }

    /// <summary>Fails early when the source is unreachable, before the scan waits for others.</summary>
    private async Task CheckRootAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(services.Options.FirstAnswer, services.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await Task.Run(async () => await connector.GetModifiedAtAsync("", linked.Token), linked.Token).WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SourceException(SourceErrorKind.TimedOut, $"The source did not answer within {services.Options.FirstAnswer.TotalSeconds:0} seconds.");
        }
    }

    private async Task ListAndSaveAsync(CancellationToken cancellation)
    {
        if (_isBulkLoad)
        {
            await services.Store.BeginBulkLoadAsync(cancellation);
        }

        var known = changedFolders is { IsPartialScan: true } ? new Dictionary<string, KnownFolder>() : await services.Store.FoldersAsync(source.Id, cancellation);
        var comparer = new FolderComparer(services.Detector, services.IgnoreList);
        var scope = source.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var trust = new FolderTimeTrust(scan.Kind == ScanKind.Quick, interrupted?.TrustedSince.ToUnixTimeMilliseconds(), services.Time.GetUtcNow().ToUnixTimeMilliseconds());
        using var walk = new FolderWalk(connector, comparer, services.Store, known, scope, trust, services.Time, changedFolders);
        var before = scan.UnchangedFolders;
        _updateUnchanged = () => progress.Update(s => s.UnchangedFolders = before + walk.UnchangedCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var walking = walk.RunAsync(services.Options.ListingThreads, stop.Token);
        try
        {
            await SaveFoundAsync(walk.Changes, stop.Token);
        }
        catch
        {
            // What was listed but not saved will be listed again.
            _unsaved.ForEach(changes => UpdateCounts(changes, -1));
            await stop.CancelAsync();
            await walking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await walking;
        _updateUnchanged();
    }

    private async Task SaveFoundAsync(ChannelReader<FolderChanges> found, CancellationToken cancellation)
    {
        _lastSave = _lastCatchUp = services.Time.GetTimestamp();
        var interval = FirstSaveDelay;
        Task<bool>? more = null;
        while (true)
        {
            var hasDrained = DrainAvailable(found);
            var remaining = interval - services.Time.GetElapsedTime(_lastSave);
            if (_unsavedWeight >= MaxBatchWeight || (remaining <= TimeSpan.Zero && (_unsaved.Count > 0 || _needsCatchUp)))
            {
                await SaveAsync(cancellation);
                interval = SaveInterval;
            }
            else if (hasDrained)
            {
                // Waking up for each folder costs more than it gains, so those of a short interval are read together.
                await Task.Delay(DrainInterval, cancellation);
            }
            else
            {
                more ??= found.WaitToReadAsync(cancellation).AsTask();
                if ((_unsaved.Count > 0 || _needsCatchUp) && !await WaitForMoreAsync(more, remaining))
                {
                    continue;
                }

                if (!await more)
                {
                    break;
                }

                more = null;
            }
        }

        await found.Completion;
        await SaveAsync(cancellation);
    }

    private bool DrainAvailable(ChannelReader<FolderChanges> found)
    {
        var hasDrained = false;
        while (_unsavedWeight < MaxBatchWeight && found.TryRead(out var changes))
        {
            Consume(changes);
            hasDrained = true;
        }

        return hasDrained;
    }

    private async Task<bool> WaitForMoreAsync(Task<bool> more, TimeSpan timeout)
    {
        using var delayCancellation = new CancellationTokenSource();
        var first = await Task.WhenAny(more, Task.Delay(timeout, services.Time, delayCancellation.Token));
        await delayCancellation.CancelAsync();
        return first == more;
    }

    private void Consume(FolderChanges changes)
    {
        UpdateCounts(changes, 1);
        CatalogizerMeter.ScannedFiles.Add(changes.Listed);
        if (changes.Known is { } known)
        {
            _context!.FolderIds[changes.Path] = known.Id;    // subfolders need its id as their parent, even if it has no changes
        }

        if (changes.Added.Count > 0)
        {
            _changedFolders?.TryAdd(changes.Path, changes.Known is not null);
        }

        if (changes.HasChanges)
        {
            _unsaved.Add(changes);
            _unsavedWeight += changes.Weight;
        }
        else
        {
            changes.Lease?.Dispose();
        }
    }

    private void UpdateCounts(FolderChanges changes, int step) => progress.Update(
        s =>
        {
            if (!(_isResumed && changes.Known?.ListedAt >= interrupted!.StartedAt.ToUnixTimeMilliseconds()))
            {
                s.Listed += changes.Listed * step;
                s.Skipped += changes.Skipped * step;
            }

            s.FailedFolders += changes.Error is null ? 0 : step;
        },
        changes.Path);

    private async Task SaveAsync(CancellationToken cancellation)
    {
        if (_unsaved.Count > 0)
        {
            var started = services.Time.GetTimestamp();
            if (_isBulkLoad && _unsaved.Exists(c => c.NeedsIndexes))
            {
                await EndBulkLoadAsync();
            }

            _updateUnchanged();
            await history.EnsureSavedAsync(scan.Id, progress, cancellation);
            var saved = await services.Store.SaveAsync(_context!, _unsaved, new SeenCounts(scan.Listed, scan.Skipped, scan.UnchangedFolders, scan.FailedFolders), cancellation);
            var elapsed = services.Time.GetElapsedTime(started);
            LogItems(elapsed);
            if (saved.Added > 0)
            {
                progress.SetAddedFile(FindOnlyAddedPath());
            }

            progress.Update(s =>
            {
                s.Added += saved.Added;
                s.Changed += saved.Changed;
                s.Unknown += saved.Unknown;
            });
            _unsaved.ForEach(c => c.Lease?.Dispose());
            _unsaved.Clear();
            _unsavedWeight = 0;
            _needsCatchUp = _isBulkLoad;
            if (services.Store.IsBeingRead)
            {
                // As long as the save took: found changes queue up meanwhile, and soon the walk waits too.
                await Task.Delay(elapsed < MaxPause ? elapsed : MaxPause, services.Time, cancellation);
            }
        }

        await CatchUpIndexesAsync(cancellation);
        _lastSave = services.Time.GetTimestamp();
        PublishProgress(itemsChanged: true);
    }

    /// <summary>During a bulk load, updates search and counters in steps; a waiting scan ends the bulk load.</summary>
    private async Task CatchUpIndexesAsync(CancellationToken cancellation)
    {
        if (!_isBulkLoad || !_needsCatchUp)
        {
            return;
        }

        if (services.BulkLoadLock.HasWaiters)
        {
            await EndBulkLoadAsync();
        }
        else if (services.Time.GetElapsedTime(_lastCatchUp) > CatchUpInterval || scan.Added <= MaxBatchWeight)
        {
            await services.Store.CatchUpIndexesAsync(cancellation);
            _needsCatchUp = false;
            _lastCatchUp = services.Time.GetTimestamp();
        }
    }

    private async Task EndBulkLoadAsync()
    {
        if (_isBulkLoad)
        {
            _isBulkLoad = _needsCatchUp = false;
            try
            {
                await services.Store.EndBulkLoadAsync(CancellationToken.None);
            }
            finally
            {
                services.BulkLoadLock.DowngradeToShared();
            }
        }
    }

    private async Task ApplyMovesAsync(CancellationToken cancellation)
    {
        var (moved, added) = await services.Store.ApplyMovesAsync(_context!, cancellation);
        if (moved > 0)
        {
            progress.SetAddedFile(null);
            progress.Update(s => (s.Moved, s.Added) = (s.Moved + moved, s.Added - added));
            PublishProgress(itemsChanged: true);
        }
    }

    private async Task AssignSidecarsAsync(CancellationToken cancellation)
    {
        if (await services.Sidecars.AssignAsync(source.Id, _changedFolders, interrupted is null ? null : _context!.Since, cancellation) > 0)
        {
            PublishProgress(itemsChanged: true);
        }
    }

    private async Task ReviewDeletionsAsync(CancellationToken cancellation)
    {
        var isStillMissing = await services.Store.AreHeldFilesStillMissingAsync(scan.Id, source.Id, cancellation);
        if (!isStillMissing && await services.Store.IsBelowDeletionLimitAsync(scan.Id, source.Id, cancellation))
        {
            var marked = await services.Store.ApplyDeletionsAsync(scan.Id, Presence.Missing, cancellation);
            progress.Update(s => (s.State, s.Missing) = (ScanState.Completed, marked));
            return;
        }

        var topFolders = await services.Store.PendingDeletionsByTopFolderAsync(scan.Id, source.Id, cancellation);
        var notFound = topFolders.Sum(t => t.NotFound);
        if ((isStillMissing ? DeletionGuard.StillHeldReason(notFound) : DeletionGuard.HoldReason(topFolders)) is { } reason)
        {
            progress.Update(s => (s.State, s.Reason, s.Missing) = (ScanState.Held, reason, notFound));
            return;
        }

        if (notFound > 0)
        {
            await services.Store.ApplyDeletionsAsync(scan.Id, Presence.Missing, cancellation);
        }

        progress.Update(s => (s.State, s.Missing) = (ScanState.Completed, notFound));
    }

    private void PublishProgress(bool itemsChanged)
    {
        services.Events.Publish(new ScanProgressed(progress.Update()));
        if (itemsChanged)
        {
            services.Events.Publish(new ItemsChanged());
        }
    }

    private string? FindOnlyAddedPath() => _unsaved.SelectMany(c => c.Added, (c, file) => c.Path.Length == 0 ? file.Entry.Name : $"{c.Path}/{file.Entry.Name}").Take(2).ToList() is [var only] ? only : null;

    /// <summary>Logs one line per item. A large first scan logs the first few thousand items and then counts; docs/operating.md lists the lines.</summary>
    private void LogItems(TimeSpan saving)
    {
        if (!services.Logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var files = _unsaved.Sum(c => c.Added.Count + c.Changed.Count);
        if (_isBulkLoad && scan.Added > MaxLoggedFiles)
        {
            ItemsProcessed(services.Logger, files, source.Name, saving.TotalMilliseconds);
            return;
        }

        foreach (var file in _unsaved.SelectMany(c => c.Added))
        {
            if (file.Plan is { } plan)
            {
                ItemProcessed(services.Logger, ItemDescription.FormatTitle(plan.Leaf), file.Type.ToApiName(), file.DetectionDuration.TotalMilliseconds, file.Entry.Size);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Media item processed: {title} ({type}), processing_time {processing_time} ms, file_size {file_size} bytes")]
    private static partial void ItemProcessed(ILogger logger, string title, string type, double processing_time, long file_size);

    [LoggerMessage(Level = LogLevel.Information, Message = "{count} further files of {source} saved, saving_time {saving_time} ms")]
    private static partial void ItemsProcessed(ILogger logger, int count, string source, double saving_time);
}

/// <summary>Scans of a source that did not finish: what they saved remains, what they had yet to decide does not.</summary>
/// <param name="StartedAt">When the first of them started.</param>
/// <param name="TrustedSince">Folders listed since then need no listing while their modification times are unchanged.</param>
internal sealed record InterruptedScan(DateTimeOffset StartedAt, DateTimeOffset TrustedSince);

/// <summary>The services and settings that every scan needs.</summary>
internal sealed record ScanServices(
    IScanStore Store, SidecarAssignment Sidecars, MediaDetector Detector, IgnoreList IgnoreList, ScanningOptions Options, BulkLoadLock BulkLoadLock, EventStreamer Events, TimeProvider Time, ILogger<ScanRun> Logger);
