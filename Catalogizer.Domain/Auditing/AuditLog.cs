using System.Text.Json;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Auditing;

/// <summary>Records who did what. Entries are added and never changed; the values passed in must not contain secrets.</summary>
public sealed class AuditLog(IDbContextFactory<CatalogDbContext> contexts, TimeProvider time)
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>
    /// Saves an entry separately, for a change with several writes to the catalogue or none. Call it before the change, which must not
    /// happen if the entry cannot be saved.
    /// </summary>
    /// <param name="action">What was done, as feature.verb.</param>
    /// <param name="target">The object, as kind:id.</param>
    public Task AppendAsync(Actor actor, string action, string? target, object? before, object? after, CancellationToken cancellation) =>
        AppendAsync(CreateEntry(actor, action, target, before, after), cancellation);

    /// <summary>Saves an entry about an event that changes nothing.</summary>
    public async Task AppendAsync(AuditEntry entry, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.AuditLogs.Add(entry);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Creates an entry, for the caller to save in the same transaction as the change.</summary>
    public AuditEntry CreateEntry(Actor actor, string action, string? target = null, object? before = null, object? after = null) => new()
    {
        At = time.GetUtcNow(),
        UserId = actor.UserId,
        UserName = actor.Name,
        Address = actor.Address,
        Action = action,
        Target = target,
        Before = ToJson(before),
        After = ToJson(after),
    };

    private static string? ToJson(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), JsonOptions);
}
