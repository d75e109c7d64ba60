using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Health;

/// <summary>How the program looks after itself.</summary>
[SettingsSection("Catalogizer:Health")]
public sealed class HealthOptions
{
    /// <summary>How often every check is made. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Free space on the disk of the data folder below which that is a failure, in MiB. Default: 512.</summary>
    [Range(0, 1_000_000)]
    public int LeastFreeSpace { get; set; } = 512;
}
