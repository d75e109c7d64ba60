namespace Catalogizer.Domain.Auditing;

/// <summary>An entry of the audit log: who did what to which object, when and from where. Append-only.</summary>
public sealed class AuditEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public long? UserId { get; set; }

    public required string UserName { get; set; }

    public string? Address { get; set; }

    /// <summary>What was done, as feature.verb: "sources.add", "accounts.signIn".</summary>
    public required string Action { get; set; }

    /// <summary>The object, as kind:id; null if there is none.</summary>
    public string? Target { get; set; }

    /// <summary>The object's name at that time; null if it has none.</summary>
    public string? TargetName { get; set; }

    /// <summary>The values before, as JSON; null if there were none. Never contains a secret.</summary>
    public string? Before { get; set; }

    /// <summary>The values after, as JSON; null if there are none. Never contains a secret.</summary>
    public string? After { get; set; }
}
