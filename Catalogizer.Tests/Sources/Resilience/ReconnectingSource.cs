using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>A catalogue whose sources are reconnected in the background, as in the running program, with a user who has a page open.</summary>
internal sealed class ReconnectingSource : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TestCatalog _catalog;
    private readonly List<IHostedService> _startedServices;
    private readonly IDisposable? _watcher;

    private ReconnectingSource(TestCatalog catalog, List<IHostedService> started, IDisposable? watcher) => (_catalog, _startedServices, _watcher) = (catalog, started, watcher);

    /// <param name="watchForChanges">Whether sources are also watched for changes.</param>
    /// <param name="hasObserver">Whether a user has a page of the sources open.</param>
    public static async Task<ReconnectingSource> StartAsync(TestCatalog catalog, bool watchForChanges = false, bool hasObserver = true)
    {
        List<IHostedService> started = [ActivatorUtilities.CreateInstance<ScanRecoveryService>(catalog.Services)];
        if (watchForChanges)
        {
            var watch = catalog.Services.GetRequiredService<SourceWatchService>();
            watch.QuietPeriod = TimeSpan.FromMilliseconds(50);
            started.Add(watch);
        }

        started.Add(catalog.Services.GetRequiredService<SourceReconnector>());
        foreach (var service in started)
        {
            await service.StartAsync(default);
        }

        return new ReconnectingSource(catalog, started, hasObserver ? catalog.Services.GetRequiredService<CircuitRegistry>().RegisterViewer() : null);
    }

    public async Task<SourceStatus> ReadStatusAsync() => Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));

    /// <summary>Waits for events of the source until its status matches.</summary>
    public async Task<SourceStatus> WaitUntilAsync(Func<SourceStatus, bool> predicate)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceChanged or ScanProgressed, isInternal: true);
        var status = await ReadStatusAsync();
        if (predicate(status))
        {
            return status;
        }

        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            status = await ReadStatusAsync();
            if (predicate(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException($"Waited in vain; it is {status}");
    }

    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        foreach (var service in Enumerable.Reverse(_startedServices))
        {
            await service.StopAsync(default);
        }
    }
}
