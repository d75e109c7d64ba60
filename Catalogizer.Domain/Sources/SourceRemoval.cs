using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Removes sources from the catalogue, restores them, and purges their rows after the retention period.</summary>
public sealed class SourceRemoval
{
    /// <summary>How long a removed source can be restored.</summary>
    public static readonly TimeSpan RetentionPeriod = TimeSpan.FromDays(30);

    private static readonly TimeSpan PreviewLifetime = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly ISourceLifecycleStore _store;
    private readonly SourceConnectors _connectors;
    private readonly ScanService _scans;
    private readonly AuditLog _audit;
    private readonly EventStreamer _events;
    private readonly TimeProvider _time;
    private readonly TimeLimitedProtector _seal;

    public SourceRemoval(
        IDbContextFactory<CatalogDbContext> contexts, ISourceLifecycleStore store, SourceConnectors connectors, ScanService scans, AuditLog audit, EventStreamer events,
        IDataProtectionProvider protection, TimeProvider time)
    {
        (_contexts, _store, _connectors, _scans, _audit, _events, _time) = (contexts, store, connectors, scans, audit, events, time);
        _seal = new TimeLimitedProtector(protection, "Catalogizer.Sources.Removal", PreviewLifetime, TimeSpan.Zero, time);
    }

    /// <summary>Removed sources that are not purged yet, the latest first.</summary>
    public async Task<IReadOnlyList<RemovedSource>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return [.. (await QueryRemoved(db).AsNoTracking().OrderByDescending(s => s.RemovedAt).ToListAsync(cancellation)).Select(ToView)];
    }

    /// <summary>Counts what removing a source would remove, and issues the token to remove it.</summary>
    public async Task<Result<RemovalPreview>> PreviewAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        return await _store.CountRemovalAsync(id, cancellation) is { } numbers
            ? new RemovalPreview(numbers, _seal.Protect(actor.UserId ?? 0, FormatTokenContent(id, numbers)), _time.GetUtcNow() + PreviewLifetime)
            : SourceErrors.SourceNotFound(id);
    }

    /// <summary>Removes a source and the items that only it has. The rows stay for <see cref="RetentionPeriod"/>, so that it can be undone.</summary>
    /// <param name="token">From a preview of the same source by the same user; valid as long as its numbers are unchanged.</param>
    public async Task<Result<RemovedSource>> RemoveAsync(Actor actor, long id, string? token, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var removed = await _scans.RunWithoutScansAsync(id, () => RemoveCoreAsync(actor, id, token, cancellation), cancellation);
        if (removed.IsOk)
        {
            PublishChanges(id);
        }

        return removed;
    }

    /// <summary>Restores a removed source and returns its name, which has a number added if the old name is taken.</summary>
    public async Task<Result<string>> UndoAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await FindRemovedAsync(db, id, cancellation) is not { } source)
        {
            return SourceErrors.RemovedSourceNotFound(id);
        }

        if (source.IsPurging)
        {
            return SourceErrors.PurgeInProgress(source.Name);
        }

        var others = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Protocol == source.Protocol && s.Availability != SourceAvailability.Retired).ToListAsync(cancellation);
        if (others.Find(s => IsOverlapping(_connectors.GetLocation(s), _connectors.GetLocation(source), s.Protocol == "local")) is { } overlapping)
        {
            return SourceErrors.LocationTaken(source.Name, overlapping.Name);
        }

        var name = await FindFreeNameAsync(db, source.Name, cancellation);
        var undone = await _store.UndoRemoveAsync(id, name, _audit.CreateEntry(actor, "sources.undoRemove", FormatTarget(id), null, new { name }), cancellation);
        if (undone.Error is { } error)
        {
            return error;
        }

        if (!undone.Value)
        {
            return SourceErrors.RemovedSourceNotFound(id);
        }

        PublishChanges(id);
        return name;
    }

    /// <summary>Makes a removal final: the rows of the source are deleted, and it cannot be restored any more.</summary>
    public async Task<Result<RemovedSource>> PurgeAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await FindRemovedAsync(db, id, cancellation) is not { } source || !await _store.BeginPurgeAsync(id, CreatePurgeEntry(actor, source), cancellation))
        {
            return SourceErrors.RemovedSourceNotFound(id);
        }

        PublishChanges(id);
        return ToView(source) with { IsPurging = true };
    }

    /// <summary>Deletes the rows of removed sources whose retention period is over, or whose purge a user requested.</summary>
    /// <returns>Number of sources that were purged completely.</returns>
    public async Task<int> PurgeDueAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var (purged, cutoff) = (0, _time.GetUtcNow() - RetentionPeriod);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        foreach (var source in await QueryRemoved(db).AsNoTracking().Where(s => s.IsPurging || s.RemovedAt < cutoff).OrderBy(s => s.RemovedAt).ToListAsync(cancellation))
        {
            if ((source.IsPurging || await _store.BeginPurgeAsync(source.Id, CreatePurgeEntry(Actor.System, source), cancellation)) && await _store.PurgeAsync(source.Id, progress, cancellation))
            {
                purged++;
                _events.Publish(new SourceChanged(source.Id));
            }
        }

        return purged;
    }

    private async Task<Result<RemovedSource>> RemoveCoreAsync(Actor actor, long id, string? token, CancellationToken cancellation)
    {
        if (await _store.CountRemovalAsync(id, cancellation) is not { } numbers)
        {
            return SourceErrors.SourceNotFound(id);
        }

        if (_seal.Unprotect(token) is not { } opened || opened != (actor.UserId ?? 0, FormatTokenContent(id, numbers)))
        {
            return SourceErrors.PreviewExpired;
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation) is not { } source)
        {
            return SourceErrors.SourceNotFound(id);
        }

        source.RemovedAt = _time.GetUtcNow();
        var removed = await _store.RemoveAsync(id, source.RemovedAt.Value, _audit.CreateEntry(actor, "sources.remove", FormatTarget(id), new { source.Name }, numbers), cancellation);
        _connectors.Circuits.Remove(id);
        return removed.Error is { } error ? error : ToView(source);
    }

    private AuditEntry CreatePurgeEntry(Actor actor, Source source) => _audit.CreateEntry(actor, "sources.purge", FormatTarget(source.Id), new { source.Name });

    private void PublishChanges(long id)
    {
        _events.Publish(new SourceChanged(id));
        _events.Publish(new ItemsChanged());
        _events.Publish(new SourceLifecycleChanged(id));
    }

    private static IQueryable<Source> QueryRemoved(CatalogDbContext db) => db.Sources.IgnoreQueryFilters().Where(s => s.Standing == SourceLifecycle.Removed);

    private static Task<Source?> FindRemovedAsync(CatalogDbContext db, long id, CancellationToken cancellation) =>
        QueryRemoved(db).AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);

    private static async Task<string> FindFreeNameAsync(CatalogDbContext db, string name, CancellationToken cancellation)
    {
        var free = name;
        for (var number = 2; await db.Sources.AnyAsync(s => s.Name == free, cancellation); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        }

        return free;
    }

    /// <summary>Whether two locations overlap, so that their files would be in the catalogue twice.</summary>
    private static bool IsOverlapping(string one, string other, bool isLocal) =>
        string.Equals(one, other, isLocal ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
        || SourceDraftValidator.IsInside(one, other, isLocal) || SourceDraftValidator.IsInside(other, one, isLocal);

    /// <summary>The source and a hash of its numbers, as a token contains them.</summary>
    private static string FormatTokenContent(long id, RemovalNumbers numbers) =>
        string.Create(CultureInfo.InvariantCulture, $"{id}:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(numbers)))}");

    private static RemovedSource ToView(Source source) => new(source.Id, source.Name, source.RemovedAt!.Value, source.RemovedAt.Value + RetentionPeriod, source.IsPurging);

    private static string FormatTarget(long id) => string.Create(CultureInfo.InvariantCulture, $"source:{id}");
}

/// <summary>What removing a source would remove.</summary>
/// <param name="Token">Removes the source, until <paramref name="ExpiresAt"/> and as long as the numbers are unchanged.</param>
public sealed record RemovalPreview(RemovalNumbers Numbers, string Token, DateTimeOffset ExpiresAt);

/// <summary>A removed source.</summary>
/// <param name="PurgedAt">When its rows are due to be deleted.</param>
/// <param name="IsPurging">Whether its rows are being deleted; if so, it cannot be restored.</param>
public sealed record RemovedSource(long Id, string Name, DateTimeOffset RemovedAt, DateTimeOffset PurgedAt, bool IsPurging);
