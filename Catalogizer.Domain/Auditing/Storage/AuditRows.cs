using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Auditing.Storage;

/// <summary>Writes audit entries in the batch of the change that they record.</summary>
internal static class AuditRows
{
    public static void Add(SqliteConnection connection, AuditEntry entry)
    {
        using var row = new Statement(connection, "INSERT INTO audit_logs (at, user_id, user_name, address, action, target, before, after, target_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        row.Bind(1, entry.At.ToUnixTimeMilliseconds()).Bind(2, entry.UserId).Bind(3, entry.UserName).Bind(4, entry.Address)
            .Bind(5, entry.Action).Bind(6, entry.Target).Bind(7, entry.Before).Bind(8, entry.After)
            .Bind(9, entry.TargetName ?? (entry.Target is null ? null : AuditTargets.FindName(connection, null, entry.Target))).Run();
    }
}
