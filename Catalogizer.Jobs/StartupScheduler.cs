using Catalogizer.Domain.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs;

/// <summary>Schedules jobs at every start. A full disk must not end the process then: scheduling is retried until there is space.</summary>
internal abstract class StartupScheduler(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Delay before the next attempt when the disk could not be written.</summary>
    internal static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    protected abstract Task ScheduleAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryScheduleAsync(stoppingToken))
        {
            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    private async Task<bool> TryScheduleAsync(CancellationToken cancellation)
    {
        try
        {
            await ScheduleAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            logger.LogWarning(exception, "Jobs cannot be planned yet: {Why}", StorageErrors.Describe(exception));
            return false;
        }
    }
}
