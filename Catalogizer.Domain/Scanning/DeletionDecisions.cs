using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Scanning;

/// <summary>Applies what a user decides about the deletions of a held scan.</summary>
internal sealed class DeletionDecisions(IDbContextFactory<CatalogDbContext> contexts, ScanServices services, AuditLog audit, ScanHistory history)
{
    /// <summary>Applies a decision to a held scan; returns once it is applied, or why it cannot be.</summary>
    public async Task<Error?> ResolveAsync(Actor actor, long scanId, DeletionDecision decision, CancellationToken cancellation)
    {
        if (await history.FindAsync(scanId, cancellation) is not { } scan)
        {
            return ScanErrors.NoSuchScan(scanId);
        }

        if (scan.State != ScanState.Held)
        {
            return ScanErrors.NotHeld(scanId);
        }

        await audit.AppendAsync(actor, "scans.resolve", ScanService.FormatAuditTarget(scanId), null, new { decision }, cancellation);
        if (decision != DeletionDecision.Hold)
        {
            var presence = decision == DeletionDecision.Accept ? Presence.Missing : Presence.Retired;
            await services.Store.ApplyDeletionsAsync(scanId, presence, cancellation);
            if (!await EndHeldAsync(scanId, $"The losses were {(decision == DeletionDecision.Accept ? "accepted" : "retired")} by {actor.Name}.", cancellation))
            {
                return ScanErrors.NotHeld(scanId);      // a later scan replaced it meanwhile, together with its pending deletions
            }
        }

        services.Events.Publish(new ItemsChanged());
        services.Events.Publish(new SourceChanged(scan.SourceId));
        return null;
    }

    /// <returns>Whether it was still held.</returns>
    private async Task<bool> EndHeldAsync(long scanId, string reason, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Scans.SingleOrDefaultAsync(s => s.Id == scanId && s.State == ScanState.Held, cancellation) is not { } scan)
        {
            return false;
        }

        (scan.State, scan.Reason) = (ScanState.Completed, reason);
        await db.SaveChangesAsync(cancellation);
        return true;
    }
}
