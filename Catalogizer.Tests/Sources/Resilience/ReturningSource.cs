using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>A catalogue whose sources are kept, as in the running program, and somebody who looks on.</summary>
internal sealed class ReturningSource : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestCatalogue _catalogue;
    private readonly List<IHostedService> _started;
    private readonly IDisposable? _watcher;

    private ReturningSource(TestCatalogue catalogue, List<IHostedService> started, IDisposable? watcher) => (_catalogue, _started, _watcher) = (catalogue, started, watcher);

    /// <param name="watches">Whether sources are watched for changes, too.</param>
    /// <param name="looksOn">Whether somebody has a page of the sources open.</param>
    public static async Task<ReturningSource> KeepAsync(TestCatalogue catalogue, bool watches = false, bool looksOn = true)
    {
        List<IHostedService> started = [ActivatorUtilities.CreateInstance<ScanRecoveryService>(catalogue.Services)];
        if (watches)
        {
            var watch = catalogue.Services.GetRequiredService<SourceWatchService>();
            watch.QuietPeriod = TimeSpan.FromMilliseconds(50);
            started.Add(watch);
        }

        started.Add(catalogue.Services.GetRequiredService<SourceReconnector>());
        foreach (var service in started)
        {
            await service.StartAsync(default);
        }

        return new ReturningSource(catalogue, started, looksOn ? catalogue.Services.GetRequiredService<CircuitRegistry>().RegisterViewer() : null);
    }

    public async Task<SourceStatus> StatusAsync() => Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));

    /// <summary>Waits for news of the source until it is as it should be.</summary>
    public async Task<SourceStatus> UntilAsync(Func<SourceStatus, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var news = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceChanged or ScanProgressed, isInternal: true);
        var status = await StatusAsync();
        if (wanted(status))
        {
            return status;
        }

        await foreach (var _ in news.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            status = await StatusAsync();
            if (wanted(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException($"Waited in vain; it is {status}");
    }

    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        foreach (var service in Enumerable.Reverse(_started))
        {
            await service.StopAsync(default);
        }
    }
}
