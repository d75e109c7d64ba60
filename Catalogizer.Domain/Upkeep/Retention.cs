using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Storage;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Upkeep;

/// <summary>Takes away what only tells of a past that nobody asks for any more.</summary>
public sealed class Retention(IOldRows rows, ArtworkStore artwork, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <summary>Scans of each source that stay however old they are.</summary>
    internal const int ScansOfEach = 20;

    private static readonly TimeSpan MetricMinutes = TimeSpan.FromDays(2);
    private static readonly TimeSpan MetricHours = TimeSpan.FromDays(60);
    private static readonly TimeSpan MetricDays = TimeSpan.FromDays(3 * 365);

    /// <summary>Providers' answers past their time still serve while a provider is down.</summary>
    private static readonly TimeSpan Answers = TimeSpan.FromDays(90);

    /// <summary>A work that was taken apart or lost its record may get it back.</summary>
    private static readonly TimeSpan Artwork = TimeSpan.FromDays(30);

    /// <summary>Removes what is too old, and says in a sentence what went.</summary>
    public async Task<string> RunAsync(IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        (string What, Func<Task<int>> Remove)[] steps =
        [
            ("old scans", () => rows.RemoveScansAsync(now - options.Value.Scans, ScansOfEach, cancellation)),
            ("expired tokens", () => rows.RemoveTokensAsync(now, cancellation)),
            ("old errors", () => rows.RemoveErrorsAsync(now - options.Value.Errors, cancellation)),
            ("old health checks", () => rows.RemoveHealthAsync(now - options.Value.HealthChecks, cancellation)),
            ("old outages", () => rows.RemoveOutagesAsync(now - options.Value.HealthChecks, cancellation)),
            ("measures by the minute", () => rows.RemoveMetricsAsync(MetricPeriod.Minute, now - MetricMinutes, cancellation)),
            ("measures by the hour", () => rows.RemoveMetricsAsync(MetricPeriod.Hour, now - MetricHours, cancellation)),
            ("measures by the day", () => rows.RemoveMetricsAsync(MetricPeriod.Day, now - MetricDays, cancellation)),
            ("old answers of providers", () => rows.RemoveAnswersAsync(now - Answers, cancellation)),
            ("unused pictures", () => RemoveArtworkAsync(now - Artwork, cancellation)),
            ("expired sessions", () => rows.RemoveSessionsAsync(now - AuthService.SessionLifetime, cancellation)),
        ];
        var told = new List<string>();
        for (var i = 0; i < steps.Length; i++)
        {
            progress?.Report(new ProgressUpdate(100 * i / steps.Length, steps[i].What));
            if (await steps[i].Remove() is > 0 and var gone)
            {
                told.Add(string.Create(CultureInfo.InvariantCulture, $"{gone:N0} {steps[i].What}"));
            }
        }

        return told.Count == 0 ? "Nothing was old enough to go." : $"Removed {string.Join(", ", told)}.";
    }

    private async Task<int> RemoveArtworkAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var gone = await rows.RemoveArtworkAsync(before, cancellation);
        artwork.Remove(gone);
        return gone.Count;
    }
}
