using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>Samples the gauges every few seconds and saves the measurements every minute.</summary>
internal sealed class MetricRecorder(MetricCollector collector, IMetricStore store, TimeProvider time, ILogger<MetricRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(10);

    /// <summary>Saves the measurements since the last time.</summary>
    internal async Task WriteAsync(CancellationToken cancellation)
    {
        collector.Sample();
        await store.AddAsync(collector.Consume(time.GetUtcNow()), cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SampleInterval, time);
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
            await store.AddAsync(collector.Consume(time.GetUtcNow()), CancellationToken.None);
        }
#pragma warning disable CA1031 // A minute without metrics is not a reason to stop.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogWarning(exception, "What was measured in the last minute could not be written down");
        }
    }
}
