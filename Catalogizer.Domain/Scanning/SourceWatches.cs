using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>Watches the sources that are to be watched, and says how far that goes.</summary>
public sealed class SourceWatches : BackgroundService
{
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly SourceConnectors _connectors;
    private readonly ScanService _scans;
    private readonly ScanParts _parts;
    private readonly ILogger<SourceWatches> _logger;
    private readonly Dictionary<long, Kept> _kept = [];

    internal SourceWatches(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, ScanService scans, ScanParts parts, ILogger<SourceWatches> logger) =>
        (_contexts, _connectors, _scans, _parts, _logger) = (contexts, connectors, scans, parts, logger);

    /// <summary>How long nothing must change before what changed is looked at; the other pauses are multiples of it.</summary>
    internal TimeSpan Quiet { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How a source is watched now.</summary>
    public Watching Of(Source source)
    {
        if (!IsWanted(source))
        {
            return new Watching("off", null, null);
        }

        lock (_kept)
        {
            var state = _kept.GetValueOrDefault(source.Id)?.Watched.State ?? new WatchState(false, null);
            return new Watching(state.Live ? "live" : "polled", Floor(source), state.Gap);
        }
    }

    /// <summary>Has everything on a source looked at soon, if it is watched.</summary>
    internal bool LookAgain(long sourceId)
    {
        lock (_kept)
        {
            _kept.GetValueOrDefault(sourceId)?.Look.AskWhole(ScanKind.Quick, Quiet);
            return _kept.ContainsKey(sourceId);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _parts.Events.Subscribe(e => e is SourceChanged, isOwn: true);
        try
        {
            await TryAlignAsync(stoppingToken);
            await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
            {
                await TryAlignAsync(stoppingToken);
            }
        }
        finally
        {
            foreach (var id in _kept.Keys.ToList())
            {
                await EndAsync(id);
            }
        }
    }

    private static bool IsWanted(Source source) => source is { Watch: true, IsPaused: false, Availability: not SourceAvailability.Retired };

    /// <summary>What a watch depends on; when it changes, the watch is set up anew.</summary>
    private string Key(Source source) => $"{source.Protocol}\n{_connectors.Place(source)}\n{source.Smb?.Domain}\n{source.Smb?.UserName}\n{source.Smb?.SealedPassword}\n{source.Smb?.Encryption}";

    private TimeSpan? Floor(Source source) => source.Schedule is null ? _parts.Options.CheckEvery : null;

    private async Task TryAlignAsync(CancellationToken cancellation)
    {
        try
        {
            await AlignAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            _logger.LogError(exception, "What is watched could not be brought up to date; the next change of a source tries again");
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task AlignAsync(CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).ToListAsync(cancellation);
        var wanted = sources.Where(IsWanted).ToDictionary(s => s.Id);
        foreach (var id in _kept.Where(k => !wanted.TryGetValue(k.Key, out var source) || Key(source) != k.Value.Key).Select(k => k.Key).ToList())
        {
            await EndAsync(id);
        }

        foreach (var source in wanted.Values)
        {
            var kept = _kept.GetValueOrDefault(source.Id) ?? Begin(source);
            kept.Look.Every(Floor(source));
        }
    }

    private Kept Begin(Source source)
    {
        var look = new PendingLook(_parts.Time, Quiet);
        var watched = new WatchedSource(source, _connectors, _scans, _parts.Ignore.Covers, look, Quiet, _parts.Time, () => _parts.Events.Publish(new SourceChanged(source.Id)), _logger);
        var stop = new CancellationTokenSource();
        var kept = new Kept(Key(source), watched, look, stop, Task.Run(() => watched.RunAsync(stop.Token)));
        lock (_kept)
        {
            _kept.Add(source.Id, kept);
        }

        return kept;
    }

    private async Task EndAsync(long id)
    {
        var kept = _kept[id];
        await kept.Stop.CancelAsync();
        await kept.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        kept.Stop.Dispose();
        lock (_kept)
        {
            _kept.Remove(id);
        }
    }

    private sealed record Kept(string Key, WatchedSource Watched, PendingLook Look, CancellationTokenSource Stop, Task Running);
}

/// <summary>How a source's changes come to be known.</summary>
/// <param name="Word">live, polled or off.</param>
/// <param name="CheckEvery">How often it is looked over in any case; null where its own schedule does that, or nothing.</param>
/// <param name="Gap">Why it is not live, in one sentence; null when it is, or while the watch is being set up.</param>
public sealed record Watching(string Word, TimeSpan? CheckEvery, string? Gap);
