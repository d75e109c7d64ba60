using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>
/// Runs all checks periodically while the program is serving, runs the live ones also when the state of a source, provider or cache changes, and
/// retries failed parts when they are due.
/// </summary>
internal sealed class HealthCheckRunner(
    HealthChecker checker, HealthService health, EventStreamer events, IOptions<HealthOptions> options, TimeProvider time, ILogger<HealthCheckRunner> logger) : BackgroundService
{
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

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
            await Task.WhenAll(CheckPeriodicallyAsync(stoppingToken), OnChangesAsync(stoppingToken), RetryWhenDueAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Normal shutdown.
        }
    }

    private async Task CheckPeriodicallyAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await TryRunChecksAsync(() => health.RunChecksAsync(cancellation));
        }
    }

    private async Task OnChangesAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _changes!.ReadAsync(TimeSpan.Zero, cancellation))
        {
            await TryRunChecksAsync(() => health.RunLiveChecksAsync(cancellation));
        }
    }

    private async Task RetryWhenDueAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var remaining = (health.NextRetryAt - time.GetUtcNow()) ?? options.Value.CheckEvery;
            await Task.Delay(remaining < MinPause ? MinPause : remaining > options.Value.CheckEvery ? options.Value.CheckEvery : remaining, time, cancellation);
            await TryRunChecksAsync(() => checker.RetryAsync(cancellation));
        }
    }

    private async Task TryRunChecksAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
#pragma warning disable CA1031 // A failed run must not prevent the next one.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The checks could not be made");
        }
    }
}
