using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>Scans a source because its schedule says so.</summary>
public sealed class RecurringScan(ScanService scans, SourceConnectors connectors, EventStreamer events) : IBackgroundJob
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    public static string Name => "scan";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var sourceId = long.Parse(argument, CultureInfo.InvariantCulture);
        if (connectors.States.IsAway(sourceId))
        {
            return "It is away; it is looked over when it is back.";
        }

        var started = await scans.StartAsync(Actor.System, sourceId, null, cancellation);
        if (started.Error is { } error)
        {
            throw new JobFailedException(error.Message);
        }

        var scanId = started.Value.Id;
        using var listening = events.Subscribe(happened => happened is ScanProgressed told && told.Scan.Id == scanId, isOwn: true);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = FollowAsync(listening, progress, over.Token);
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
            await over.CancelAsync();
            await following;
        }

        var scan = (await scans.GetAsync(Actor.System, scanId, cancellation)).Value;
        return scan.State == ScanState.Failed ? throw new JobFailedException(scan.Reason ?? "The scan failed.") : $"{scan.State}: {Found(scan)}. {scan.Reason}".TrimEnd();
    }

    private static async Task FollowAsync(EventSubscription listening, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await foreach (var batch in listening.ReadAsync(Pace, cancellation))
        {
            foreach (var told in batch.OfType<ScanProgressed>())
            {
                progress.Report(new ProgressUpdate(null, told.Scan.State == ScanState.Queued ? told.Scan.Reason ?? "Waiting for its turn" : Found(told.Scan)));
            }
        }
    }

    internal static string Found(ScanView scan) => string.Create(
        CultureInfo.InvariantCulture, $"{scan.Listed:N0} listed, {scan.Added:N0} added, {scan.Changed:N0} changed, {scan.Missing:N0} missing");
}
