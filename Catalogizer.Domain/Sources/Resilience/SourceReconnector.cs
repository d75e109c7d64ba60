using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>
/// Checks connected sources regularly, reconnects unreachable ones, and then starts a scan for what changed meanwhile. Saves and
/// publishes every change of state.
/// </summary>
internal sealed class SourceReconnector(
    SourceConnectors connectors, SourceWatchService watches, ScanService scans, SourceTimeline timeline, SourceAlerts alerts,
    IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<SourceReconnector> logger) : BackgroundService
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ActiveProbeInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdleProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long calls may run without one completing before the source is checked.</summary>
    private static readonly TimeSpan HungCallThreshold = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SaveRetryDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly CircuitRegistry _circuits = connectors.Circuits;
    private readonly Dictionary<SourceCircuit, Task> _reconnecting = [];
    private readonly Dictionary<SourceCircuit, (Task Check, long At)> _checks = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _circuits.UseBackgroundReconnect(true);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _circuits.UseBackgroundReconnect(false);
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LoadAsync(stoppingToken);
            await Task.WhenAll(ProcessStateChangesAsync(stoppingToken), CheckAllAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Task[] running;
            lock (_reconnecting)
            {
                running = [.. _reconnecting.Values, .. _checks.Values.Select(c => c.Check)];
            }

            await Task.WhenAll(running).WaitAsync(StopTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _circuits.UseBackgroundReconnect(false);
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        foreach (var source in await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Availability != SourceAvailability.Retired && !s.IsPaused).ToListAsync(cancellation))
        {
            var circuit = _circuits.GetPipeline(source).Circuit;
            if (circuit.State != CircuitState.Closed)
            {
                StartReconnecting(circuit, cancellation);
            }
        }

        await alerts.LoadAsync(cancellation);
    }

    /// <summary>Handles state changes in order, until cancelled.</summary>
    private async Task ProcessStateChangesAsync(CancellationToken cancellation)
    {
        await foreach (var change in _circuits.StateChanges.ReadAllAsync(cancellation))
        {
            if (_circuits.Find(change.Circuit.Source.Id) != change.Circuit || change.Circuit.Source.IsPaused)
            {
                continue;       // archived, removed or paused since
            }

            if (change.State is CircuitState.Open or CircuitState.Offline && change.Circuit.State != CircuitState.Closed)
            {
                StartReconnecting(change.Circuit, cancellation);
            }

            await PublishAsync(change, cancellation);
        }
    }

    private async Task PublishAsync(CircuitStateChange change, CancellationToken cancellation)
    {
        var source = change.Circuit.Source;
        while (change.State != CircuitState.HalfOpen)
        {
            try
            {
                if (await connectors.SaveAvailabilityAsync(source.Id, answered: false, null, cancellation))
                {
                    events.Publish(new ItemsChanged());
                }

                await timeline.AddAsync(change, cancellation);
                break;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && StorageErrors.IsDiskFailure(exception))
            {
                await Task.Delay(SaveRetryDelay, time, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                logger.LogError(exception, "The state of {Source} could not be written down", source.Name);
                break;
            }
        }

        events.Publish(new SourceChanged(source.Id));
        await alerts.OnStateChangedAsync(change, cancellation);
    }

    /// <summary>Starts the reconnect loop of a source unless one is running.</summary>
    private void StartReconnecting(SourceCircuit circuit, CancellationToken cancellation)
    {
        lock (_reconnecting)
        {
            if (!_reconnecting.ContainsKey(circuit))
            {
                _reconnecting.Add(circuit, Task.Run(() => ReconnectAsync(circuit, cancellation), CancellationToken.None));
            }
        }
    }

    private async Task ReconnectAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        var isReconnected = false;
        try
        {
            var canEndEarly = true;
            while (!isReconnected && _circuits.Find(circuit.Source.Id) == circuit)
            {
                var isAnswering = await WaitForRetryAsync(circuit, canEndEarly, cancellation);
                await connectors.ReconnectAsync(circuit, cancellation);
                isReconnected = circuit.State == CircuitState.Closed;
                canEndEarly = !isAnswering;       // a source that answers but cannot be read waits for its next regular attempt
                events.Publish(new SourceChanged(circuit.Source.Id));
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "{Source} cannot be reconnected by itself; the next scan tries", circuit.Source.Name);
            circuit.Reset();
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            lock (_reconnecting)
            {
                _reconnecting.Remove(circuit);
            }
        }

        if (_circuits.Find(circuit.Source.Id) != circuit)
        {
            return;     // archived or removed
        }

        if (circuit.State is CircuitState.Open or CircuitState.Offline)
        {
            StartReconnecting(circuit, cancellation);       // connection lost again before this loop ended
        }
        else if (isReconnected)
        {
            await CatchUpAsync(circuit.Source, cancellation);
        }
    }

    /// <summary>Waits until the next attempt is due; while a user watches the sources, only until the source answers.</summary>
    /// <returns>Whether the wait ended early because the source answers.</returns>
    private async Task<bool> WaitForRetryAsync(SourceCircuit circuit, bool canEndEarly, CancellationToken cancellation)
    {
        while (_circuits.Find(circuit.Source.Id) == circuit)
        {
            var nextChange = circuit.NextChange;
            var timeToRetry = circuit.TimeToRetry();
            if (timeToRetry == TimeSpan.Zero || circuit.State == CircuitState.Closed)
            {
                return false;
            }

            var isViewed = circuit.CanRecover && _circuits.HasViewers;
            if (isViewed && await connectors.ProbeAsync(circuit, cancellation) is var exception)
            {
                if (exception is null && canEndEarly)
                {
                    return true;
                }

                canEndEarly |= exception is not null;
            }

            var interval = isViewed ? ActiveProbeInterval : IdleProbeInterval;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(nextChange, Task.Delay(timeToRetry < interval ? timeToRetry.Value : interval, time, end.Token));
            await end.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        return false;
    }

    /// <summary>Starts a scan for what changed while the source was unreachable; an interrupted scan continues.</summary>
    private async Task CatchUpAsync(Source source, CancellationToken cancellation)
    {
        try
        {
            if (!watches.RescanSoon(source.Id) && await scans.ShouldResumeAsync(source.Id, cancellation))
            {
                await scans.StartForChangesAsync(source.Id, [], ScanKind.Quick, cancellation);
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "What changed on {Source} meanwhile could not be looked at; its next scan finds it", source.Name);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task CheckAllAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TickInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await alerts.PublishRecoveriesAsync(cancellation);
            lock (_reconnecting)
            {
                foreach (var circuit in _circuits.All.Where(NeedsCheck).ToList())
                {
                    _checks[circuit] = (Task.Run(() => CheckAsync(circuit, cancellation), CancellationToken.None), time.GetTimestamp());
                }

                foreach (var stale in _checks.Keys.Where(c => _circuits.Find(c.Source.Id) != c).ToList())
                {
                    _checks.Remove(stale);
                }
            }
        }
    }

    private bool NeedsCheck(SourceCircuit circuit)
    {
        if (circuit.State != CircuitState.Closed || circuit.Source.IsPaused)
        {
            return false;
        }

        return !_checks.TryGetValue(circuit, out var last)
            || (last.Check.IsCompleted && (time.GetElapsedTime(last.At) >= _circuits.Options.CheckEvery || circuit.HasHungCalls(HungCallThreshold)));
    }

    private async Task CheckAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        try
        {
            await connectors.CheckAsync(circuit, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "{Source} could not be asked whether it answers", circuit.Source.Name);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
