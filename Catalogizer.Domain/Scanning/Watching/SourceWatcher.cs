using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning.Watching;

/// <summary>Watches one source and scans what the watch reports.</summary>
internal sealed class SourceWatcher(
    Source source, SourceConnectors connectors, ScanService scans, Func<string, bool> isIgnored, ScanDebouncer debouncer, TimeSpan quietPeriod, TimeProvider time, Action onChanged, ILogger logger)
{
    /// <summary>
    /// Minimum age of a held scan before changes start a new one. A new scan replaces the held one, and would close the review
    /// page while a user is deciding.
    /// </summary>
    private readonly TimeSpan _heldPause = quietPeriod * 60;

    private readonly TimeSpan _failedPause = quietPeriod * 60;
    private readonly TimeSpan _maxPause = quietPeriod * 300;
    private volatile WatchState _state = new(false, null);

    public WatchState State => _state;

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(WatchAsync(cancellation), RunScansAsync(cancellation));

    private async Task WatchAsync(CancellationToken cancellation)
    {
        var pause = quietPeriod;
        var first = true;
        while (connectors.Watch(source, isIgnored) is { } watch)
        {
            var startedAt = time.GetTimestamp();
            var (hasConnected, reason) = await ReadUpdatesAsync(watch, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            SetState(new WatchState(false, reason));
            await connectors.VerifyAsync(source, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (hasConnected || first)
            {
                debouncer.RequestSourceScan(ScanKind.Quick);      // also to record that the source is offline
            }

            first = false;
            pause = hasConnected && time.GetElapsedTime(startedAt) > _maxPause ? quietPeriod : pause;
            if (connectors.Circuits.IsUnreachable(source.Id))
            {
                await connectors.Circuits.WaitUntilClosedAsync(source.Id, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _maxPause.Ticks));
        }

        debouncer.RequestSourceScan(ScanKind.Quick);
    }

    /// <summary>Reads updates until the watch ends.</summary>
    /// <returns>Whether the watch was ever established, and why it ended.</returns>
    private async Task<(bool Stood, string? Why)> ReadUpdatesAsync(IAsyncEnumerable<WatchUpdate> watch, CancellationToken cancellation)
    {
        var isConnected = false;
        try
        {
            await foreach (var update in watch.WithCancellation(cancellation))
            {
                debouncer.Add(update.Changed);
                if (!isConnected || update.Overflowed)
                {
                    debouncer.RequestSourceScan(update.Overflowed ? ScanKind.Full : ScanKind.Quick);
                }

                isConnected = true;
                SetState(new WatchState(update.Limitation is null && !update.Overflowed, update.Limitation));
            }

            return (isConnected, "More happened at once than could be followed.");
        }
        catch (SourceException exception)
        {
            return (isConnected, exception.Message);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "The watch over {Source} broke; it is set up again", source.Name);
            return (isConnected, "The watch broke; it is set up again.");
        }
        catch (Exception)
        {
            return (isConnected, null);      // cancelled
        }
    }

    private void SetState(WatchState state)
    {
        if (_state != state)
        {
            if (state.Limitation is { } limitation && limitation != _state.Limitation)
            {
                logger.LogInformation("{Source} is not watched completely: {Why}", source.Name, limitation);
            }

            _state = state;
            onChanged();
        }
    }

    private async Task RunScansAsync(CancellationToken cancellation)
    {
        try
        {
            await scans.Recovered.WaitAsync(cancellation);
            while (true)
            {
                await TryScanAsync(await debouncer.DequeueAsync(cancellation), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task TryScanAsync(PendingScan pending, CancellationToken cancellation)
    {
        try
        {
            await ScanOnceAsync(pending, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "Changes of {Source} could not be looked at; its next check finds them", source.Name);
            debouncer.RequestSourceScan(ScanKind.Quick, _failedPause);
        }
    }

    private async Task ScanOnceAsync(PendingScan pending, CancellationToken cancellation)
    {
        ScanView? started = null;
        while (started is null)
        {
            await connectors.Circuits.WaitUntilClosedAsync(source.Id, cancellation);
            while (scans.FindRunning(source.Id) is { } running)
            {
                await scans.WaitAsync(running.Id, cancellation);
            }

            var last = await scans.LastEndedAsync(source.Id, cancellation);
            if (last is { State: ScanState.Held, FinishedAt: { } finishedAt } && finishedAt + _heldPause - time.GetUtcNow() is { Ticks: > 0 } remaining)
            {
                debouncer.Postpone(pending, remaining);
                return;
            }

            // The first scan of a source needs a user's request, and a changed file must not restart a scan that a user cancelled.
            if ((pending.SourceScanKind is null && last?.State == ScanState.Cancelled) || !await scans.ShouldResumeAsync(source.Id, cancellation))
            {
                return;
            }

            var result = await scans.StartForChangesAsync(source.Id, pending.Folders, pending.SourceScanKind, cancellation);
            if (result is { IsOk: false })
            {
                return;     // source retired, paused or removed
            }

            started = result?.Value;
        }

        await scans.WaitAsync(started.Id, cancellation);
        var ended = await scans.GetAsync(Actor.System, started.Id, cancellation);
        if (pending.SourceScanKind is null && ended.Value.State == ScanState.Failed)
        {
            debouncer.RequestSourceScan(ScanKind.Quick, _failedPause);
        }
    }
}

/// <summary>Whether all changes on a source are reported, and if not, why.</summary>
internal sealed record WatchState(bool IsLive, string? Limitation);
