using Catalogizer.Domain.Events;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Upkeep;

/// <summary>Keeps the backlog current in the background, so that pages read it without a query.</summary>
public sealed class BacklogWatch(IQualityStore copies, IMatchStore items, ProviderManager providers, Ffprobe ffprobe, EventStreamer events, TimeProvider time, ILogger<BacklogWatch> logger) : BackgroundService
{
    /// <summary>Pause after a count as a multiple of its duration, which limits the cost to 5 % of one core.</summary>
    private const int Pause = 19;

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private volatile Backlog _now = Backlog.None;

    /// <summary>The result of the last count.</summary>
    public Backlog Now => _now;

    /// <summary>Counts once and publishes an event when the result has changed.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        var on = Enricher.Kinds.Where(kind => providers.For(kind).Any()).ToList();
        var troubles = on.SelectMany(providers.For).Distinct().Select(p => p.Standing.Trouble(p.Profile.Title)).ToList();
        var analysis = await copies.CountAsync(ffprobe.IsThere, cancellation);
        var lookup = on.Count == 0 ? default(WorkLeft) : await items.CountAsync(on, cancellation);
        var counted = analysis is null || lookup is null
            ? Backlog.None      // a first scan is under way, and shows itself
            : new Backlog(analysis.Value, lookup.Value, lookup.Value.Left == 0 || troubles.Contains(null) ? null : string.Join(" ", troubles));
        if (counted != _now)
        {
            _now = counted;
            events.Publish(new BacklogChanged(counted));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(Concerns, isOwn: true);
        try
        {
            await CountOnceAsync(stoppingToken);
            await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
            {
                var began = time.GetTimestamp();
                await CountOnceAsync(stoppingToken);
                var pause = time.GetElapsedTime(began) * Pause;
                await Task.Delay(pause > LeastPause ? pause : LeastPause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static bool Concerns(CatalogueEvent happened) =>
        happened is ItemsChanged or SourceChanged or StandingChanged or ProviderChanged or JobChanged { State: "succeeded" } || (happened is ScanProgressed { Scan: var scan } && scan.State is not (ScanState.Queued or ScanState.Running));

    private async Task CountOnceAsync(CancellationToken cancellation)
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
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "The backlog could not be counted");
        }
    }
}
