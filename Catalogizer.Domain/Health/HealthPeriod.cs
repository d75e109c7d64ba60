namespace Catalogizer.Domain.Health;

/// <summary>A stretch of time in which a check found the same. Row of <c>health_checks</c>.</summary>
public sealed class HealthPeriod
{
    public long Id { get; set; }

    /// <summary>The check's name.</summary>
    public required string Name { get; set; }

    public bool Ok { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>The last look that found so.</summary>
    public DateTimeOffset Until { get; set; }

    public long Looks { get; set; }

    /// <summary>How long the last look took, in milliseconds.</summary>
    public double Duration { get; set; }

    /// <summary>How long the slowest took.</summary>
    public double Slowest { get; set; }

    /// <summary>What the last look said.</summary>
    public required string Message { get; set; }
}
