using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>Which errors to list, latest first.</summary>
/// <param name="Find">Text in the message, the kind or the place.</param>
public sealed record ErrorQuery(ErrorStatus? Status = null, string? Component = null, string? Find = null, int Skip = 0, int Limit = 50);

/// <summary>A page of errors, all components with errors, and the number of new errors.</summary>
/// <param name="Dropped">Errors since the start that came too fast or could not be saved.</param>
public sealed record ErrorPage(IReadOnlyList<ErrorLogEntry> Errors, bool HasMore, IReadOnlyList<string> Components, int New, long Dropped);

/// <summary>Lists recorded errors and sets their status.</summary>
public sealed class ErrorService
{
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly ErrorQueue _queue;
    private readonly AuditLog _audit;
    private readonly EventStreamer _events;

    internal ErrorService(IDbContextFactory<CatalogDbContext> contexts, ErrorQueue queue, AuditLog audit, EventStreamer events) =>
        (_contexts, _queue, _audit, _events) = (contexts, queue, audit, events);

    /// <exception cref="PermissionDeniedException"/>
    public async Task<ErrorPage> ListAsync(Actor actor, ErrorQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.SystemView);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var errors = db.Errors.AsNoTracking();
        if (query.Status is { } status)
        {
            errors = errors.Where(e => e.Status == status);
        }

        if (query.Component is { Length: > 0 } component)
        {
            errors = errors.Where(e => e.Component == component);
        }

        if (query.Find is { Length: > 0 } find)
        {
            errors = errors.Where(e => e.Message.Contains(find) || e.Kind.Contains(find) || e.Place.Contains(find));
        }

        var limit = Math.Clamp(query.Limit, 1, 10_000);
        var rows = await errors.OrderByDescending(e => e.LastSeen).ThenByDescending(e => e.Id).Skip(Math.Max(0, query.Skip)).Take(limit + 1).ToListAsync(cancellation);
        return new ErrorPage(
            [.. rows.Take(limit)],
            rows.Count > limit,
            await db.Errors.Select(e => e.Component).Distinct().OrderBy(c => c).ToListAsync(cancellation),
            await db.Errors.CountAsync(e => e.Status == ErrorStatus.New, cancellation),
            _queue.Dropped);
    }

    /// <summary>Sets the status of an error. A resolved one that occurs again is new again; an ignored one stays ignored.</summary>
    public async Task<Result<ErrorLogEntry>> SetStatusAsync(Actor actor, long id, ErrorStatus status, CancellationToken cancellation)
    {
        actor.Require(Permission.SystemView);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Errors.SingleOrDefaultAsync(e => e.Id == id, cancellation) is not { } error)
        {
            return new NotFoundError($"There is no error {id}.");
        }

        var before = error.Status;
        error.Status = status;
        db.AuditLogs.Add(_audit.CreateEntry(actor, "errors.triage", string.Create(CultureInfo.InvariantCulture, $"error:{id}"), new { status = before }, new { status }));
        await db.SaveChangesAsync(cancellation);
        _events.Publish(new ErrorLogChanged("errors"));
        return error;
    }
}
