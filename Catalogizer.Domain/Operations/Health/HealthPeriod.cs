namespace Catalogizer.Domain.Operations.Health;

/// <summary>A period in which a check had the same result. Row of <c>health_checks</c>.</summary>
public sealed class HealthPeriod
{
    public long Id { get; set; }

    public required string Name { get; set; }

    public bool Ok { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Time of the last check with this result, or of the first with another one.</summary>
    public DateTimeOffset Until { get; set; }

    public long Looks { get; set; }

    /// <summary>Duration of the last check, in milliseconds.</summary>
    public double Duration { get; set; }

    /// <summary>Duration of the slowest check, in milliseconds.</summary>
    public double Slowest { get; set; }

    /// <summary>Message of the last check.</summary>
    public required string Message { get; set; }
}
