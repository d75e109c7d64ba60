using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Upkeep;

/// <summary>How long what only tells of the past is kept. The audit log and the files' life stories are kept for good.</summary>
[SettingsSection("Catalogizer:Retention")]
public sealed class RetentionOptions
{
    /// <summary>Runs of jobs. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan JobRuns { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Scans that are over; the last 20 of each source stay in any case. Default: 180 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Scans { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Errors that have not come again. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Errors { get; set; } = TimeSpan.FromDays(90);

    /// <summary>What the health checks found, and outages of sources that are over. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan HealthChecks { get; set; } = TimeSpan.FromDays(90);
}
