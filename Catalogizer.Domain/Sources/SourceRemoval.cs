using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Removes sources from the catalogue, puts them back, and purges their rows once their time is over.</summary>
public sealed class SourceRemoval
{
    /// <summary>How long a removed source can be brought back.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private static readonly TimeSpan PreviewLifetime = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly ISourceStandings _standings;
    private readonly SourceConnectors _connectors;
    private readonly ScanService _scans;
    private readonly AuditLog _audit;
    private readonly EventStreamer _events;
    private readonly TimeProvider _time;
    private readonly TimedSeal _seal;

    public SourceRemoval(
        IDbContextFactory<CatalogDbContext> contexts, ISourceStandings standings, SourceConnectors connectors, ScanService scans, AuditLog audit, EventStreamer events,
        IDataProtectionProvider protection, TimeProvider time)
    {
        (_contexts, _standings, _connectors, _scans, _audit, _events, _time) = (contexts, standings, connectors, scans, audit, events, time);
        _seal = new TimedSeal(protection, "Catalogizer.Sources.Removal", PreviewLifetime, TimeSpan.Zero, time);
    }

    /// <summary>The removed sources that are not yet purged, the latest first.</summary>
    public async Task<IReadOnlyList<RemovedSource>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return [.. (await Removed(db).AsNoTracking().OrderByDescending(s => s.RemovedAt).ToListAsync(cancellation)).Select(View)];
    }

    /// <summary>What would leave with a source, with the token that removes it.</summary>
    public async Task<Result<RemovalPreview>> PreviewAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        return await _standings.CountAsync(id, cancellation) is { } numbers
            ? new RemovalPreview(numbers, _seal.Make(actor.UserId ?? 0, Sealed(id, numbers)), _time.GetUtcNow() + PreviewLifetime)
            : SourceErrors.NoSuchSource(id);
    }

    /// <summary>Removes a source and what only it has. The rows stay for a while, so that it can be undone.</summary>
    /// <param name="token">From a preview of the same source by the same account, as long as its numbers are true.</param>
    public async Task<Result<RemovedSource>> RemoveAsync(Actor actor, long id, string? token, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        var removed = await _scans.RunWithoutScansAsync(id, () => RemoveNowAsync(actor, id, token, cancellation), cancellation);
        if (removed.IsOk)
        {
            Tell(id);
        }

        return removed;
    }

    /// <summary>Puts a removed source back as it was; under another name if its own is taken.</summary>
    public async Task<Result<string>> UndoAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await FindAsync(db, id, cancellation) is not { } source)
        {
            return SourceErrors.NoRemovedSource(id);
        }

        if (source.IsPurging)
        {
            return SourceErrors.IsPurging(source.Name);
        }

        var others = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Protocol == source.Protocol && s.Availability != SourceAvailability.Retired).ToListAsync(cancellation);
        if (others.Find(s => IsSamePlace(_connectors.Place(s), _connectors.Place(source), s.Protocol == "local")) is { } same)
        {
            return SourceErrors.PlaceTaken(source.Name, same.Name);
        }

        var name = await FreeNameAsync(db, source.Name, cancellation);
        var undone = await _standings.UndoRemoveAsync(id, name, _audit.Entry(actor, "sources.undoRemove", Target(id), null, new { name }), cancellation);
        if (undone.Error is { } error)
        {
            return error;
        }

        if (!undone.Value)
        {
            return SourceErrors.NoRemovedSource(id);
        }

        Tell(id);
        return name;
    }

    /// <summary>Has the rows of a removed source deleted now: from here on there is no way back.</summary>
    public async Task<Result<RemovedSource>> PurgeAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await FindAsync(db, id, cancellation) is not { } source || !await _standings.BeginPurgeAsync(id, Purging(actor, source), cancellation))
        {
            return SourceErrors.NoRemovedSource(id);
        }

        Tell(id);
        return View(source) with { IsPurging = true };
    }

    /// <summary>Deletes the rows of removed sources whose time is over, or of which that was asked.</summary>
    /// <returns>How many sources are gone.</returns>
    public async Task<int> PurgeDueAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var (gone, oldest) = (0, _time.GetUtcNow() - KeptFor);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        foreach (var source in await Removed(db).AsNoTracking().Where(s => s.IsPurging || s.RemovedAt < oldest).OrderBy(s => s.RemovedAt).ToListAsync(cancellation))
        {
            if ((source.IsPurging || await _standings.BeginPurgeAsync(source.Id, Purging(Actor.System, source), cancellation)) && await _standings.PurgeAsync(source.Id, progress, cancellation))
            {
                gone++;
                _events.Publish(new SourceChanged(source.Id));
            }
        }

        return gone;
    }

    private async Task<Result<RemovedSource>> RemoveNowAsync(Actor actor, long id, string? token, CancellationToken cancellation)
    {
        if (await _standings.CountAsync(id, cancellation) is not { } numbers)
        {
            return SourceErrors.NoSuchSource(id);
        }

        if (_seal.Read(token) is not { } opened || opened != (actor.UserId ?? 0, Sealed(id, numbers)))
        {
            return SourceErrors.PreviewExpired;
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation) is not { } source)
        {
            return SourceErrors.NoSuchSource(id);
        }

        source.RemovedAt = _time.GetUtcNow();
        var removed = await _standings.RemoveAsync(id, source.RemovedAt.Value, _audit.Entry(actor, "sources.remove", Target(id), new { source.Name }, numbers), cancellation);
        _connectors.States.Forget(id);
        return removed.Error is { } error ? error : View(source);
    }

    private AuditEntry Purging(Actor actor, Source source) => _audit.Entry(actor, "sources.purge", Target(source.Id), new { source.Name });

    private void Tell(long id)
    {
        _events.Publish(new SourceChanged(id));
        _events.Publish(new ItemsChanged());
        _events.Publish(new StandingChanged(id));
    }

    private static IQueryable<Source> Removed(CatalogDbContext db) => db.Sources.IgnoreQueryFilters().Where(s => s.Standing == SourceStanding.Removed);

    private static Task<Source?> FindAsync(CatalogDbContext db, long id, CancellationToken cancellation) =>
        Removed(db).AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);

    private static async Task<string> FreeNameAsync(CatalogDbContext db, string name, CancellationToken cancellation)
    {
        var free = name;
        for (var number = 2; await db.Sources.AnyAsync(s => s.Name == free, cancellation); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        }

        return free;
    }

    /// <summary>Whether files would be in the catalogue twice.</summary>
    private static bool IsSamePlace(string one, string other, bool isLocal) =>
        string.Equals(one, other, isLocal ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
        || SourceDrafts.IsInside(one, other, isLocal) || SourceDrafts.IsInside(other, one, isLocal);

    /// <summary>The source and its numbers, as a token carries them.</summary>
    private static string Sealed(long id, RemovalNumbers numbers) =>
        string.Create(CultureInfo.InvariantCulture, $"{id}:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(numbers)))}");

    private static RemovedSource View(Source source) => new(source.Id, source.Name, source.RemovedAt!.Value, source.RemovedAt.Value + KeptFor, source.IsPurging);

    private static string Target(long id) => string.Create(CultureInfo.InvariantCulture, $"source:{id}");
}

/// <summary>What would leave with a source.</summary>
/// <param name="Token">Removes the source, until <paramref name="ExpiresAt"/> and as long as the numbers are true.</param>
public sealed record RemovalPreview(RemovalNumbers Numbers, string Token, DateTimeOffset ExpiresAt);

/// <summary>A source that was removed and can still be brought back.</summary>
/// <param name="PurgedAt">When its rows are deleted by schedule.</param>
/// <param name="IsPurging">Whether they are being deleted already: then it cannot be brought back.</param>
public sealed record RemovedSource(long Id, string Name, DateTimeOffset RemovedAt, DateTimeOffset PurgedAt, bool IsPurging);
