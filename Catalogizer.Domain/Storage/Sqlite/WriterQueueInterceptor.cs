using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Makes every SaveChanges, and every transaction of several of them, wait in the writer queue.</summary>
internal sealed class WriterQueueInterceptor(WriterQueue writer) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, IDisposable> _leases = [];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context!.Database.CurrentTransaction is null)
        {
            _leases.AddOrUpdate(eventData.Context, await writer.AcquireAsync(cancellationToken));
        }

        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        throw new NotSupportedException("Save with SaveChangesAsync: writing waits for its turn.");

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        ReleaseAfterSave(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        ReleaseAfterSave(eventData.Context!);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        ReleaseAfterSave(eventData.Context!);
        return Task.CompletedTask;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        var context = eventData.Context!;
        if (_leases.TryGetValue(context, out _))
        {
            return result;      // the transaction of a save that already holds the lease
        }

        var lease = await writer.AcquireAsync(cancellationToken);
        try
        {
            // Begun here, because no callback reports a transaction that fails to begin, and the lease must be released then.
            var transaction = await connection.BeginTransactionAsync(eventData.IsolationLevel, cancellationToken);
            _leases.AddOrUpdate(context, lease);
            return InterceptionResult<DbTransaction>.SuppressWithResult(transaction);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        ReleaseAsync(eventData.Context!);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        ReleaseAsync(eventData.Context!);

    // SQLite ends the transaction itself when the disk is full, and then the rollback fails.
    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default) =>
        ReleaseAsync(eventData.Context!);

    private Task ReleaseAsync(DbContext context)
    {
        Release(context);
        return Task.CompletedTask;
    }

    private void ReleaseAfterSave(DbContext context)
    {
        if (context.Database.CurrentTransaction is null)
        {
            Release(context);
        }
    }

    private void Release(DbContext context)
    {
        if (_leases.TryGetValue(context, out var lease))
        {
            _leases.Remove(context);
            lease.Dispose();
        }
    }
}
