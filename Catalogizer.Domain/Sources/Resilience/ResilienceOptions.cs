using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>What is done about sources that do not answer.</summary>
[SettingsSection("Catalogizer:Resilience")]
public sealed class ResilienceOptions
{
    /// <summary>How long one operation may take with all its attempts. Default: 90 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Operations at a time on one source, 1 to 100; further ones wait. Default: 10.</summary>
    [Range(1, 100)]
    public int MaxConcurrent { get; set; } = 10;

    /// <summary>How long an operation waits for its turn before it gives up. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an operation is tried that fails for a reason that may pass, 1 to 10. Default: 3.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>The wait before the second attempt. Default: a quarter of a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>By how much each wait is longer than the one before, 1 to 10. Default: 2.</summary>
    [Range(1.0, 10.0)]
    public double BackoffFactor { get; set; } = 2;

    /// <summary>The longest wait, between attempts and between tries to reconnect. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether waits vary by a quarter up and down, so that many sources do not try in the same instant. Default: true.</summary>
    public bool Jitter { get; set; } = true;

    /// <summary>How many failures in a row interrupt a source, 1 to 100. Default: 5.</summary>
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>How soon an interrupted source is tried again; each further wait grows by the factor. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ResetTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long an interrupted source counts as offline. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a source that is offline is tried. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan OfflineDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a source that answers is asked whether it still does. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a source must have been back before that is told; until then, further outages are no news. Default: a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AlertPause { get; set; } = TimeSpan.FromMinutes(1);
}
