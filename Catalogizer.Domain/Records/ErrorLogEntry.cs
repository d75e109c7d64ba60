namespace Catalogizer.Domain.Records;

public enum ErrorStatus
{
    /// <summary>Nobody has looked at it, or it came back after it was resolved.</summary>
    New,
    Resolved,
    Ignored,
}

/// <summary>Errors that are alike: the same kind of exception, at the same place, with a message of the same shape. Row of <c>error_logs</c>.</summary>
public sealed class ErrorLogEntry
{
    public long Id { get; set; }

    public required string Fingerprint { get; set; }

    /// <summary>The feature it happened in.</summary>
    public required string Component { get; set; }

    /// <summary>The exception's type; empty where none was thrown.</summary>
    public required string Kind { get; set; }

    /// <summary>The method it was thrown in; where none was thrown, the source, provider or cache that failed, or else who logged it.</summary>
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
