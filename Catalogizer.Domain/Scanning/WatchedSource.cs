using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>Keeps the watch over one source, and looks at what it tells of.</summary>
internal sealed class WatchedSource(
    Source source, SourceConnectors connectors, ScanService scans, Func<string, bool> passesOver, PendingLook look, TimeSpan quiet, TimeProvider time, Action changed, ILogger logger)
{
    /// <summary>How long a held scan is left alone: one that takes its place takes the page from whoever is about to decide.</summary>
    private readonly TimeSpan _heldPause = quiet * 60;

    private readonly TimeSpan _failedPause = quiet * 60;
    private readonly TimeSpan _longestPause = quiet * 300;
    private volatile WatchState _state = new(false, null);

    public WatchState State => _state;

    /// <summary>Goes on until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(WatchAsync(cancellation), LookAsync(cancellation));

    private async Task WatchAsync(CancellationToken cancellation)
    {
        var pause = quiet;
        var first = true;
        while (connectors.Watch(source, passesOver) is { } watch)
        {
            var began = time.GetTimestamp();
            var (stood, why) = await FollowAsync(watch, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            SetState(new WatchState(false, why));
            await connectors.SuspectAsync(source, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stood || first)
            {
                look.AskWhole(ScanKind.Quick);      // also to note that the source is away
            }

            first = false;
            pause = stood && time.GetElapsedTime(began) > _longestPause ? quiet : pause;
            if (connectors.States.IsAway(source.Id))
            {
                await connectors.States.WhenClosedAsync(source.Id, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
        }

        look.AskWhole(ScanKind.Quick);
    }

    /// <summary>Listens until the watch ends.</summary>
    /// <returns>Whether it ever stood, and why it ended.</returns>
    private async Task<(bool Stood, string? Why)> FollowAsync(IAsyncEnumerable<SourceNews> watch, CancellationToken cancellation)
    {
        var stands = false;
        try
        {
            await foreach (var news in watch.WithCancellation(cancellation))
            {
                look.Add(news.Changed);
                if (!stands || news.LostTrack)
                {
                    look.AskWhole(news.LostTrack ? ScanKind.Full : ScanKind.Quick);
                }

                stands = true;
                SetState(new WatchState(news.Gap is null && !news.LostTrack, news.Gap));
            }

            return (stands, "More happened at once than could be followed.");
        }
        catch (SourceFault fault)
        {
            return (stands, fault.Message);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "The watch over {Source} broke; it is set up again", source.Name);
            return (stands, "The watch broke; it is set up again.");
        }
        catch (Exception)
        {
            return (stands, null);      // cancelled
        }
    }

    private void SetState(WatchState state)
    {
        if (_state != state)
        {
            if (state.Gap is { } gap && gap != _state.Gap)
            {
                logger.LogInformation("{Source} is not watched completely: {Why}", source.Name, gap);
            }

            _state = state;
            changed();
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await scans.Recovered.WaitAsync(cancellation);
            while (true)
            {
                await TryLookAsync(await look.NextAsync(cancellation), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task TryLookAsync(Look wanted, CancellationToken cancellation)
    {
        try
        {
            await LookOnceAsync(wanted, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "Changes of {Source} could not be looked at; its next check finds them", source.Name);
            look.AskWhole(ScanKind.Quick, _failedPause);
        }
    }

    private async Task LookOnceAsync(Look wanted, CancellationToken cancellation)
    {
        ScanView? started = null;
        while (started is null)
        {
            await connectors.States.WhenClosedAsync(source.Id, cancellation);
            while (scans.UnderWay(source.Id) is { } underWay)
            {
                await scans.WaitAsync(underWay.Id, cancellation);
            }

            var last = await scans.LastEndedAsync(source.Id, cancellation);
            if (last is { State: ScanState.Held, FinishedAt: { } at } && at + _heldPause - time.GetUtcNow() is { Ticks: > 0 } left)
            {
                look.Later(wanted, left);
                return;
            }

            // A source is first scanned when somebody asks, and one whose scan somebody stopped is not taken up by a file that changes.
            if ((wanted.Whole is null && last?.State == ScanState.Cancelled) || !await scans.IsToGoOnAsync(source.Id, cancellation))
            {
                return;
            }

            var answer = await scans.StartChangedAsync(source.Id, wanted.Changed, wanted.Whole, cancellation);
            if (answer is { IsOk: false })
            {
                return;     // retired or gone
            }

            started = answer?.Value;
        }

        await scans.WaitAsync(started.Id, cancellation);
        var ended = await scans.GetAsync(Actor.System, started.Id, cancellation);
        if (wanted.Whole is null && ended.Value.State == ScanState.Failed)
        {
            look.AskWhole(ScanKind.Quick, _failedPause);
        }
    }
}

/// <summary>Whether everything that happens on a source is told, and if not, why.</summary>
internal sealed record WatchState(bool Live, string? Gap);
