using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Lets every SaveChanges take its turn in the one writer queue, and every transaction of several of them.</summary>
internal sealed class WriterQueueInterceptor(WriterQueue writer) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, IDisposable> _turns = [];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context!.Database.CurrentTransaction is null)
        {
            _turns.AddOrUpdate(eventData.Context, await writer.EnterAsync(cancellationToken));
        }

        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        throw new NotSupportedException("Save with SaveChangesAsync: writing waits for its turn.");

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        LeaveAfterSave(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfterSave(eventData.Context!);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfterSave(eventData.Context!);
        return Task.CompletedTask;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        var context = eventData.Context!;
        if (_turns.TryGetValue(context, out _))
        {
            return result;      // a save's own, within its turn
        }

        var turn = await writer.EnterAsync(cancellationToken);
        try
        {
            // Begun here, as nobody is told of one that could not begin, and the turn must not be kept then.
            var transaction = await connection.BeginTransactionAsync(eventData.IsolationLevel, cancellationToken);
            _turns.AddOrUpdate(context, turn);
            return InterceptionResult<DbTransaction>.SuppressWithResult(transaction);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        LeaveAsync(eventData.Context!);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        LeaveAsync(eventData.Context!);

    // A full disk ends a transaction by itself, and rolling it back fails.
    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default) =>
        LeaveAsync(eventData.Context!);

    private Task LeaveAsync(DbContext context)
    {
        Leave(context);
        return Task.CompletedTask;
    }

    private void LeaveAfterSave(DbContext context)
    {
        if (context.Database.CurrentTransaction is null)
        {
            Leave(context);
        }
    }

    private void Leave(DbContext context)
    {
        if (_turns.TryGetValue(context, out var turn))
        {
            _turns.Remove(context);
            turn.Dispose();
        }
    }
}
