using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Operations.Retention;

/// <summary>How long historical data is kept. The audit log and the files' histories are kept for good.</summary>
[SettingsSection("Catalogizer:Retention")]
public sealed class RetentionOptions
{
    /// <summary>Job runs. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan JobRuns { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Ended scans; the last 20 of each source are always kept. Default: 180 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Scans { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Errors that have not recurred. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Errors { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Results of health checks, and past outages of sources. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan HealthChecks { get; set; } = TimeSpan.FromDays(90);
}
