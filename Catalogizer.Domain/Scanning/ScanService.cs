using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Scanning;

/// <summary>Starts, tracks, cancels and resolves scans. Each source has one running scan at a time.</summary>
public sealed class ScanService : IDisposable
{
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly ScanServices _services;
    private readonly AuditLog _audit;
    private readonly ScanHistory _history;
    private readonly ScanQueue _queue;
    private readonly DeletionDecisions _decisions;
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ScanService(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, ScanServices services, AuditLog audit)
    {
        (_contexts, _services, _audit, _history) = (contexts, services, audit, new ScanHistory(contexts));
        _queue = new ScanQueue(contexts, connectors, services, audit, _history);
        _decisions = new DeletionDecisions(contexts, services, audit, _history);
    }

    /// <summary>Completes once scans left by an earlier process are resumed; automatic scans wait for it.</summary>
    internal Task Recovered => _recovered.Task;

    /// <summary>Starts a scan, or returns the one that is queued or running.</summary>
    /// <param name="kind">Null: full the first time and after a scan that did not finish, otherwise quick.</param>
    /// <exception cref="PermissionDeniedException"/>
    public async Task<Result<ScanView>> StartAsync(Actor actor, long sourceId, ScanKind? kind, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        return await _queue.StartAsync(actor, sourceId, kind, cancellation);
    }

    /// <summary>
    /// Scans folders that a watch reported: only these if the last scan finished normally, otherwise the whole source, including
    /// these whatever their times. Returns null while another scan runs, which may have passed them already.
    /// </summary>
    /// <param name="sourceScanKind">The kind of scan if the whole source must be scanned in any case; null if not.</param>
    internal Task<Result<ScanView>?> StartForChangesAsync(long sourceId, IReadOnlyCollection<ChangedFolder> folders, ScanKind? sourceScanKind, CancellationToken cancellation) =>
        _queue.StartForChangesAsync(sourceId, folders, sourceScanKind, cancellation);

    /// <summary>Cancels a scan and waits for its end; what it saved stays, and what it did not reach is unchanged.</summary>
    public async Task<Result<ScanView>> CancelAsync(Actor actor, long scanId, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        if (_queue.Find(r => r.ScanId == scanId) is not { } handle)
        {
            return await _history.FindAsync(scanId, cancellation) is null ? ScanErrors.NoSuchScan(scanId) : ScanErrors.NotRunning(scanId);
        }

        if (actor.UserId is not null)
        {
            await _audit.AppendAsync(actor, "scans.cancel", FormatAuditTarget(scanId), null, null, cancellation);
        }

        await handle.CancelAsync();
        await handle.Completion.WaitAsync(cancellation);
        return await GetAsync(actor, scanId, cancellation);
    }

    public async Task<Result<ScanView>> GetAsync(Actor actor, long scanId, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        if (_queue.Find(r => r.ScanId == scanId) is { } handle && await handle.GetActiveViewAsync(cancellation) is { } view)
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
            views.Add((_queue.Find(r => r.ScanId == scan.Id)?.Progress.Update() ?? await ViewAsync(scan, cancellation)).RedactFor(actor));
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
    public ScanView? FindRunning(long sourceId) => _queue.FindRunning(sourceId);

    /// <summary>When a scan of the whole source last finished in this process; null when none has.</summary>
    internal DateTimeOffset? LastScannedAt(long sourceId) => _queue.Runner.LastScannedAt(sourceId);

    /// <summary>Waits until a scan has ended; returns at once when it is not running.</summary>
    public async Task WaitAsync(long scanId, CancellationToken cancellation)
    {
        if (_queue.Find(r => r.ScanId == scanId) is { } handle)
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
        return await _decisions.ResolveAsync(actor, scanId, decision, cancellation) is { } error ? error : await GetAsync(actor, scanId, cancellation);
    }

    /// <summary>Cleans up what an earlier process left behind, and resumes its scans.</summary>
    internal async Task RecoverAsync(CancellationToken cancellation)
    {
        // First: the scans that are resumed must wait for a full disk like later ones.
        _queue.Runner.IsHosted = true;
        try
        {
            await _queue.ResumeAsync(cancellation);
        }
        finally
        {
            _recovered.TrySetResult();
        }
    }

    /// <summary>Changes a source while none of its scans runs or starts; running ones are cancelled first.</summary>
    internal Task<T> RunWithoutScansAsync<T>(long sourceId, Func<Task<T>> change, CancellationToken cancellation) => _queue.RunWithoutScansAsync(sourceId, change, cancellation);

    /// <summary>Cancels all scans and waits for them.</summary>
    internal Task StopAsync() => _queue.StopAsync();

    public void Dispose()
    {
        _queue.Dispose();
        _history.Dispose();
    }

    internal static string FormatAuditTarget(long scanId) => string.Create(CultureInfo.InvariantCulture, $"scan:{scanId}");

    private async Task<ScanView> ViewAsync(Scan scan, CancellationToken cancellation)
    {
        var held = scan.State == ScanState.Held
            ? DeletionGuard.ListAffectedFolders(await _services.Store.PendingDeletionsByTopFolderAsync(scan.Id, scan.SourceId, cancellation))
            : [];
        return ScanProgress.ToView(scan, null, held);
    }
}
