using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>Scans a source by its schedule.</summary>
public sealed class RecurringScan(ScanService scans, SourceConnectors connectors, EventStreamer events) : IBackgroundJob
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    public static string Name => "scan";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var sourceId = long.Parse(argument, CultureInfo.InvariantCulture);
        if (connectors.Circuits.IsUnreachable(sourceId))
        {
            return "It is away; it is looked over when it is back.";
        }

        var started = await scans.StartAsync(Actor.System, sourceId, null, cancellation);
        if (started.Error is { } error)
        {
            throw new JobFailedException(error.Message);
        }

        var scanId = started.Value.Id;
        using var subscription = events.Subscribe(catalogEvent => catalogEvent is ScanProgressed progressed && progressed.Scan.Id == scanId, isInternal: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reporting = ReportProgressAsync(subscription, progress, stop.Token);
        try
        {
            await scans.WaitAsync(scanId, cancellation);
        }
        catch (OperationCanceledException)
        {
            await scans.CancelAsync(Actor.System, scanId, CancellationToken.None);
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await reporting;
        }

        var scan = (await scans.GetAsync(Actor.System, scanId, cancellation)).Value;
        return scan.State == ScanState.Failed ? throw new JobFailedException(scan.Reason ?? "The scan failed.") : $"{scan.State}: {DescribeCounts(scan)}. {scan.Reason}".TrimEnd();
    }

    private static async Task ReportProgressAsync(EventSubscription subscription, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await foreach (var batch in subscription.ReadAsync(ProgressInterval, cancellation))
        {
            foreach (var progressed in batch.OfType<ScanProgressed>())
            {
                progress.Report(new ProgressUpdate(null, progressed.Scan.State == ScanState.Queued ? progressed.Scan.Reason ?? "Waiting for its turn" : DescribeCounts(progressed.Scan)));
            }
        }
    }

    internal static string DescribeCounts(ScanView scan) => string.Create(
        CultureInfo.InvariantCulture, $"{scan.Listed:N0} listed, {scan.Added:N0} added, {scan.Changed:N0} changed, {scan.Missing:N0} missing");
}
