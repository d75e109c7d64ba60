using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>The queued and running scans of this process. Each source has one running scan at a time.</summary>
internal sealed class ScanQueue : IDisposable
{
    private static readonly TimeSpan MaxInterruption = TimeSpan.FromDays(1);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly ScanServices _services;
    private readonly AuditLog _audit;
    private readonly ScanHistory _history;
    private readonly ScanRunner _runner;
    private readonly Dictionary<long, ScanHandle> _running = [];
    private readonly SemaphoreSlim _startLock = new(1);
    private readonly CancellationTokenSource _stopping = new();

    public ScanQueue(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, ScanServices services, AuditLog audit, ScanHistory history)
    {
        (_contexts, _services, _audit, _history) = (contexts, services, audit, history);
        _runner = new ScanRunner(connectors, services, history, _stopping.Token);
    }

    public ScanRunner Runner => _runner;

    /// <summary>Starts a scan, or returns the one that is queued or running.</summary>
    /// <param name="kind">Null: full the first time and after a scan that did not finish, otherwise quick.</param>
    public async Task<Result<ScanView>> StartAsync(Actor actor, long sourceId, ScanKind? kind, CancellationToken cancellation)
    {
        await _startLock.WaitAsync(cancellation);
        try
        {
            // A partial scan does not replace the requested one, which runs after it.
            if (Find(r => r.SourceId == sourceId && !r.IsPartial) is { } handle && await handle.GetActiveViewAsync(cancellation) is { } view)
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
    public async Task<Result<ScanView>?> StartForChangesAsync(long sourceId, IReadOnlyCollection<ChangedFolder> folders, ScanKind? sourceScanKind, CancellationToken cancellation)
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

    public ScanHandle? Find(Func<ScanHandle, bool> predicate)
    {
        lock (_running)
        {
            return _running.Values.FirstOrDefault(predicate);
        }
    }

    /// <summary>The queued or running scan of a source, the latest when one waits for another; null when there is none.</summary>
    public ScanView? FindRunning(long sourceId)
    {
        lock (_running)
        {
            return _running.Values.Where(r => r.SourceId == sourceId).MaxBy(r => r.ScanId)?.Progress.Update();
        }
    }

    /// <summary>Cleans up what an earlier process left behind, and resumes its scans.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await _services.Store.EndBulkLoadAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await _startLock.WaitAsync(cancellation);
        try
        {
            foreach (var scan in await db.Scans.AsNoTracking().Where(s => s.State == ScanState.Queued || s.State == ScanState.Running).ToListAsync(cancellation))
            {
                if (Find(r => r.SourceId == scan.SourceId) is not null)
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

    /// <summary>Changes a source while none of its scans runs or starts; running ones are cancelled first.</summary>
    public async Task<T> RunWithoutScansAsync<T>(long sourceId, Func<Task<T>> change, CancellationToken cancellation)
    {
        await _startLock.WaitAsync(cancellation);
        try
        {
            while (Find(r => r.SourceId == sourceId) is { } handle)
            {
                await handle.CancelAsync();
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

    /// <summary>Cancels all scans and waits for them.</summary>
    public async Task StopAsync()
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
        _runner.Dispose();
        _startLock.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Closes scans that a killed process left, because the one that starts now replaces them.</summary>
    private async Task CloseOrphanedAsync(CatalogDbContext db, long sourceId, CancellationToken cancellation)
    {
        foreach (var scan in await db.Scans.Where(s => s.SourceId == sourceId && s.FinishedAt == null).ToListAsync(cancellation))
        {
            if (Find(r => r.ScanId == scan.Id) is not null)
            {
                continue;
            }

            (scan.State, scan.StartedAt, scan.FinishedAt) = (ScanState.Cancelled, scan.StartedAt ?? scan.RequestedAt, scan.GetEndTime(_services.Time.GetUtcNow()));
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
        var mustResume = actor.UserId is not null || folders is { HasFolders: true } || interrupted is not null || hasHeldScan || !_runner.IsHosted;
        await _history.AddAsync(db, scan, mustResume, actor.UserId is null ? null : added => _audit.CreateEntry(actor, "scans.start", ScanService.FormatAuditTarget(added.Id), null, new { added.SourceId, added.Kind }), cancellation);
        return Launch(source, scan, kind == ScanKind.Full && interrupted is not null ? interrupted with { TrustedSince = scan.RequestedAt } : interrupted, folders);
    }

    private ScanView Launch(Source source, Scan scan, InterruptedScan? interrupted, ChangedFolders? changedFolders)
    {
        var previous = Find(r => r.SourceId == source.Id);
        var handle = new ScanHandle(
            source.Id, scan.Id, new ScanProgress(scan), CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token), changedFolders is { IsPartialScan: true });
        var view = handle.Progress.Update();
        _services.Events.Publish(new ScanProgressed(view));
        lock (_running)
        {
            handle.Completion = Task.Run(() => RunAsync(new ScanRequest(source, scan, interrupted, changedFolders, handle, previous)));
            _running.Add(scan.Id, handle);
        }

        return view;
    }

    private async Task RunAsync(ScanRequest request)
    {
        try
        {
            await _runner.RunAsync(request);
        }
        finally
        {
            lock (_running)
            {
                _running.Remove(request.Scan.Id);
            }

            request.Handle.Cancellation.Dispose();
            var view = request.Handle.Progress.Update();
            _services.Events.Publish(new ScanProgressed(view));
            _services.Events.Publish(new SourceChanged(request.Source.Id));
            _services.Events.Publish(new ItemsChanged());
        }
    }
}
