using Catalogizer.Domain.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>Plans jobs at every start. A disk that is full then must not end the program: it is tried again until there is space.</summary>
internal abstract class PlanAtStart(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How soon what the disk did not let be written is tried again.</summary>
    internal static readonly TimeSpan RetryPace = TimeSpan.FromSeconds(10);

    protected abstract Task PlanAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(stoppingToken))
        {
            await Task.Delay(RetryPace, time, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            await PlanAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            logger.LogWarning(exception, "Jobs cannot be planned yet: {Why}", StorageErrors.Describe(exception));
            return false;
        }
    }
}
