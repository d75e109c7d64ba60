using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>Settings of the health checks.</summary>
[SettingsSection("Catalogizer:Health")]
public sealed class HealthOptions
{
    /// <summary>Interval between runs of all checks. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Free space on the disk of the data folder, in MiB, below which the check fails. Default: 512.</summary>
    [Range(0, 1_000_000)]
    public int LeastFreeSpace { get; set; } = 512;
}
