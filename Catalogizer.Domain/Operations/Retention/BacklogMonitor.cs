using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.Retention;

/// <summary>Keeps the backlog current in the background, so that pages read it without a query.</summary>
public sealed class BacklogMonitor(IQualityStore qualityStore, IMatchStore matchStore, ProviderManager providers, Ffprobe ffprobe, EventStreamer events, TimeProvider time, ILogger<BacklogMonitor> logger) : BackgroundService
{
    /// <summary>Pause after a count as a multiple of its duration, which limits the cost to 5% of one core.</summary>
    private const int PauseFactor = 19;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private volatile Backlog _current = Backlog.None;

    /// <summary>The result of the last count.</summary>
    public Backlog Current => _current;

    /// <summary>Counts once and publishes an event when the result has changed.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        var enabledKinds = Enricher.Kinds.Where(kind => providers.For(kind).Any()).ToList();
        var problems = enabledKinds.SelectMany(providers.For).Distinct().Select(p => p.Status.DescribeProblem(p.Profile.Title)).ToList();
        var analysis = await qualityStore.CountAsync(ffprobe.IsInstalled, cancellation);
        var lookup = enabledKinds.Count == 0 ? default(BacklogCount) : await matchStore.CountAsync(enabledKinds, cancellation);
        var counted = analysis is null || lookup is null
            ? Backlog.None      // a first scan is running and shows its own progress
            : new Backlog(analysis.Value, lookup.Value, lookup.Value.Left == 0 || problems.Contains(null) ? null : string.Join(" ", problems));
        if (counted != _current)
        {
            _current = counted;
            events.Publish(new BacklogChanged(counted));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(IsRelevant, isInternal: true);
        try
        {
            await TryCountAsync(stoppingToken);
            await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
            {
                var startedAt = time.GetTimestamp();
                await TryCountAsync(stoppingToken);
                var pause = time.GetElapsedTime(startedAt) * PauseFactor;
                await Task.Delay(pause > MinPause ? pause : MinPause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static bool IsRelevant(CatalogEvent catalogEvent) =>
        catalogEvent is ItemsChanged or SourceChanged or SourceLifecycleChanged or ProviderChanged or JobChanged { State: "succeeded" } || (catalogEvent is ScanProgressed { Scan: var scan } && scan.State is not (ScanState.Queued or ScanState.Running));

    private async Task TryCountAsync(CancellationToken cancellation)
    {
        try
        {
            await CountAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A failed count is repeated at the next change.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The backlog could not be counted");
        }
    }
}
