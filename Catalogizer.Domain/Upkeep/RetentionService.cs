using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Storage;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Upkeep;

/// <summary>Takes away what only tells of a past that nobody asks for any more.</summary>
public sealed class RetentionService(IRetentionStore store, ArtworkStore artwork, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <summary>Scans of each source that stay however old they are.</summary>
    internal const int MinScansPerSource = 20;

    private static readonly TimeSpan MaxMinuteMetricAge = TimeSpan.FromDays(2);
    private static readonly TimeSpan MaxHourMetricAge = TimeSpan.FromDays(60);
    private static readonly TimeSpan MaxDayMetricAge = TimeSpan.FromDays(3 * 365);

    /// <summary>Providers' answers past their time still serve while a provider is down.</summary>
    private static readonly TimeSpan MaxResponseAge = TimeSpan.FromDays(90);

    /// <summary>A work that was taken apart or lost its record may get it back.</summary>
    private static readonly TimeSpan MaxUnusedArtworkAge = TimeSpan.FromDays(30);

    /// <summary>Removes what is too old, and says in a sentence what went.</summary>
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
