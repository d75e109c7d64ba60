using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metrics;

/// <summary>Looks at the levels every few seconds, and writes down every minute what was measured.</summary>
internal sealed class MetricKeeper(MetricCollector collector, IMetricRows rows, TimeProvider time, ILogger<MetricKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    /// <summary>Writes down what was measured since the last time.</summary>
    internal async Task WriteAsync(CancellationToken cancellation)
    {
        collector.Sample();
        await rows.AddAsync(collector.Take(time.GetUtcNow()), cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            var minute = time.GetUtcNow().Minute;
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                collector.Sample();
                if (minute != time.GetUtcNow().Minute)
                {
                    minute = time.GetUtcNow().Minute;
                    await TryWriteAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryWriteAsync();
        }
    }

    private async Task TryWriteAsync()
    {
        try
        {
            await rows.AddAsync(collector.Take(time.GetUtcNow()), CancellationToken.None);
        }
#pragma warning disable CA1031 // A minute without measures is no reason to end.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogWarning(fault, "What was measured in the last minute could not be written down");
        }
    }
}
