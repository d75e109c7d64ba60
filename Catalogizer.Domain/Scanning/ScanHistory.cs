using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// The scans of all sources. An automatic scan is not saved as long as it finds nothing: it is reported like all others while
/// the process runs, and its row follows with the next scan that is saved, or when the process stops.
/// </summary>
internal sealed class ScanHistory(IDbContextFactory<CatalogDbContext> contexts) : IDisposable
{
    /// <summary>Scans without a row at a time; with one more, all of them are saved.</summary>
    internal const int MaxUnsaved = 200;

    private readonly SemaphoreSlim _writeLock = new(1);
    private readonly Dictionary<long, Scan> _unsaved = [];
    private long _lastId;

    /// <summary>Whether a scan has no row yet, so that nothing it found can have been saved.</summary>
    public bool IsUnsaved(long scanId)
    {
        lock (_unsaved)
        {
            return _unsaved.ContainsKey(scanId);
        }
    }

    /// <summary>Adds a new scan and assigns its id.</summary>
    /// <param name="db">May contain other changes, which are saved with the scan.</param>
    /// <param name="mustResume">Whether the scan must resume after the process was killed, whatever it finds.</param>
    /// <param name="createAuditEntry">Creates the audit log entry that is saved with the scan; null for an automatic scan.</param>
    public async Task AddAsync(CatalogDbContext db, Scan scan, bool mustResume, Func<Scan, AuditEntry>? createAuditEntry, CancellationToken cancellation)
    {
        await _writeLock.WaitAsync(cancellation);
        try
        {
            scan.Id = Math.Max(_lastId, await db.Scans.MaxAsync(s => (long?)s.Id, cancellation) ?? 0) + 1;
            if (createAuditEntry is not null)
            {
                db.AuditLogs.Add(createAuditEntry(scan));
            }

            if (mustResume || db.ChangeTracker.HasChanges())
            {
                db.Scans.Add(scan);
                await SaveAsync(db, cancellation);
            }
            else
            {
                lock (_unsaved)
                {
                    _unsaved.Add(scan.Id, scan);
                }
            }

            _lastId = scan.Id;
        }
        finally
        {
            _writeLock.Release();
        }
    }

    /// <summary>Ensures that a scan has its row before anything it found is saved.</summary>
    public async Task EnsureSavedAsync(long scanId, ScanProgress progress, CancellationToken cancellation)
    {
        if (!IsUnsaved(scanId))
        {
            return;
        }

        await _writeLock.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            db.Scans.Add(progress.Copy());
            await SaveAsync(db, cancellation);
        }
        finally
        {
            _writeLock.Release();
        }
    }

    /// <summary>Saves how a scan ended, unless that can wait.</summary>
    /// <returns>Whether it has a row now.</returns>
    public async Task<bool> EndAsync(Scan scan)
    {
        await _writeLock.WaitAsync();
        try
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            var replaced = scan.State is ScanState.Completed or ScanState.Held
                ? await db.Scans.Where(s => s.SourceId == scan.SourceId && s.Id < scan.Id && s.State == ScanState.Held).ToListAsync()
                : [];
            if (IsUnsaved(scan.Id) && scan.State == ScanState.Completed && replaced.Count == 0 && FindUnsaved(_ => true).Count <= MaxUnsaved)
            {
                return false;
            }

            foreach (var held in replaced)
            {
                (held.State, held.Reason) = (ScanState.Completed, "Held, and replaced by a later scan.");
            }

            db.Entry(scan).State = IsUnsaved(scan.Id) ? EntityState.Added : EntityState.Modified;
            await SaveAsync(db, CancellationToken.None);
            return true;
        }
        finally
        {
            _writeLock.Release();
        }
    }

    /// <summary>Saves the rows of all scans that ended without one.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _writeLock.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            await SaveAsync(db, cancellation);
        }
        finally
        {
            _writeLock.Release();
        }
    }

    public async Task<Scan?> FindAsync(long scanId, CancellationToken cancellation)
    {
        if (FindUnsaved(s => s.Id == scanId) is [var unsaved])
        {
            return unsaved;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Scans.AsNoTracking().SingleOrDefaultAsync(s => s.Id == scanId, cancellation);
    }

    /// <summary>The latest scans of a source, newest first.</summary>
    public async Task<IReadOnlyList<Scan>> LatestAsync(long sourceId, int count, CancellationToken cancellation)
    {
        // Read first: a scan that is saved meanwhile is then seen twice instead of never.
        var unsaved = FindUnsaved(s => s.SourceId == sourceId);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var saved = await db.Scans.AsNoTracking().Where(s => s.SourceId == sourceId).OrderByDescending(s => s.Id).Take(count).ToListAsync(cancellation);
        return [.. saved.Concat(unsaved).DistinctBy(s => s.Id).OrderByDescending(s => s.Id).Take(count)];
    }

    /// <summary>The last scan of a source that started and ended in one of the given states; null when there is none.</summary>
    public async Task<Scan?> LastEndedAsync(long sourceId, IReadOnlyCollection<ScanState> states, CancellationToken cancellation)
    {
        var unsaved = FindUnsaved(s => s.SourceId == sourceId && s.FinishedAt is not null && s.StartedAt is not null && states.Contains(s.State)).MaxBy(s => s.Id);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var saved = await db.Scans.AsNoTracking().Where(s => s.SourceId == sourceId && s.FinishedAt != null && s.StartedAt != null && states.Contains(s.State))
            .OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellation);
        return unsaved?.Id > (saved?.Id ?? 0) ? unsaved : saved;
    }

    /// <summary>The last scan of a source that finished and found changes; null when there is none.</summary>
    public async Task<Scan?> LastWithChangesAsync(long sourceId, CancellationToken cancellation)
    {
        // A scan without a row has found nothing.
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Scans.AsNoTracking()
            .Where(s => s.SourceId == sourceId && (s.State == ScanState.Completed || s.State == ScanState.Held) && s.Added + s.Changed + s.Moved + s.Missing > 0)
            .OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellation);
    }

    public void Dispose() => _writeLock.Dispose();

    /// <summary>Saves the changes, together with finished scans that did not justify a save before.</summary>
    private async Task SaveAsync(CatalogDbContext db, CancellationToken cancellation)
    {
        var added = db.ChangeTracker.Entries<Scan>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.Id).ToHashSet();
        var ended = FindUnsaved(s => s.FinishedAt is not null && !added.Contains(s.Id));
        db.Scans.AddRange(ended);

        // The source answered each of these scans, which was not saved at the time either.
        foreach (var scans in ended.GroupBy(s => s.SourceId))
        {
            var source = await db.Sources.SingleAsync(s => s.Id == scans.Key, cancellation);
            var last = scans.Max(s => s.FinishedAt);
            source.LastConnectedAt = source.LastConnectedAt > last ? source.LastConnectedAt : last;
        }

        await db.SaveChangesAsync(cancellation);
        lock (_unsaved)
        {
            foreach (var id in ended.Select(s => s.Id).Concat(added))
            {
                _unsaved.Remove(id);
            }
        }
    }

    private List<Scan> FindUnsaved(Func<Scan, bool> predicate)
    {
        lock (_unsaved)
        {
            return [.. _unsaved.Values.Where(predicate)];
        }
    }
}
