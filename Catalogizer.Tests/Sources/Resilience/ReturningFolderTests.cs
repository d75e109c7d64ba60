using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>A local folder that goes offline and comes back.</summary>
public sealed class ReturningFolderTests : IAsyncDisposable
{
    private readonly FaultySource _faultySource = new();
    private TestCatalog _catalog = new();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Root_GoneAndBack_IsReconnectedAndCaughtUp(bool watches)
    {
        var source = await AddScannedSourceAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, watches);
        using var alerts = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);

        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        var scan = await _catalog.ScanAsync(source, ScanKind.Quick);
        Assert.Equal((ScanState.Failed, 0), (scan.State, scan.Missing));
        var away = await reconnecting.WaitUntilAsync(s => s.State != "closed");
        Assert.Equal((0, 2, 0), (away.PresentFiles, away.UnknownFiles, away.MissingFiles));
        Assert.NotNull(away.NextAttemptAt);

        File.WriteAllText(Path.Combine(_catalog.Root + ".away", "New (2005).mkv"), "new");
        Directory.Move(_catalog.Root + ".away", _catalog.Root);

        var back = await reconnecting.WaitUntilAsync(s => s.State == "closed" && s.PresentFiles == 3);
        Assert.Equal((0, 0, null, 0), (back.UnknownFiles, back.MissingFiles, back.LastError, back.Failures));
        var history = (await _catalog.Services.GetRequiredService<SourceTimeline>().ReadAsync(Actor.System, source, default)).Value;
        Assert.Equal([CircuitState.Closed, CircuitState.Open, CircuitState.Closed], history.Periods.Select(p => p.State));
        Assert.NotNull(history.Periods[1].Why);
        Assert.Equal(0, _catalog.Count("SELECT availability FROM sources"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Root_GoneOverThreeStarts_IsToldOnceAndItsReturnOnce()
    {
        await using var plain = _catalog;
        _catalog = new TestCatalog(configureServices: services => services.Configure<ResilienceOptions>(o => o.AlertPause = TimeSpan.FromSeconds(1)));
        var source = await AddScannedSourceAsync();
        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        Assert.True(await IsNextAlertOfflineAsync(() => _catalog.ScanAsync(source, ScanKind.Quick)));
        await _catalog.ReopenAsync();
        await using (var reconnecting = await ReconnectingSource.StartAsync(_catalog))
        {
            await _catalog.ScanAsync(source, ScanKind.Quick);
        }

        await _catalog.ReopenAsync();
        Assert.False(await IsNextAlertOfflineAsync(async () =>
        {
            await _catalog.ScanAsync(source, ScanKind.Quick);
            Directory.Move(_catalog.Root + ".away", _catalog.Root);
        }));

        var outage = Assert.Single(await _catalog.Services.GetRequiredService<SourceOutageStore>().ListRecentAsync(Actor.System, 5, default));
        Assert.NotNull(outage.EndedAt);
    }

    [Fact]
    public async Task Scan_AskedForWhileItIsAway_FailsAtOnce()
    {
        await using var faultyCatalog = await OpenFaultyCatalogAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, hasObserver: false);
        _faultySource.BeforeAccess = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        Assert.Equal("The cable is out.", (await _catalog.ScanAsync(1)).Reason);
        await reconnecting.WaitUntilAsync(s => s.State == "open");
        var asked = 0;
        _faultySource.BeforeAccess = _ =>
        {
            asked++;
            throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        };

        var scan = await _catalog.ScanAsync(1, ScanKind.Quick);

        Assert.Equal((ScanState.Failed, 1), (scan.State, asked));      // whether it responds, and nothing else
        Assert.StartsWith("The cable is out. Next try in ", scan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_AskedForWhenItIsBackUnnoticed_Runs()
    {
        await using var faultyCatalog = await OpenFaultyCatalogAsync(o => o.ResetTimeout = TimeSpan.FromHours(1));
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, hasObserver: false);
        _faultySource.BeforeAccess = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        await _catalog.ScanAsync(1);
        await reconnecting.WaitUntilAsync(s => s.State == "open");
        _faultySource.BeforeAccess = _ => { };

        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(1)).State);
    }

    [Fact]
    public async Task Reconnect_AskedFor_DoesNotWait()
    {
        await using var faultyCatalog = await OpenFaultyCatalogAsync(o => o.ResetTimeout = TimeSpan.FromHours(1));
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, hasObserver: false);
        _faultySource.BeforeAccess = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        await _catalog.ScanAsync(1);
        await reconnecting.WaitUntilAsync(s => s.State == "open");
        _faultySource.BeforeAccess = _ => { };

        var scan = (await _catalog.Sources.ReconnectAsync(Actor.System, 1, default)).Value;
        await _catalog.Scans.WaitAsync(scan.Id, default);

        Assert.Equal(ScanState.Completed, (await _catalog.Scans.GetAsync(Actor.System, scan.Id, default)).Value.State);
        Assert.Equal("closed", (await reconnecting.ReadStatusAsync()).State);
    }

    [Fact]
    public async Task Scan_CutInTheMiddle_GoesOnByItself()
    {
        await using var faultyCatalog = await OpenFaultyCatalogAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        for (var i = 0; i < 30; i++)
        {
            _catalog.Write($"Shows/{i}/Wonder {i} ({1950 + i}).mkv");
        }

        var away = false;
        _faultySource.BeforeAccess = folder =>
        {
            away |= folder == "Shows/17";
            if (away)
            {
                throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
            }
        };
        var scan = await _catalog.ScanAsync(1);
        Assert.Equal((ScanState.Failed, 0), (scan.State, scan.Missing));
        var before = await reconnecting.WaitUntilAsync(s => s.State == "open");
        Assert.Equal((0, 0), (before.PresentFiles, before.MissingFiles));

        _faultySource.BeforeAccess = _ => { };

        var after = await reconnecting.WaitUntilAsync(s => s is { State: "closed", PresentFiles: 32, LastScan.State: ScanState.Completed });
        Assert.Equal((0, 0), (after.UnknownFiles, after.MissingFiles));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task MostlyOffline_Away_IsNoAlert()
    {
        var source = await AddScannedSourceAsync();
        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Mode = "mostlyOffline" }, default);
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        using var alerts = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);
        var alertCount = 0;
        _ = Task.Run(async () =>
        {
            await foreach (var batch in alerts.ReadAsync(TimeSpan.Zero, default))
            {
                Interlocked.Add(ref alertCount, batch.Count);
            }
        });

        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        await _catalog.ScanAsync(source, ScanKind.Quick);
        await reconnecting.WaitUntilAsync(s => s.State == "offline");
        Directory.Move(_catalog.Root + ".away", _catalog.Root);
        await reconnecting.WaitUntilAsync(s => s is { State: "closed", PresentFiles: 2, LastScan.State: ScanState.Completed });

        Assert.Equal(0, alertCount);
    }

    [Fact]
    public async Task BroughtBack_AnswersAtOnce_WasNoOutage()
    {
        var source = await AddScannedSourceAsync();
        await _catalog.Sources.RetireAsync(Actor.System, source, default);
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);

        await _catalog.Sources.ReviveAsync(Actor.System, source, default);
        await reconnecting.WaitUntilAsync(s => s is { State: "closed", PresentFiles: 2 });

        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM source_outages"));
    }

    /// <summary>Reconnects the sources in the background until the first alert.</summary>
    /// <returns>Whether the alert reports the source as offline.</returns>
    private async Task<bool> IsNextAlertOfflineAsync(Func<Task> work)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var alerts = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        await work();
        await foreach (var batch in alerts.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            return Assert.IsType<SourceAlert>(Assert.Single(batch)).IsOffline;
        }

        throw new InvalidOperationException("Nothing was told.");
    }

    private async Task<long> AddScannedSourceAsync()
    {
        _catalog.Write("A (2001).mkv");
        _catalog.Write("B (2002).mkv");
        var source = (await _catalog.AddSourceAsync()).Id;
        await _catalog.ScanAsync(source);
        return source;
    }

    private async Task<TestCatalog> OpenFaultyCatalogAsync(Action<ResilienceOptions>? settings = null)
    {
        var plain = _catalog;
        _catalog = new TestCatalog(configureServices: services =>
        {
            _faultySource.Register(services);
            services.Configure<ResilienceOptions>(o => settings?.Invoke(o));
        });
        Assert.Equal(1, await AddScannedSourceAsync());
        return plain;
    }
}
