using System.Collections.Concurrent;
using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>Starts, tracks, cancels and resolves scans. Each source has one running scan at a time.</summary>
public sealed class ScanService : IDisposable
{
    /// <summary>Delay before the next attempt when the disk could not be written.</summary>
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxInterruption = TimeSpan.FromDays(1);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly SourceConnectors _connectors;
    private readonly ScanServices _services;
    private readonly AuditLog _audit;
    private readonly ScanHistory _history;
    private readonly Dictionary<long, ScanHandle> _running = [];
    private readonly ConcurrentDictionary<long, DateTimeOffset> _lastScannedAt = new();
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _startLock = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ScanService(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, ScanServices services, AuditLog audit)
    {
        (_contexts, _connectors, _services, _audit, _history) = (contexts, connectors, services, audit, new ScanHistory(contexts));
        _slots = new SemaphoreSlim(services.Options.ScansAtATime);
    }

    /// <summary>Completes once scans left by an earlier process are resumed; automatic scans wait for it.</summary>
    internal Task Recovered => _recovered.Task;

    /// <summary>Starts a scan, or returns the one that is queued or running.</summary>
    /// <param name="kind">Null: full the first time and after a scan that did not finish, otherwise quick.</param>
    /// <exception cref="PermissionDeniedException"/>
    public async Task<Result<ScanView>> StartAsync(Actor actor, long sourceId, ScanKind? kind, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await _startLock.WaitAsync(cancellation);
        try
        {
            // A partial scan does not replace the requested one, which runs after it.
            if (FindHandle(r => r.SourceId == sourceId && !r.IsPartial) is { } handle && await ActiveViewAsync(handle, cancellation) is { } view)
            {
                return view;
            }

            return await AddAsync(actor, sourceId, kind, null, cancellation);
        }
        finally
        {
            _startLock.Release();
        }
    }

    /// <summary>
    /// Scans folders that a watch reported: only these if the last scan finished normally, otherwise the whole source, including
    /// these whatever their times. Returns null while another scan runs, which may have passed them already.
    /// </summary>
    /// <param name="sourceScanKind">The kind of scan if the whole source must be scanned in any case; null if not.</param>
    internal async Task<Result<ScanView>?> StartForChangesAsync(long sourceId, IReadOnlyCollection<ChangedFolder> folders, ScanKind? sourceScanKind, CancellationToken cancellation)
    {
        await _startLock.WaitAsync(cancellation);
        try
        {
            if (FindRunning(sourceId) is not null)
            {
                return null;
            }

            return await AddAsync(Actor.System, sourceId, sourceScanKind, isPartial => new ChangedFolders(sourceId, folders, isPartial && sourceScanKind is null), cancellation);
        }
        finally
        {
            _startLock.Release();
        }
    }

    /// <summary>Cancels a scan and waits for its end; what it saved stays, and what it did not reach is unchanged.</summary>
    public async Task<Result<ScanView>> CancelAsync(Actor actor, long scanId, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        if (FindHandle(r => r.ScanId == scanId) is not { } handle)
        {
            return await _history.FindAsync(scanId, cancellation) is null ? ScanErrors.NoSuchScan(scanId) : ScanErrors.NotRunning(scanId);
        }

        if (actor.UserId is not null)
        {
            await _audit.AppendAsync(actor, "scans.cancel", AuditTarget(scanId), null, null, cancellation);
        }

        await handle.Cancellation.CancelAsync();
        await handle.Completion.WaitAsync(cancellation);
        return await GetAsync(actor, scanId, cancellation);
    }

    public async Task<Result<ScanView>> GetAsync(Actor actor, long scanId, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        if (FindHandle(r => r.ScanId == scanId) is { } handle && await ActiveViewAsync(handle, cancellation) is { } view)
        {
            return view.RedactFor(actor);
        }

        return await _history.FindAsync(scanId, cancellation) is { } scan ? (await ViewAsync(scan, cancellation)).RedactFor(actor) : ScanErrors.NoSuchScan(scanId);
    }

    /// <summary>The latest scans of a source, newest first.</summary>
    public async Task<IReadOnlyList<ScanView>> LatestAsync(Actor actor, long sourceId, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        var views = new List<ScanView>(count);
        foreach (var scan in await _history.LatestAsync(sourceId, count, cancellation))
        {
            views.Add((FindHandle(r => r.ScanId == scan.Id)?.Progress.Update() ?? await ViewAsync(scan, cancellation)).RedactFor(actor));
        }

        return views;
    }

    /// <summary>Whether a scan of the source ever finished.</summary>
    internal async Task<bool> WasScannedAsync(long sourceId, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Scans.AnyAsync(s => s.SourceId == sourceId && (s.State == ScanState.Completed || s.State == ScanState.Held), cancellation);
    }

    /// <summary>Whether automatic scans of the source are wanted: a scan finished before, or the last one failed.</summary>
    internal async Task<bool> ShouldResumeAsync(long sourceId, CancellationToken cancellation) =>
        await LastEndedAsync(sourceId, cancellation) is { State: ScanState.Failed } || await WasScannedAsync(sourceId, cancellation);

    /// <summary>The last scan of a source that started and has ended; null when there is none.</summary>
    internal Task<Scan?> LastEndedAsync(long sourceId, CancellationToken cancellation) =>
        _history.LastEndedAsync(sourceId, [ScanState.Completed, ScanState.Held, ScanState.Failed, ScanState.Cancelled], cancellation);

    /// <summary>Start of the last scan of a source that finished with nothing left to decide; null when there is none.</summary>
    internal async Task<DateTimeOffset?> LastCompletedAsync(long sourceId, CancellationToken cancellation) =>
        (await _history.LastEndedAsync(sourceId, [ScanState.Completed], cancellation))?.StartedAt;

    /// <summary>The last scan of a source that finished and found changes; null when there is none.</summary>
    internal async Task<ScanView?> LastWithChangesAsync(long sourceId, CancellationToken cancellation) =>
        await _history.LastWithChangesAsync(sourceId, cancellation) is { } scan ? ScanProgress.ToView(scan, null, []) : null;

    /// <summary>The queued or running scan of a source, the latest when one waits for another; null when there is none.</summary>
    public ScanView? FindRunning(long sourceId)
    {
        lock (_running)
        {
            return _running.Values.Where(r => r.SourceId == sourceId).MaxBy(r => r.ScanId)?.Progress.Update();
        }
    }

    /// <summary>When a scan of the whole source last finished in this process; null when none has.</summary>
    internal DateTimeOffset? LastScannedAt(long sourceId) => _lastScannedAt.TryGetValue(sourceId, out var finishedAt) ? finishedAt : null;

    /// <summary>Waits until a scan has ended; returns at once when it is not running.</summary>
    public async Task WaitAsync(long scanId, CancellationToken cancellation)
    {
        if (FindHandle(r => r.ScanId == scanId) is { } handle)
        {
            await handle.Completion.WaitAsync(cancellation);
        }
    }

    /// <summary>A sample of the paths that a held scan would mark missing.</summary>
    public async Task<IReadOnlyList<string>> PendingDeletionsAsync(Actor actor, long scanId, int limit, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        return await _services.Store.PendingDeletionPathsAsync(scanId, limit, cancellation);
    }

    /// <summary>Applies a decision to a held scan; returns once it is applied.</summary>
    public async Task<Result<ScanView>> ResolveAsync(Actor actor, long scanId, DeletionDecision decision, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        if (await _history.FindAsync(scanId, cancellation) is not { } scan)
        {
            return ScanErrors.NoSuchScan(scanId);
        }

        if (scan.State != ScanState.Held)
        {
            return ScanErrors.NotHeld(scanId);
        }

        await _audit.AppendAsync(actor, "scans.resolve", AuditTarget(scanId), null, new { decision }, cancellation);
        if (decision != DeletionDecision.Hold)
        {
            var presence = decision == DeletionDecision.Accept ? Presence.Missing : Presence.Retired;
            await _services.Store.ApplyDeletionsAsync(scanId, presence, cancellation);
            if (!await EndHeldAsync(scanId, $"The losses were {(decision == DeletionDecision.Accept ? "accepted" : "retired")} by {actor.Name}.", cancellation))
            {
                return ScanErrors.NotHeld(scanId);      // a later scan replaced it meanwhile, together with its pending deletions
            }
        }

        _services.Events.Publish(new ItemsChanged());
        _services.Events.Publish(new SourceChanged(scan.SourceId));
        return await GetAsync(actor, scanId, cancellation);
    }

    private static string AuditTarget(long scanId) => string.Create(CultureInfo.InvariantCulture, $"scan:{scanId}");

    /// <summary>Cleans up what an earlier process left behind, and resumes its scans.</summary>
    internal async Task RecoverAsync(CancellationToken cancellation)
    {
        try
        {
            await ResumeAsync(cancellation);
        }
        finally
        {
            _recovered.TrySetResult();
        }
    }

    /// <summary>Changes a source while none of its scans runs or starts; running ones are cancelled first.</summary>
    internal async Task<T> RunWithoutScansAsync<T>(long sourceId, Func<Task<T>> change, CancellationToken cancellation)
    {
        await _startLock.WaitAsync(cancellation);
        try
        {
            while (FindHandle(r => r.SourceId == sourceId) is { } handle)
            {
                await StopAsync(handle);
                await handle.Completion.WaitAsync(cancellation);
            }

            // Save outstanding rows of its scans while the source still exists.
            await _history.FlushAsync(cancellation);
            return await change();
        }
        finally
        {
            _startLock.Release();
        }
    }

    private static async Task StopAsync(ScanHandle handle)
    {
        try
        {
            await handle.Cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The scan has ended meanwhile.
        }
    }

    /// <summary>Cancels all scans and waits for them.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        Task[] remaining;
        lock (_running)
        {
            remaining = [.. _running.Values.Select(r => r.Completion)];
        }

        await Task.WhenAll(remaining);
        try
        {
            await _history.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            _services.Logger.LogWarning(exception, "That nothing was new when sources were last looked at could not be written; the next scans find out again");
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _startLock.Dispose();
        _stopping.Dispose();
        _history.Dispose();
    }

    private async Task ResumeAsync(CancellationToken cancellation)
    {
        await _services.Store.EndBulkLoadAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await _startLock.WaitAsync(cancellation);
        try
        {
            foreach (var scan in await db.Scans.AsNoTracking().Where(s => s.State == ScanState.Queued || s.State == ScanState.Running).ToListAsync(cancellation))
            {
                if (FindHandle(r => r.SourceId == scan.SourceId) is not null)
                {
                    continue;
                }

                var source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleAsync(s => s.Id == scan.SourceId, cancellation);
                (scan.State, scan.Reason) = (ScanState.Queued, null);
                Launch(source, scan, scan.StartedAt is null ? null : await FindInterruptedAsync(db, scan.SourceId, cancellation), null);
            }
        }
        finally
        {
            _startLock.Release();
        }
    }

    /// <summary>Closes scans that a killed process left, because the one that starts now replaces them.</summary>
    private async Task CloseOrphanedAsync(CatalogDbContext db, long sourceId, CancellationToken cancellation)
    {
        foreach (var scan in await db.Scans.Where(s => s.SourceId == sourceId && s.FinishedAt == null).ToListAsync(cancellation))
        {
            if (FindHandle(r => r.ScanId == scan.Id) is not null)
            {
                continue;
            }

            (scan.State, scan.StartedAt, scan.FinishedAt) = (ScanState.Cancelled, scan.StartedAt ?? scan.RequestedAt, GetEndTime(scan));
            scan.Reason = "The program stopped during this scan; a later one went on with it.";
        }
    }

    /// <summary>The unfinished scans since the last one that finished; null when that was the last one.</summary>
    private async Task<InterruptedScan?> FindInterruptedAsync(CatalogDbContext db, long sourceId, CancellationToken cancellation)
    {
        var scans = db.Scans.Where(s => s.SourceId == sourceId);
        var lastCompletedId = await scans.Where(s => s.State == ScanState.Completed || s.State == ScanState.Held).MaxAsync(s => (long?)s.Id, cancellation);

        // A scan that never started, because the source was offline for instance, listed nothing and proves nothing.
        var interrupted = scans.Where(s => s.Id > (lastCompletedId ?? 0) && s.StartedAt != null);
        if (lastCompletedId is not null && !await interrupted.AnyAsync(cancellation))
        {
            return null;
        }

        // If the interrupted scan started long ago, its listings prove little about what files contain now: everything is listed again.
        var now = _services.Time.GetUtcNow();
        var startedAt = await interrupted.MinAsync(s => s.StartedAt, cancellation) ?? now;
        return new InterruptedScan(startedAt, now > startedAt && now - startedAt < MaxInterruption ? startedAt : now);
    }

    /// <param name="createChangedFolders">Creates the folders that a watch reported, given whether only they are scanned. Null for the whole source.</param>
    private async Task<Result<ScanView>> AddAsync(Actor actor, long sourceId, ScanKind? kind, Func<bool, ChangedFolders>? createChangedFolders, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == sourceId, cancellation);
        if (source is null)
        {
            return SourceErrors.SourceNotFound(sourceId);
        }

        if (source.Availability == SourceAvailability.Retired)
        {
            return ScanErrors.Retired(source.Name);
        }

        if (source.IsPaused)
        {
            return ScanErrors.Paused(source.Name);
        }

        await CloseOrphanedAsync(db, sourceId, cancellation);
        var interrupted = await FindInterruptedAsync(db, sourceId, cancellation);
        var hasHeldScan = await db.Scans.AnyAsync(s => s.SourceId == sourceId && s.State == ScanState.Held, cancellation);
        var scan = new Scan
        {
            SourceId = sourceId,

            // After a scan that did not finish, folder times prove nothing: what is in a folder may never have been listed.
            Kind = interrupted is null ? kind ?? ScanKind.Quick : ScanKind.Full,
            State = ScanState.Queued,
            RequestedAt = _services.Time.GetUtcNow(),
            RequestedBy = actor.Name,
        };

        // Only after a completed scan: a partial one must not hide that an earlier scan did not finish, nor replace one that is held.
        var folders = createChangedFolders?.Invoke(interrupted is null && !hasHeldScan);

        // A scan by schedule, or of a source that is back, need not survive a kill of the process: the next start scans again.
        var mustResume = actor.UserId is not null || folders is { HasFolders: true } || interrupted is not null || hasHeldScan || !IsHosted;
        await _history.AddAsync(db, scan, mustResume, actor.UserId is null ? null : added => _audit.CreateEntry(actor, "scans.start", AuditTarget(added.Id), null, new { added.SourceId, added.Kind }), cancellation);
        return Launch(source, scan, kind == ScanKind.Full && interrupted is not null ? interrupted with { TrustedSince = scan.RequestedAt } : interrupted, folders);
    }

    private ScanView Launch(Source source, Scan scan, InterruptedScan? interrupted, ChangedFolders? changedFolders)
    {
        var previous = FindHandle(r => r.SourceId == source.Id);
        var handle = new ScanHandle(
            source.Id, scan.Id, new ScanProgress(scan), CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token), changedFolders is { IsPartialScan: true });
        var view = handle.Progress.Update();
        _services.Events.Publish(new ScanProgressed(view));
        lock (_running)
        {
            handle.Completion = Task.Run(() => RunAsync(source, scan, interrupted, changedFolders, handle, previous));
            _running.Add(scan.Id, handle);
        }

        return view;
    }

    /// <summary>Runs a scan until its end is saved; while the disk cannot be written, it waits and resumes where it was.</summary>
    private async Task RunAsync(Source source, Scan scan, InterruptedScan? interrupted, ChangedFolders? changedFolders, ScanHandle handle, ScanHandle? previous)
    {
        try
        {
            var pause = TimeSpan.Zero;
            while (!await TryRunAsync(source, scan, interrupted, changedFolders, handle, previous, pause))
            {
                interrupted ??= new InterruptedScan(scan.StartedAt ?? scan.RequestedAt, scan.StartedAt ?? scan.RequestedAt);
                pause = RetryDelay;
            }
        }
        finally
        {
            lock (_running)
            {
                _running.Remove(scan.Id);
            }

            handle.Cancellation.Dispose();
            var view = handle.Progress.Update();
            _services.Events.Publish(new ScanProgressed(view));
            _services.Events.Publish(new SourceChanged(source.Id));
            _services.Events.Publish(new ItemsChanged());
        }
    }

    /// <summary>Returns false when the disk could not be written and the scan is to be retried.</summary>
    private async Task<bool> TryRunAsync(Source source, Scan scan, InterruptedScan? interrupted, ChangedFolders? changedFolders, ScanHandle handle, ScanHandle? previous, TimeSpan pause)
    {
        try
        {
            await FinishAsync(source, handle, scan, await ScanAsync(source, scan, interrupted, changedFolders, handle, previous, pause));
            return true;
        }
        catch (Exception exception) when (IsTransient(exception) && !handle.Cancellation.IsCancellationRequested)
        {
            if (pause == TimeSpan.Zero)
            {
                _services.Logger.LogError(exception, "The scan {ScanId} of source {Source} cannot write; it tries again every {Pace} seconds", scan.Id, source.Name, RetryDelay.TotalSeconds);
            }

            _services.Events.Publish(new ScanProgressed(handle.Progress.Update(
                s => (s.State, s.Reason, s.FinishedAt) = (ScanState.Queued, $"{StorageErrors.Describe(exception)} This scan goes on by itself then.", null))));
            return false;
        }
        catch (Exception exception)
        {
            _services.Logger.LogError(exception, "The end of scan {ScanId} could not be written; it will be taken up again at the next start", scan.Id);
            if (!IsHosted)
            {
                throw;
            }

            return true;
        }
    }

    /// <summary>One attempt. What ends a scan is recorded in its progress; what only prevents it from saving is thrown.</summary>
    /// <returns>Why the source could not be read; null when it could be.</returns>
    private async Task<SourceException?> ScanAsync(Source source, Scan scan, InterruptedScan? interrupted, ChangedFolders? changedFolders, ScanHandle handle, ScanHandle? previous, TimeSpan pause)
    {
        try
        {
            await WaitForPreviousAsync(previous, handle);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _services.Time, handle.Cancellation.Token);
                await ReloadCountsAsync(handle);
            }

            await _connectors.ProbeIfUnreachableAsync(source, handle.Cancellation.Token);
            await using var connector = _connectors.Connect(source);
            await _slots.WaitAsync(handle.Cancellation.Token);
            try
            {
                await new ScanRun(_services, source, handle.Progress, scan, interrupted, connector, _history, changedFolders).RunAsync(handle.Cancellation.Token);
                if (handle.Progress.Copy().FailedFolders is > 0 and var folders)
                {
                    _services.Logger.LogError("{Count} folders of {Source} could not be read; what is in them is unknown until they can be", folders, source.Name);
                }

                await _connectors.RecordSuccessAsync(source.Id, connector, hasChanges: !_history.IsUnsaved(scan.Id), handle.Cancellation.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Queued, "The program stopped; this scan goes on at the next start."));
        }
        catch (OperationCanceledException)
        {
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Cancelled, "Cancelled; what it had found is saved, the rest is as it was."));
        }
        catch (SourceException exception)
        {
            if (source.Mode == SourceMode.AlwaysOn)
            {
                _services.Logger.LogError("The scan of {Source} failed: {Why}", source.Name, exception.Message);
            }

            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Failed, exception.Message));
            return exception;
        }
        catch (Exception exception) when (!IsTransient(exception))
        {
            // A unit of work ends here: the scan's row gives the reason to the page and to scripts.
            _services.Logger.LogError(exception, "The scan {ScanId} of source {Source} failed", scan.Id, source.Name);
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Failed, StorageErrors.Describe(exception)));
        }

        return null;
    }

    /// <summary>Waits for the previous scan of the source; if that did not finish, this one becomes a full scan.</summary>
    private static async Task WaitForPreviousAsync(ScanHandle? previous, ScanHandle handle)
    {
        if (previous is not null)
        {
            await previous.Completion.WaitAsync(handle.Cancellation.Token);
            if (previous.Progress.Update().State is not (ScanState.Completed or ScanState.Held))
            {
                handle.Progress.Update(s => s.Kind = ScanKind.Full);
            }
        }
    }

    /// <summary>Whether a host keeps scans running. A command does not wait for retries: it reports the problem, and its next run resumes.</summary>
    private bool IsHosted => _recovered.Task.IsCompleted;

    private bool IsTransient(Exception exception) => IsHosted && StorageErrors.IsDiskFailure(exception);

    /// <summary>Resets the progress to the counts in the scan's row.</summary>
    private async Task ReloadCountsAsync(ScanHandle handle)
    {
        var row = _history.IsUnsaved(handle.ScanId) ? new Scan() : await _history.FindAsync(handle.ScanId, handle.Cancellation.Token);
        if (row is not null)
        {
            handle.Progress.Update(s => (s.Listed, s.Skipped, s.UnchangedFolders, s.FailedFolders) = (row.Listed, row.Skipped, row.UnchangedFolders, row.FailedFolders));
        }
    }

    private async Task FinishAsync(Source source, ScanHandle handle, Scan scan, SourceException? exception)
    {
        if (exception is not null)
        {
            await _connectors.RecordFailureAsync(source, exception, CancellationToken.None);
        }

        handle.Progress.Update(s => s.FinishedAt = s.State == ScanState.Queued ? null : GetEndTime(s));
        if (await _history.EndAsync(scan))
        {
            await _services.Store.EndScanAsync(scan.Id, scan.SourceId, CancellationToken.None);
        }

        if (!handle.IsPartial && scan is { State: ScanState.Completed or ScanState.Held, FinishedAt: { } finishedAt })
        {
            _lastScannedAt[source.Id] = finishedAt;
        }
    }

    /// <summary>The current time, but never before the scan's start: the clock may have been set back.</summary>
    private DateTimeOffset GetEndTime(Scan scan)
    {
        var (startedAt, now) = (scan.StartedAt ?? scan.RequestedAt, _services.Time.GetUtcNow());
        return now > startedAt ? now : startedAt;
    }

    /// <returns>Whether it was still held.</returns>
    private async Task<bool> EndHeldAsync(long scanId, string reason, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Scans.SingleOrDefaultAsync(s => s.Id == scanId && s.State == ScanState.Held, cancellation) is not { } scan)
        {
            return false;
        }

        (scan.State, scan.Reason) = (ScanState.Completed, reason);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private async Task<ScanView> ViewAsync(Scan scan, CancellationToken cancellation)
    {
        var held = scan.State == ScanState.Held
            ? DeletionGuard.ListAffectedFolders(await _services.Store.PendingDeletionsByTopFolderAsync(scan.Id, scan.SourceId, cancellation))
            : [];
        return ScanProgress.ToView(scan, null, held);
    }

    /// <summary>
    /// Returns the live view of a running scan, or null once it has ended. Waits until the final state is saved, so that the next
    /// read does not return the old row.
    /// </summary>
    private static async Task<ScanView?> ActiveViewAsync(ScanHandle handle, CancellationToken cancellation)
    {
        var view = handle.Progress.Update();
        if (view.State is ScanState.Queued or ScanState.Running)
        {
            return view;
        }

        await handle.Completion.WaitAsync(cancellation);
        return null;
    }

    private ScanHandle? FindHandle(Func<ScanHandle, bool> predicate)
    {
        lock (_running)
        {
            return _running.Values.FirstOrDefault(predicate);
        }
    }

    private sealed class ScanHandle(long sourceId, long scanId, ScanProgress progress, CancellationTokenSource cancellation, bool isPartial)
    {
        public long SourceId => sourceId;

        public long ScanId => scanId;

        public ScanProgress Progress => progress;

        public CancellationTokenSource Cancellation => cancellation;

        /// <summary>Whether it scans only changed folders, not the whole source.</summary>
        public bool IsPartial => isPartial;

        public Task Completion { get; set; } = Task.CompletedTask;
    }
}
