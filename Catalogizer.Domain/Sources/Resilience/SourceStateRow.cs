
namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>A change of a source's connection state. Row of <c>source_states</c>.</summary>
public sealed class SourceStateRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public CircuitState State { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Why the source is unreachable; null when it is not.</summary>
    public string? Why { get; set; }

    /// <summary>Duration of the last probe before the change, in milliseconds.</summary>
    public double? LatencyMs { get; set; }
}
