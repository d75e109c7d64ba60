using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>What is reported and stored about a source's outages.</summary>
public sealed class SourceHistoryTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;
    private EventSubscription? _subscription;

    public SourceHistoryTests() => _catalog = new TestCatalog(_time);

    [Fact]
    public void ByHour_AwayEveryMondayNight_ShowsInItsHours()
    {
        var periods = new[]
        {
            new SourcePeriod(CircuitState.Closed, Monday.AddDays(-7), Monday.AddHours(1.5), null, null),
            new SourcePeriod(CircuitState.Open, Monday.AddHours(1.5), Monday.AddHours(2), null, null),
            new SourcePeriod(CircuitState.Offline, Monday.AddHours(2), Monday.AddHours(3), null, null),
            new SourcePeriod(CircuitState.Closed, Monday.AddHours(3), null, null, null),
        };

        var hours = SourceTimeline.CalculateByHour(periods, Monday.AddHours(4));

        Assert.Equal([1, 0.75, 0.5, 1, 1], hours.Take(5));
        Assert.Equal(168, hours.Count);
        Assert.Null(SourceTimeline.CalculateByHour([periods[3]], Monday.AddHours(4))[10]);
    }

    [Fact]
    public async Task Alerts_SourceThatComesAndGoes_IsToldOnceAndOnceBack()
    {
        var circuit = await AddUnreadableSourceAsync();

        await ChangeStateAsync(circuit, CircuitState.Open);
        Assert.Equal([true], await ReadAlertsAsync());
        for (var i = 0; i < 5; i++)
        {
            await ChangeStateAsync(circuit, CircuitState.Closed);
            await AdvanceAsync(30);
            await ChangeStateAsync(circuit, CircuitState.Open);
            await ChangeStateAsync(circuit, CircuitState.HalfOpen);
            await AdvanceAsync(90);
        }

        await ChangeStateAsync(circuit, CircuitState.Closed);
        await AdvanceAsync(60);
        Assert.Equal([false], await ReadAlertsAsync());

        await ChangeStateAsync(circuit, CircuitState.Offline);
        Assert.Equal([true], await ReadAlertsAsync());
    }

    [Fact]
    public async Task Alerts_AwayOverThreeStarts_IsToldOnceAndItsReturnOnceAndBothAreKnownADayLater()
    {
        var away = _time.GetUtcNow().AddMinutes(2);
        await ChangeStateAsync(await AddUnreadableSourceAsync(), CircuitState.Open);
        Assert.Equal([true], await ReadAlertsAsync());
        for (var start = 2; start <= 3; start++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await ChangeStateAsync(await RestartAsync(), CircuitState.Offline);
            await AdvanceAsync(90);
            Assert.Empty(await ReadAlertsAsync());
        }

        var back = _time.GetUtcNow();
        await ChangeStateAsync(Circuit, CircuitState.Closed);
        await AdvanceAsync(60);
        Assert.Equal([false], await ReadAlertsAsync());

        await RestartAsync();
        await AdvanceAsync(90);
        Assert.Empty(await ReadAlertsAsync());
        _time.Advance(TimeSpan.FromDays(1));
        var outage = Assert.Single(await _catalog.Services.GetRequiredService<SourceOutageStore>().ListRecentAsync(Actor.System, 5, default));
        Assert.Equal((away, back, "The cable is out."), (outage.StartedAt, outage.EndedAt, outage.Reason));
        Assert.Equal(["Films went away. The cable is out.", "Films came back."], ActivityEntry.From(outage).Select(n => n.Text));
    }

    [Fact]
    public async Task Alerts_StoppedBeforeTheReturnWasTold_IsToldByTheNextStart()
    {
        var circuit = await AddUnreadableSourceAsync();
        await ChangeStateAsync(circuit, CircuitState.Open);
        await ChangeStateAsync(circuit, CircuitState.Closed);
        _catalog.Execute("UPDATE sources SET availability = 0");
        Assert.Equal([true], await ReadAlertsAsync());

        await RestartAsync();
        await AdvanceAsync(60);

        Assert.Equal([false], await ReadAlertsAsync());
    }

    [Fact]
    public async Task Retention_OutagesThatAreOver_GoAndOpenOnesStay()
    {
        var source = (await _catalog.AddSourceAsync()).Id;
        var outages = _catalog.Services.GetRequiredService<SourceOutageStore>();
        await outages.BeginAsync(source, _time.GetUtcNow(), "The cable is out.", default);
        await outages.EndAsync(source, _time.GetUtcNow(), default);
        await outages.BeginAsync(source, _time.GetUtcNow(), "The cable is out again.", default);
        _time.Advance(TimeSpan.FromDays(91));

        await _catalog.Services.GetRequiredService<RetentionService>().RunAsync(null, default);

        Assert.Equal("The cable is out again.", Assert.Single(await outages.ListRecentAsync(Actor.System, 10, default)).Reason);
    }

    public ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        return _catalog.DisposeAsync();
    }

    private CircuitRegistry States => _catalog.Services.GetRequiredService<CircuitRegistry>();

    private SourceAlerts Alerts => _catalog.Services.GetRequiredService<SourceAlerts>();

    private EventStreamer Events => _catalog.Services.GetRequiredService<EventStreamer>();

    private SourceCircuit Circuit => States.All.Single();

    /// <summary>Adds a scanned source that can no longer be read, and subscribes to its alerts.</summary>
    private async Task<SourceCircuit> AddUnreadableSourceAsync()
    {
        var source = (await _catalog.AddSourceAsync()).Id;
        await _catalog.ScanAsync(source);
        await Alerts.LoadAsync(default);
        _subscription = Events.Subscribe(e => e is SourceAlert or HealthChecked);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _catalog.Services.GetRequiredService<SourceConnectors>().RecordFailureAsync(Circuit.Source, new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true }, default);
        return Circuit;
    }

    /// <summary>The next process, which starts with what is stored in the catalogue.</summary>
    private async Task<SourceCircuit> RestartAsync()
    {
        _subscription!.Dispose();
        await _catalog.ReopenAsync();
        await _catalog.Sources.StatusAsync(Actor.System, default);
        _subscription = Events.Subscribe(e => e is SourceAlert or HealthChecked);
        await Alerts.LoadAsync(default);
        return Circuit;
    }

    private Task ChangeStateAsync(SourceCircuit circuit, CircuitState state) => Alerts.OnStateChangedAsync(new CircuitStateChange(circuit, state, _time.GetUtcNow()), default);

    private Task AdvanceAsync(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return Alerts.PublishRecoveriesAsync(default);
    }

    /// <summary>The alerts published since the last call.</summary>
    private async Task<List<bool>> ReadAlertsAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Events.Publish(new HealthChecked());
        await foreach (var batch in _subscription!.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            return [.. batch.OfType<SourceAlert>().Select(a => a.IsOffline)];
        }

        return [];
    }
}
