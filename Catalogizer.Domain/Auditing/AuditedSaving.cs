using System.Data.Common;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Catalogizer.Domain.Auditing;

/// <summary>Saves changes with their audit entries, which name their targets.</summary>
public static class AuditedSaving
{
    extension(CatalogDbContext db)
    {
        /// <summary>Saves the changes and their audit entry in one transaction.</summary>
        /// <param name="entry">Called after the changes are saved, when new rows have their ids.</param>
        public async Task SaveAuditedAsync(Func<AuditEntry> entry, CancellationToken cancellation)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            try
            {
                await db.SaveChangesAsync(cancellation);
                db.Set<AuditEntry>().Add(entry());
                await db.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
            }
            catch
            {
                await RollbackAsync(transaction);
                throw;
            }
        }

        /// <summary>The current names of the objects of audit entries, by target; null for what is not there or has no name.</summary>
        internal async Task<IReadOnlyDictionary<string, string?>> FindTargetNamesAsync(IReadOnlySet<string> targets, CancellationToken cancellation)
        {
            await db.Database.OpenConnectionAsync(cancellation);
            try
            {
                var transaction = db.Database.CurrentTransaction?.GetDbTransaction();
                return targets.ToDictionary(target => target, target => AuditTargets.FindName(db.Database.GetDbConnection(), transaction, target));
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        }
    }

    private static async Task RollbackAsync(IDbContextTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        catch (DbException)
        {
            // SQLite rolls a transaction back itself when the disk is full.
        }
    }
}
