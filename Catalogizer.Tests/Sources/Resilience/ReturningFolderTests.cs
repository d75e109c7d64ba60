using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>A folder of this machine that goes away and comes back.</summary>
public sealed class ReturningFolderTests : IAsyncDisposable
{
    private readonly TroubledSource _trouble = new();
    private TestCatalogue _catalogue = new();

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Root_GoneAndBack_IsReconnectedAndCaughtUp(bool watches)
    {
        var source = await ScannedAsync();
        await using var kept = await ReturningSource.KeepAsync(_catalogue, watches);
        using var alerts = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);

        Directory.Move(_catalogue.Root, _catalogue.Root + ".away");
        var scan = await _catalogue.ScanAsync(source, ScanKind.Quick);
        Assert.Equal((ScanState.Failed, 0), (scan.State, scan.Missing));
        var away = await kept.UntilAsync(s => s.State != "closed");
        Assert.Equal((0, 2, 0), (away.PresentFiles, away.UnknownFiles, away.MissingFiles));
        Assert.NotNull(away.NextAttemptAt);

        File.WriteAllText(Path.Combine(_catalogue.Root + ".away", "New (2005).mkv"), "new");
        Directory.Move(_catalogue.Root + ".away", _catalogue.Root);

        var back = await kept.UntilAsync(s => s.State == "closed" && s.PresentFiles == 3);
        Assert.Equal((0, 0, null, 0), (back.UnknownFiles, back.MissingFiles, back.LastError, back.Failures));
        var history = (await _catalogue.Services.GetRequiredService<SourceTimeline>().ReadAsync(Actor.System, source, default)).Value;
        Assert.Equal([CircuitState.Closed, CircuitState.Open, CircuitState.Closed], history.Periods.Select(p => p.State));
        Assert.NotNull(history.Periods[1].Why);
        Assert.Equal(0, _catalogue.Count("SELECT availability FROM sources"));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Root_GoneOverThreeStarts_IsToldOnceAndItsReturnOnce()
    {
        await using var plain = _catalogue;
        _catalogue = new TestCatalogue(more: services => services.Configure<ResilienceOptions>(o => o.AlertPause = TimeSpan.FromSeconds(1)));
        var source = await ScannedAsync();
        Directory.Move(_catalogue.Root, _catalogue.Root + ".away");
        Assert.True(await NextAlertAsync(() => _catalogue.ScanAsync(source, ScanKind.Quick)));
        await _catalogue.ReopenAsync();
        await using (var kept = await ReturningSource.KeepAsync(_catalogue))
        {
            await _catalogue.ScanAsync(source, ScanKind.Quick);
        }

        await _catalogue.ReopenAsync();
        Assert.False(await NextAlertAsync(async () =>
        {
            await _catalogue.ScanAsync(source, ScanKind.Quick);
            Directory.Move(_catalogue.Root + ".away", _catalogue.Root);
        }));

        var outage = Assert.Single(await _catalogue.Services.GetRequiredService<SourceOutageStore>().ListRecentAsync(Actor.System, 5, default));
        Assert.NotNull(outage.EndedAt);
    }

    [Fact]
    public async Task Scan_AskedForWhileItIsAway_FailsAtOnce()
    {
        await using var troubled = await TroubledAsync();
        await using var kept = await ReturningSource.KeepAsync(_catalogue, looksOn: false);
        _trouble.Before = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        Assert.Equal("The cable is out.", (await _catalogue.ScanAsync(1)).Reason);
        await kept.UntilAsync(s => s.State == "open");
        var asked = 0;
        _trouble.Before = _ =>
        {
            asked++;
            throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        };

        var scan = await _catalogue.ScanAsync(1, ScanKind.Quick);

        Assert.Equal((ScanState.Failed, 1), (scan.State, asked));      // whether it answers, and nothing else
        Assert.StartsWith("The cable is out. Next try in ", scan.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_AskedForWhenItIsBackUnnoticed_Runs()
    {
        await using var troubled = await TroubledAsync(o => o.ResetTimeout = TimeSpan.FromHours(1));
        await using var kept = await ReturningSource.KeepAsync(_catalogue, looksOn: false);
        _trouble.Before = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        await _catalogue.ScanAsync(1);
        await kept.UntilAsync(s => s.State == "open");
        _trouble.Before = _ => { };

        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(1)).State);
    }

    [Fact]
    public async Task Reconnect_AskedFor_DoesNotWait()
    {
        await using var troubled = await TroubledAsync(o => o.ResetTimeout = TimeSpan.FromHours(1));
        await using var kept = await ReturningSource.KeepAsync(_catalogue, looksOn: false);
        _trouble.Before = _ => throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
        await _catalogue.ScanAsync(1);
        await kept.UntilAsync(s => s.State == "open");
        _trouble.Before = _ => { };

        var scan = (await _catalogue.Sources.ReconnectAsync(Actor.System, 1, default)).Value;
        await _catalogue.Scans.WaitAsync(scan.Id, default);

        Assert.Equal(ScanState.Completed, (await _catalogue.Scans.GetAsync(Actor.System, scan.Id, default)).Value.State);
        Assert.Equal("closed", (await kept.StatusAsync()).State);
    }

    [Fact]
    public async Task Scan_CutInTheMiddle_GoesOnByItself()
    {
        await using var troubled = await TroubledAsync();
        await using var kept = await ReturningSource.KeepAsync(_catalogue);
        for (var i = 0; i < 30; i++)
        {
            _catalogue.Write($"Shows/{i}/Wonder {i} ({1950 + i}).mkv");
        }

        var away = false;
        _trouble.Before = folder =>
        {
            away |= folder == "Shows/17";
            if (away)
            {
                throw new SourceException(SourceErrorKind.Unreachable, "The cable is out.");
            }
        };
        var scan = await _catalogue.ScanAsync(1);
        Assert.Equal((ScanState.Failed, 0), (scan.State, scan.Missing));
        var before = await kept.UntilAsync(s => s.State == "open");
        Assert.Equal((0, 0), (before.PresentFiles, before.MissingFiles));

        _trouble.Before = _ => { };

        var after = await kept.UntilAsync(s => s is { State: "closed", PresentFiles: 32, LastScan.State: ScanState.Completed });
        Assert.Equal((0, 0), (after.UnknownFiles, after.MissingFiles));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task MostlyOffline_Away_IsNoAlert()
    {
        var source = await ScannedAsync();
        await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Mode = "mostlyOffline" }, default);
        await using var kept = await ReturningSource.KeepAsync(_catalogue);
        using var alerts = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);
        var told = 0;
        _ = Task.Run(async () =>
        {
            await foreach (var batch in alerts.ReadAsync(TimeSpan.Zero, default))
            {
                Interlocked.Add(ref told, batch.Count);
            }
        });

        Directory.Move(_catalogue.Root, _catalogue.Root + ".away");
        await _catalogue.ScanAsync(source, ScanKind.Quick);
        await kept.UntilAsync(s => s.State == "offline");
        Directory.Move(_catalogue.Root + ".away", _catalogue.Root);
        await kept.UntilAsync(s => s is { State: "closed", PresentFiles: 2, LastScan.State: ScanState.Completed });

        Assert.Equal(0, told);
    }

    [Fact]
    public async Task BroughtBack_AnswersAtOnce_WasNoOutage()
    {
        var source = await ScannedAsync();
        await _catalogue.Sources.RetireAsync(Actor.System, source, default);
        await using var kept = await ReturningSource.KeepAsync(_catalogue);

        await _catalogue.Sources.ReviveAsync(Actor.System, source, default);
        await kept.UntilAsync(s => s is { State: "closed", PresentFiles: 2 });

        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM source_outages"));
    }

    /// <summary>Keeps the sources until something is told of one.</summary>
    /// <returns>Whether it is told to be away.</returns>
    private async Task<bool> NextAlertAsync(Func<Task> work)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var alerts = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is SourceAlert);
        await using var kept = await ReturningSource.KeepAsync(_catalogue);
        await work();
        await foreach (var batch in alerts.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            return Assert.IsType<SourceAlert>(Assert.Single(batch)).IsOffline;
        }

        throw new InvalidOperationException("Nothing was told.");
    }

    private async Task<long> ScannedAsync()
    {
        _catalogue.Write("A (2001).mkv");
        _catalogue.Write("B (2002).mkv");
        var source = (await _catalogue.AddSourceAsync()).Id;
        await _catalogue.ScanAsync(source);
        return source;
    }

    private async Task<TestCatalogue> TroubledAsync(Action<ResilienceOptions>? settings = null)
    {
        var plain = _catalogue;
        _catalogue = new TestCatalogue(more: services =>
        {
            _trouble.Replace(services);
            services.Configure<ResilienceOptions>(o => settings?.Invoke(o));
        });
        Assert.Equal(1, await ScannedAsync());
        return plain;
    }
}
