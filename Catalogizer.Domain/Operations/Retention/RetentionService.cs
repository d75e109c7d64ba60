using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Operations.Metrics;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Operations.Retention;

/// <summary>Deletes historical data that is too old to be needed.</summary>
public sealed class RetentionService(IRetentionStore store, ArtworkStore artwork, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <summary>Number of last scans of each source that are kept whatever their age.</summary>
    internal const int MinScansPerSource = 20;

    private static readonly TimeSpan MaxMinuteMetricAge = TimeSpan.FromDays(2);
    private static readonly TimeSpan MaxHourMetricAge = TimeSpan.FromDays(60);
    private static readonly TimeSpan MaxDayMetricAge = TimeSpan.FromDays(3 * 365);

    /// <summary>Counted from their expiry: expired provider responses are still used while the provider is down.</summary>
    private static readonly TimeSpan MaxResponseAge = TimeSpan.FromDays(90);

    /// <summary>Artwork is kept for items that were split or lost their match, because they may need it again.</summary>
    private static readonly TimeSpan MaxUnusedArtworkAge = TimeSpan.FromDays(30);

    /// <summary>Deletes what is too old and returns a sentence with the numbers deleted.</summary>
    public async Task<string> RunAsync(IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        (string What, Func<Task<int>> Remove)[] steps =
        [
            ("old scans", () => store.RemoveScansAsync(now - options.Value.Scans, MinScansPerSource, cancellation)),
            ("expired tokens", () => store.RemoveTokensAsync(now, cancellation)),
            ("old errors", () => store.RemoveErrorsAsync(now - options.Value.Errors, cancellation)),
            ("old health checks", () => store.RemoveHealthPeriodsAsync(now - options.Value.HealthChecks, cancellation)),
            ("old outages", () => store.RemoveOutagesAsync(now - options.Value.HealthChecks, cancellation)),
            ("measures by the minute", () => store.RemoveMetricsAsync(MetricPeriod.Minute, now - MaxMinuteMetricAge, cancellation)),
            ("measures by the hour", () => store.RemoveMetricsAsync(MetricPeriod.Hour, now - MaxHourMetricAge, cancellation)),
            ("measures by the day", () => store.RemoveMetricsAsync(MetricPeriod.Day, now - MaxDayMetricAge, cancellation)),
            ("old answers of providers", () => store.RemoveResponsesAsync(now - MaxResponseAge, cancellation)),
            ("unused pictures", () => RemoveArtworkAsync(now - MaxUnusedArtworkAge, cancellation)),
            ("expired sessions", () => store.RemoveSessionsAsync(now - AuthService.SessionLifetime, cancellation)),
        ];
        var summary = new List<string>();
        for (var i = 0; i < steps.Length; i++)
        {
            progress?.Report(new ProgressUpdate(100 * i / steps.Length, steps[i].What));
            if (await steps[i].Remove() is > 0 and var removed)
            {
                summary.Add(string.Create(CultureInfo.InvariantCulture, $"{removed:N0} {steps[i].What}"));
            }
        }

        return summary.Count == 0 ? "Nothing was old enough to go." : $"Removed {string.Join(", ", summary)}.";
    }

    private async Task<int> RemoveArtworkAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var removed = await store.RemoveArtworkAsync(before, cancellation);
        artwork.DeleteFiles(removed);
        return removed.Count;
    }
}
