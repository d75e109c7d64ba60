using Catalogizer.Domain.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>Resumes at startup what an earlier process left unfinished, and ends all scans at shutdown.</summary>
internal sealed class ScanRecoveryService(ScanService scans, TimeProvider time, ILogger<ScanRecoveryService> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await scans.StopAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            while (!await TryRecoverAsync(stoppingToken))
            {
                await Task.Delay(ScanRunner.RetryDelay, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("Stopped while taking up earlier scans; they go on at the next start");
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Earlier scans could not be taken up; they can be started by hand");
        }
    }

    private async Task<bool> TryRecoverAsync(CancellationToken cancellation)
    {
        try
        {
            await scans.RecoverAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            logger.LogWarning(exception, "Earlier scans cannot be taken up yet: {Why}", StorageErrors.Describe(exception));
            return false;
        }
    }
}
