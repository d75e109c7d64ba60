namespace Catalogizer.Domain.Operations.ErrorLog;

public enum ErrorStatus
{
    /// <summary>Not handled yet, or occurred again after it was resolved.</summary>
    New,
    Resolved,
    Ignored,
}

/// <summary>A group of similar errors: the same exception type, at the same place, with the same message pattern. Row of <c>error_logs</c>.</summary>
public sealed class ErrorLogEntry
{
    public long Id { get; set; }

    public required string Fingerprint { get; set; }

    /// <summary>The feature in which it occurred.</summary>
    public required string Component { get; set; }

    /// <summary>The exception's type; empty when none was thrown.</summary>
    public required string Kind { get; set; }

    /// <summary>The method that threw; without an exception, the source, provider or cache that failed, or else the category of the logger.</summary>
    public required string Place { get; set; }

    /// <summary>The last message, without secrets.</summary>
    public required string Message { get; set; }

    /// <summary>The last exception in full, without secrets.</summary>
    public string? Details { get; set; }

    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    public long Count { get; set; }

    public ErrorStatus Status { get; set; }
}
