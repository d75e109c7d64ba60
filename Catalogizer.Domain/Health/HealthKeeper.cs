using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Health;

/// <summary>Has every check made again and again while the program serves.</summary>
internal sealed class HealthKeeper(HealthWatch watch, IOptions<HealthOptions> options, TimeProvider time, ILogger<HealthKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await watch.LookAsync(cancellation);
        }
#pragma warning disable CA1031 // One look that went wrong is no reason not to look again.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "The checks could not be made");
        }
    }
}
