using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Lets every SaveChanges take its turn in the one writer queue.</summary>
internal sealed class WriterQueueInterceptor(WriterQueue writer) : SaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbContext, IDisposable> _turns = [];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        _turns.AddOrUpdate(eventData.Context!, await writer.EnterAsync(cancellationToken));
        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        throw new NotSupportedException("Save with SaveChangesAsync: writing waits for its turn.");

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context!);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.Context!);
        return Task.CompletedTask;
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
