using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>How calls to sources are limited and retried, and how lost connections are restored.</summary>
[SettingsSection("Catalogizer:Resilience")]
public sealed class ResilienceOptions
{
    /// <summary>Maximum time of one operation including all its attempts. Default: 90 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Maximum number of concurrent operations on one source, 1 to 100; further ones wait. Default: 10.</summary>
    [Range(1, 100)]
    public int MaxConcurrent { get; set; } = 10;

    /// <summary>How long an operation waits for a slot before it fails. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum number of attempts when an operation fails with a transient error, 1 to 10. Default: 3.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Delay before the second attempt. Default: 250 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Factor by which each delay is longer than the one before, 1 to 10. Default: 2.</summary>
    [Range(1.0, 10.0)]
    public double BackoffFactor { get; set; } = 2;

    /// <summary>Maximum delay between attempts of an operation and between attempts to reconnect. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether delays vary randomly by up to 25% either way, so that many sources are not retried at the same moment. Default: true.</summary>
    public bool Jitter { get; set; } = true;

    /// <summary>Number of consecutive failures that open a source's circuit, 1 to 100. Default: 5.</summary>
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>Delay before the first attempt to reconnect; each further one grows by the factor. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ResetTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a circuit is open before its source counts as offline. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Delay between attempts to reconnect a source that is offline. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan OfflineDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a connected source is checked. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a source must stay connected before its recovery is reported; outages until then are not reported again. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AlertPause { get; set; } = TimeSpan.FromMinutes(1);
}
