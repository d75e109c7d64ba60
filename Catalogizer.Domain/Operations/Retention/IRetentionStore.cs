using Catalogizer.Domain.Operations.Metrics;

namespace Catalogizer.Domain.Operations.Retention;

/// <summary>Deletes historical rows in short batches. Each method returns the number of deleted rows.</summary>
public interface IRetentionStore
{
    /// <summary>Scans that ended before the given time, except the last ones of each source and its last completed one.</summary>
    Task<int> RemoveScansAsync(DateTimeOffset before, int minPerSource, CancellationToken cancellation);

    /// <summary>Refresh tokens that expired before the given time.</summary>
    Task<int> RemoveTokensAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Errors last seen before the given time.</summary>
    Task<int> RemoveErrorsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Metrics of the given period length from before the given time.</summary>
    Task<int> RemoveMetricsAsync(MetricPeriod period, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Results of health checks from before the given time.</summary>
    Task<int> RemoveHealthPeriodsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Outages of sources that ended before the given time.</summary>
    Task<int> RemoveOutagesAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Sessions last active before the given time.</summary>
    Task<int> RemoveSessionsAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Provider responses that expired before the given time.</summary>
    Task<int> RemoveResponsesAsync(DateTimeOffset before, CancellationToken cancellation);

    /// <summary>Artwork fetched before the given time that no item shows or may show. Returns the hashes; the caller deletes the files.</summary>
    Task<IReadOnlyList<string>> RemoveArtworkAsync(DateTimeOffset before, CancellationToken cancellation);
}
