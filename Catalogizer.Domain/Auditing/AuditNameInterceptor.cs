using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Catalogizer.Domain.Auditing;

/// <summary>Gives new audit entries the current name of their target, since the target may be renamed or removed later.</summary>
internal sealed class AuditNameInterceptor : SaveChangesInterceptor
{
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var db = (CatalogDbContext)eventData.Context!;
        var unnamed = db.ChangeTracker.Entries<AuditEntry>()
            .Where(e => e is { State: EntityState.Added, Entity: { Target: not null, TargetName: null } })
            .Select(e => e.Entity)
            .ToList();
        if (unnamed.Count > 0)
        {
            var names = await db.FindTargetNamesAsync(unnamed.Select(e => e.Target!).ToHashSet(), cancellationToken);
            unnamed.ForEach(entry => entry.TargetName = names[entry.Target!]);
        }

        return result;
    }
}
