using System.Runtime.CompilerServices;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Auditing;

/// <summary>Which entries of the audit log to read, newest first.</summary>
/// <param name="User">The full name of a user.</param>
/// <param name="Action">The beginning of the action: "jobs", "users.add".</param>
/// <param name="Target">The object, as kind:id, or only its kind.</param>
/// <param name="Before">Only entries older than the one with this id.</param>
public sealed record AuditQuery(
    string? User = null, string? Action = null, string? Target = null, DateTimeOffset? From = null, DateTimeOffset? To = null, long? Before = null, int Limit = 50);

/// <summary>A page of the audit log.</summary>
/// <param name="NextCursor">The <see cref="AuditQuery.Before"/> of the next page; null at the end.</param>
/// <param name="RemovedTargets">The targets of these entries that no longer exist.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? NextCursor, IReadOnlySet<string> RemovedTargets);

/// <summary>Reads the audit log. Entries cannot be changed or removed: the database itself refuses.</summary>
public sealed class AuditReader(IDbContextFactory<CatalogDbContext> contexts)
{
    private const int MaxPageSize = 1000;

    /// <exception cref="PermissionDeniedException"/>
    public async Task<AuditPage> ReadAsync(Actor actor, AuditQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.SystemView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var limit = Math.Clamp(query.Limit, 1, MaxPageSize);
        var rows = await Filter(db, query).OrderByDescending(e => e.Id).Take(limit + 1).ToListAsync(cancellation);
        var entries = rows.Take(limit).ToList();
        var names = await db.FindTargetNamesAsync(entries.Select(e => e.Target).OfType<string>().ToHashSet(), cancellation);

        // Entries from versions that recorded no names get the current names.
        entries.ForEach(entry => entry.TargetName ??= entry.Target is null ? null : names[entry.Target]);
        return new AuditPage(entries, rows.Count > limit ? rows[limit - 1].Id : null, names.Where(n => n.Value is null && AuditTargets.HasName(n.Key)).Select(n => n.Key).ToHashSet());
    }

    /// <summary>All matching entries, newest first, read page by page.</summary>
    /// <exception cref="PermissionDeniedException"/>
    public async IAsyncEnumerable<AuditEntry> ReadAllAsync(Actor actor, AuditQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long? before = query.Before;
        do
        {
            var page = await ReadAsync(actor, query with { Before = before, Limit = MaxPageSize }, cancellation);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            before = page.NextCursor;
        }
        while (before is not null);
    }

    private static IQueryable<AuditEntry> Filter(CatalogDbContext db, AuditQuery query)
    {
        var entries = db.AuditLogs.AsNoTracking();
        entries = query.User is { Length: > 0 } user ? entries.Where(e => e.UserName == user) : entries;
        entries = query.Action is { Length: > 0 } action ? entries.Where(e => e.Action.StartsWith(action)) : entries;
        entries = query.Target is { Length: > 0 } target ? entries.Where(e => e.Target == target || e.Target!.StartsWith(target + ":")) : entries;
        entries = query.From is { } from ? entries.Where(e => e.At >= from) : entries;
        entries = query.To is { } to ? entries.Where(e => e.At < to) : entries;
        return query.Before is { } before ? entries.Where(e => e.Id < before) : entries;
    }
}
