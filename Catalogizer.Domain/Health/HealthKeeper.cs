using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Health;

/// <summary>
/// Has every check made again and again while the program serves, those of sources, providers and caches also when their states
/// change, and has asked again what failed.
/// </summary>
internal sealed class HealthKeeper(
    HealthChecker checker, HealthWatch watch, EventStreamer events, IOptions<HealthOptions> options, TimeProvider time, ILogger<HealthKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private EventSubscription? _changes;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = events.Subscribe(e => e is SourceChanged or ProviderChanged or CacheChanged, isInternal: true);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _changes?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(LookAsync(stoppingToken), HearAsync(stoppingToken), RetryAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await TryAsync(() => watch.LookAsync(cancellation));
        }
    }

    private async Task HearAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _changes!.ReadAsync(TimeSpan.Zero, cancellation))
        {
            await TryAsync(() => watch.LookLiveAsync(cancellation));
        }
    }

    private async Task RetryAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var left = (watch.NextRetryAt - time.GetUtcNow()) ?? options.Value.CheckEvery;
            await Task.Delay(left < LeastPause ? LeastPause : left > options.Value.CheckEvery ? options.Value.CheckEvery : left, time, cancellation);
            await TryAsync(() => checker.RetryAsync(cancellation));
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // One look that went wrong is no reason not to look again.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "The checks could not be made");
        }
    }
}
