using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>
/// Asks now and then whether the sources answer, brings back those that went away, and then has what changed meanwhile
/// looked at. It writes down what happens, and tells it.
/// </summary>
internal sealed class SourceKeeper(
    SourceConnectors connectors, SourceWatchService watches, ScanService scans, SourceTimeline timeline, SourceAlerts alerts,
    IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<SourceKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchedPace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UnwatchedPace = TimeSpan.FromSeconds(2);

    /// <summary>How long calls may be out without one coming back before the source is asked whether it hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryPace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly SourceStates _states = connectors.States;
    private readonly Dictionary<SourceCircuit, Task> _reconnecting = [];
    private readonly Dictionary<SourceCircuit, (Task Check, long At)> _checks = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _states.Keep(true);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _states.Keep(false);
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LoadAsync(stoppingToken);
            await Task.WhenAll(FollowAsync(stoppingToken), CheckAllAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Task[] left;
            lock (_reconnecting)
            {
                left = [.. _reconnecting.Values, .. _checks.Values.Select(c => c.Check)];
            }

            await Task.WhenAll(left).WaitAsync(StopLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _states.Keep(false);
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        foreach (var source in await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Availability != SourceAvailability.Retired && !s.IsPaused).ToListAsync(cancellation))
        {
            var circuit = _states.Pipeline(source).Circuit;
            if (circuit.State != CircuitState.Closed)
            {
                Reconnect(circuit, cancellation);
            }
        }

        await alerts.LoadAsync(cancellation);
    }

    /// <summary>Follows what happens to the sources.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var turn in _states.Turns.ReadAllAsync(cancellation))
        {
            if (_states.Find(turn.Circuit.Source.Id) != turn.Circuit || turn.Circuit.Source.IsPaused)
            {
                continue;       // archived, removed or paused since
            }

            if (turn.State is CircuitState.Open or CircuitState.Offline && turn.Circuit.State != CircuitState.Closed)
            {
                Reconnect(turn.Circuit, cancellation);
            }

            await TellAsync(turn, cancellation);
        }
    }

    private async Task TellAsync(SourceTurn turn, CancellationToken cancellation)
    {
        var source = turn.Circuit.Source;
        while (turn.State != CircuitState.HalfOpen)
        {
            try
            {
                if (await connectors.SaveAsync(source.Id, answered: false, null, cancellation))
                {
                    events.Publish(new ItemsChanged());
                }

                await timeline.AddAsync(turn, cancellation);
                break;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && StorageErrors.IsDiskFailure(exception))
            {
                await Task.Delay(RetryPace, time, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                logger.LogError(exception, "The state of {Source} could not be written down", source.Name);
                break;
            }
        }

        events.Publish(new SourceChanged(source.Id));
        await alerts.HearAsync(turn, cancellation);
    }

    /// <summary>One loop for each source that is away.</summary>
    private void Reconnect(SourceCircuit circuit, CancellationToken cancellation)
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
        var back = false;
        try
        {
            var mayAnswer = true;
            while (!back && _states.Find(circuit.Source.Id) == circuit)
            {
                var answers = await WaitAsync(circuit, mayAnswer, cancellation);
                await connectors.TryAsync(circuit, cancellation);
                back = circuit.State == CircuitState.Closed;
                mayAnswer = !answers;       // one that answers and yet cannot be used is tried again when its time has come
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

        if (_states.Find(circuit.Source.Id) != circuit)
        {
            return;     // retired
        }

        if (circuit.State is CircuitState.Open or CircuitState.Offline)
        {
            Reconnect(circuit, cancellation);       // it went away again before this loop had ended
        }
        else if (back)
        {
            await CatchUpAsync(circuit.Source, cancellation);
        }
    }

    /// <summary>Waits until the next try is due; while somebody looks on, only until the source answers.</summary>
    /// <returns>Whether it answers.</returns>
    private async Task<bool> WaitAsync(SourceCircuit circuit, bool mayAnswer, CancellationToken cancellation)
    {
        while (_states.Find(circuit.Source.Id) == circuit)
        {
            var touched = circuit.Touched;
            var left = circuit.UntilDue();
            if (left == TimeSpan.Zero || circuit.State == CircuitState.Closed)
            {
                return false;
            }

            var watched = circuit.MayReturn && _states.IsWatched;
            if (watched && await connectors.ProbeAsync(circuit, cancellation) is var fault)
            {
                if (fault is null && mayAnswer)
                {
                    return true;
                }

                mayAnswer |= fault is not null;
            }

            var pace = watched ? WatchedPace : UnwatchedPace;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(touched, Task.Delay(left < pace ? left.Value : pace, time, end.Token));
            await end.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }

        return false;
    }

    /// <summary>Has looked at what changed while the source was away; a scan that broke off goes on.</summary>
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
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await alerts.TickAsync(cancellation);
            lock (_reconnecting)
            {
                foreach (var circuit in _states.All.Where(IsToBeChecked).ToList())
                {
                    _checks[circuit] = (Task.Run(() => CheckAsync(circuit, cancellation), CancellationToken.None), time.GetTimestamp());
                }

                foreach (var gone in _checks.Keys.Where(c => _states.Find(c.Source.Id) != c).ToList())
                {
                    _checks.Remove(gone);
                }
            }
        }
    }

    private bool IsToBeChecked(SourceCircuit circuit)
    {
        if (circuit.State != CircuitState.Closed || circuit.Source.IsPaused)
        {
            return false;
        }

        return !_checks.TryGetValue(circuit, out var last)
            || (last.Check.IsCompleted && (time.GetElapsedTime(last.At) >= _states.Options.CheckEvery || circuit.IsStuck(Patience)));
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
