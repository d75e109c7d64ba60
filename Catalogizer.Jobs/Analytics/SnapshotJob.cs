using System.Diagnostics;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Analytics;

/// <summary>Takes the daily snapshot of the catalogue's totals.</summary>
public sealed class SnapshotJob(AnalyticsService analytics) : IBackgroundJob
{
    public static string Name => "analytics-snapshot";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => await analytics.TakeSnapshotAsync(cancellation)
        ? "Today's snapshot was taken."
        : "A first scan is under way; the snapshot is taken at its end.";
}

/// <summary>Takes a snapshot after each scan that changed something, and at startup when today has none.</summary>
internal sealed class SnapshotSchedule(AnalyticsService analytics, EventStreamer events, TimeProvider time, ILogger<SnapshotSchedule> logger) : BackgroundService
{
    /// <summary>The pause after a snapshot, as a multiple of its duration: however many scans end, snapshots use at most a tenth of one processor.</summary>
    private const int PauseFactor = 9;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(e => e is ScanProgressed { Scan: var scan } && HasChanged(scan), isInternal: true);
        if (await analytics.IsDueAsync(stoppingToken))
        {
            await TryTakeSnapshotAsync(stoppingToken);
        }

        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            var elapsed = await TryTakeSnapshotAsync(stoppingToken);
            await Task.Delay(elapsed * PauseFactor > MinPause ? elapsed * PauseFactor : MinPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static bool HasChanged(ScanView scan) =>
        scan.State is not (ScanState.Queued or ScanState.Running) && scan.Added + scan.Changed + scan.Moved + scan.Missing > 0;

    private async Task<TimeSpan> TryTakeSnapshotAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await analytics.TakeSnapshotAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            logger.LogDebug("Stopped while taking a snapshot");
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "No snapshot for the analytics could be taken; the next scan or the next day tries again");
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
