namespace Catalogizer.Domain.Auditing;

/// <summary>One line of the audit log: who did what to which object, when and from where. Append-only.</summary>
public sealed class AuditEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public long? UserId { get; set; }

    public required string UserName { get; set; }

    public string? Address { get; set; }

    /// <summary>What was done, as feature.verb: "sources.add", "accounts.signIn".</summary>
    public required string Action { get; set; }

    /// <summary>The object, as kind:id, where there is one.</summary>
    public string? Target { get; set; }

    /// <summary>What the object was called then; null where it has no name.</summary>
    public string? TargetName { get; set; }

    /// <summary>JSON of the values before; null where there were none. Never holds a secret.</summary>
    public string? Before { get; set; }

    /// <summary>JSON of the values after; null where there are none. Never holds a secret.</summary>
    public string? After { get; set; }
}
