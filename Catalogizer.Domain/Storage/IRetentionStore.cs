using Catalogizer.Domain.Metrics;

namespace Catalogizer.Domain.Storage;

/// <summary>Takes rows away that only tell of the past, a short batch at a time. Each answers how many went.</summary>
public interface IRetentionStore
{
    /// <summary>Scans that ended before then; of each source the last ones stay, and the last that came to its end.</summary>
    Task<int> RemoveScansAsync(DateTimeOffset before, int minPerSource, CancellationToken cancellation);

    /// <summary>Refresh tokens that expired before then.</summary>
    Task<int> RemoveTokensAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Errors that were last seen before then.</summary>
    Task<int> RemoveErrorsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Measures of such stretches of time from before then.</summary>
    Task<int> RemoveMetricsAsync(MetricPeriod period, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>What checks found before then.</summary>
    Task<int> RemoveHealthPeriodsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Outages of sources that ended before then.</summary>
    Task<int> RemoveOutagesAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Signed-in browsers that were last heard of before then.</summary>
    Task<int> RemoveSessionsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Providers' answers that were good until before then.</summary>
    Task<int> RemoveResponsesAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Pictures fetched before then that no item shows or may show. Answers their hashes; their files are still there.</summary>
    Task<IReadOnlyList<string>> RemoveArtworkAsync(DateTimeOffset before, CancellationToken cancellation);
}
