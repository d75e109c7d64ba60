using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Upkeep;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>What is told and kept of a source's outages.</summary>
public sealed class SourceHistoryTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new();
    private readonly TestCatalogue _catalogue;
    private EventSubscription? _heard;

    public SourceHistoryTests() => _catalogue = new TestCatalogue(_time);

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
        var circuit = await OutOfAsync();

        await TurnAsync(circuit, CircuitState.Open);
        Assert.Equal([true], await HeardAsync());
        for (var i = 0; i < 5; i++)
        {
            await TurnAsync(circuit, CircuitState.Closed);
            await WaitAsync(30);
            await TurnAsync(circuit, CircuitState.Open);
            await TurnAsync(circuit, CircuitState.HalfOpen);
            await WaitAsync(90);
        }

        await TurnAsync(circuit, CircuitState.Closed);
        await WaitAsync(60);
        Assert.Equal([false], await HeardAsync());

        await TurnAsync(circuit, CircuitState.Offline);
        Assert.Equal([true], await HeardAsync());
    }

    [Fact]
    public async Task Alerts_AwayOverThreeStarts_IsToldOnceAndItsReturnOnceAndBothAreKnownADayLater()
    {
        var away = _time.GetUtcNow().AddMinutes(2);
        await TurnAsync(await OutOfAsync(), CircuitState.Open);
        Assert.Equal([true], await HeardAsync());
        for (var start = 2; start <= 3; start++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await TurnAsync(await RestartAsync(), CircuitState.Offline);
            await WaitAsync(90);
            Assert.Empty(await HeardAsync());
        }

        var back = _time.GetUtcNow();
        await TurnAsync(Circuit, CircuitState.Closed);
        await WaitAsync(60);
        Assert.Equal([false], await HeardAsync());

        await RestartAsync();
        await WaitAsync(90);
        Assert.Empty(await HeardAsync());
        _time.Advance(TimeSpan.FromDays(1));
        var outage = Assert.Single(await _catalogue.Services.GetRequiredService<SourceOutageStore>().ListRecentAsync(Actor.System, 5, default));
        Assert.Equal((away, back, "The cable is out."), (outage.StartedAt, outage.EndedAt, outage.Reason));
        Assert.Equal(["Films went away. The cable is out.", "Films came back."], ActivityEntry.From(outage).Select(n => n.Text));
    }

    [Fact]
    public async Task Alerts_StoppedBeforeTheReturnWasTold_IsToldByTheNextStart()
    {
        var circuit = await OutOfAsync();
        await TurnAsync(circuit, CircuitState.Open);
        await TurnAsync(circuit, CircuitState.Closed);
        _catalogue.Execute("UPDATE sources SET availability = 0");
        Assert.Equal([true], await HeardAsync());

        await RestartAsync();
        await WaitAsync(60);

        Assert.Equal([false], await HeardAsync());
    }

    [Fact]
    public async Task Retention_OutagesThatAreOver_GoAndOpenOnesStay()
    {
        var source = (await _catalogue.AddSourceAsync()).Id;
        var outages = _catalogue.Services.GetRequiredService<SourceOutageStore>();
        await outages.BeginAsync(source, _time.GetUtcNow(), "The cable is out.", default);
        await outages.EndAsync(source, _time.GetUtcNow(), default);
        await outages.BeginAsync(source, _time.GetUtcNow(), "The cable is out again.", default);
        _time.Advance(TimeSpan.FromDays(91));

        await _catalogue.Services.GetRequiredService<RetentionService>().RunAsync(null, default);

        Assert.Equal("The cable is out again.", Assert.Single(await outages.ListRecentAsync(Actor.System, 10, default)).Reason);
    }

    public ValueTask DisposeAsync()
    {
        _heard?.Dispose();
        return _catalogue.DisposeAsync();
    }

    private CircuitRegistry States => _catalogue.Services.GetRequiredService<CircuitRegistry>();

    private SourceAlerts Alerts => _catalogue.Services.GetRequiredService<SourceAlerts>();

    private EventStreamer Events => _catalogue.Services.GetRequiredService<EventStreamer>();

    private SourceCircuit Circuit => States.All.Single();

    /// <summary>A source that was scanned and that cannot be read any more, and somebody who hears what is told.</summary>
    private async Task<SourceCircuit> OutOfAsync()
    {
        var source = (await _catalogue.AddSourceAsync()).Id;
        await _catalogue.ScanAsync(source);
        await Alerts.LoadAsync(default);
        _heard = Events.Subscribe(e => e is SourceAlert or HealthChecked);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _catalogue.Services.GetRequiredService<SourceConnectors>().RecordFailureAsync(Circuit.Source, new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true }, default);
        return Circuit;
    }

    /// <summary>The next process, which begins with what the catalogue says.</summary>
    private async Task<SourceCircuit> RestartAsync()
    {
        _heard!.Dispose();
        await _catalogue.ReopenAsync();
        await _catalogue.Sources.StatusAsync(Actor.System, default);
        _heard = Events.Subscribe(e => e is SourceAlert or HealthChecked);
        await Alerts.LoadAsync(default);
        return Circuit;
    }

    private Task TurnAsync(SourceCircuit circuit, CircuitState state) => Alerts.OnStateChangedAsync(new CircuitStateChange(circuit, state, _time.GetUtcNow()), default);

    private Task WaitAsync(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return Alerts.PublishRecoveriesAsync(default);
    }

    /// <summary>What was told since it was last asked.</summary>
    private async Task<List<bool>> HeardAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Events.Publish(new HealthChecked());
        await foreach (var batch in _heard!.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            return [.. batch.OfType<SourceAlert>().Select(a => a.IsOffline)];
        }

        return [];
    }
}
