using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning.Watching;

/// <summary>Watches the sources that are to be watched, and reports how far that is possible.</summary>
public sealed class SourceWatchService : BackgroundService
{
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly SourceConnectors _connectors;
    private readonly ScanService _scans;
    private readonly ScanServices _services;
    private readonly ILogger<SourceWatchService> _logger;
    private readonly Dictionary<long, WatchEntry> _watches = [];

    internal SourceWatchService(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, ScanService scans, ScanServices services, ILogger<SourceWatchService> logger) =>
        (_contexts, _connectors, _scans, _services, _logger) = (contexts, connectors, scans, services, logger);

    /// <summary>How long a source must be quiet before its changes are scanned; the other pauses are multiples of it.</summary>
    internal TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(1);

    public WatchStatus GetStatus(Source source)
    {
        if (!ShouldWatch(source))
        {
            return new WatchStatus("off", null, null);
        }

        lock (_watches)
        {
            var state = _watches.GetValueOrDefault(source.Id)?.Watcher.State ?? new WatchState(false, null);
            return new WatchStatus(state.IsLive ? "live" : "polled", GetCheckInterval(source), state.Limitation);
        }
    }

    /// <summary>Requests a quick scan of the whole source if it is watched; returns whether it is.</summary>
    internal bool RescanSoon(long sourceId)
    {
        lock (_watches)
        {
            _watches.GetValueOrDefault(sourceId)?.Debouncer.RequestSourceScan(ScanKind.Quick, QuietPeriod);
            return _watches.ContainsKey(sourceId);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _services.Events.Subscribe(e => e is SourceChanged, isInternal: true);
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
            foreach (var id in _watches.Keys.ToList())
            {
                await StopWatchAsync(id);
            }
        }
    }

    private static bool ShouldWatch(Source source) => source is { Watch: true, IsPaused: false, Availability: not SourceAvailability.Retired };

    /// <summary>Everything a watch depends on; when it changes, the watch is set up again.</summary>
    private string GetKey(Source source) => $"{source.Protocol}\n{_connectors.GetLocation(source)}\n{source.Smb?.Domain}\n{source.Smb?.UserName}\n{source.Smb?.SealedPassword}\n{source.Smb?.Encryption}";

    private TimeSpan? GetCheckInterval(Source source) => source.Schedule is null ? _services.Options.CheckEvery : null;

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
        var wantedSources = sources.Where(ShouldWatch).ToDictionary(s => s.Id);
        foreach (var id in _watches.Where(k => !wantedSources.TryGetValue(k.Key, out var source) || GetKey(source) != k.Value.Key).Select(k => k.Key).ToList())
        {
            await StopWatchAsync(id);
        }

        foreach (var source in wantedSources.Values)
        {
            var entry = _watches.GetValueOrDefault(source.Id) ?? StartWatch(source);
            entry.Debouncer.SetInterval(GetCheckInterval(source));
        }
    }

    private WatchEntry StartWatch(Source source)
    {
        var debouncer = new ScanDebouncer(_services.Time, QuietPeriod);
        var watcher = new SourceWatcher(source, _connectors, _scans, name => _services.IgnoreList.IsIgnored(name, isAtRoot: false), debouncer, QuietPeriod, _services.Time, () => _services.Events.Publish(new SourceChanged(source.Id)), _logger);
        var stop = new CancellationTokenSource();
        var entry = new WatchEntry(GetKey(source), watcher, debouncer, stop, Task.Run(() => watcher.RunAsync(stop.Token)));
        lock (_watches)
        {
            _watches.Add(source.Id, entry);
        }

        return entry;
    }

    private async Task StopWatchAsync(long id)
    {
        var entry = _watches[id];
        await entry.Cancellation.CancelAsync();
        await entry.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        entry.Cancellation.Dispose();
        lock (_watches)
        {
            _watches.Remove(id);
        }
    }

    private sealed record WatchEntry(string Key, SourceWatcher Watcher, ScanDebouncer Debouncer, CancellationTokenSource Cancellation, Task Completion);
}

/// <summary>How changes of a source are noticed.</summary>
/// <param name="Mode">live, polled or off.</param>
/// <param name="CheckEvery">How often the whole source is scanned in any case; null where its own schedule does that, or when it is not watched.</param>
/// <param name="Limitation">Why it is not live, in one sentence; null when it is, while the watch is being set up, or when it is off.</param>
public sealed record WatchStatus(string Mode, TimeSpan? CheckEvery, string? Limitation);
