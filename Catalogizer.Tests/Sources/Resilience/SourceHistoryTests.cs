using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>What is told and kept of a source's outages.</summary>
public sealed class SourceHistoryTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTime _time = new();

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

        var hours = SourceTimeline.ByHour(periods, Monday.AddHours(4));

        Assert.Equal([1, 0.75, 0.5, 1, 1], hours.Take(5));
        Assert.Equal(168, hours.Count);
        Assert.Null(SourceTimeline.ByHour([periods[3]], Monday.AddHours(4))[10]);
    }

    [Fact]
    public async Task Alerts_SourceThatComesAndGoes_IsToldOnceAndOnceBack()
    {
        var events = new EventStreamer(_time);
        var states = new SourceStates(Options.Create(new ResilienceOptions()), events, _time);
        var alerts = new SourceAlerts(states, events, _time, NullLogger<SourceAlerts>.Instance);
        var circuit = states.Pipeline(SourceCircuitTests.Source()).Circuit;
        using var heard = events.Subscribe();
        void Turn(CircuitState state) => alerts.Hear(new SourceTurn(circuit, state, _time.GetUtcNow()));
        void Wait(int seconds)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            alerts.Tick();
        }

        Turn(CircuitState.Open);
        Assert.Equal([true], await HeardAsync(heard));
        for (var i = 0; i < 5; i++)
        {
            Turn(CircuitState.Closed);
            Wait(30);
            Turn(CircuitState.Open);
            Turn(CircuitState.HalfOpen);
            Wait(90);
        }

        Turn(CircuitState.Closed);
        Wait(60);
        Assert.Equal([false], await HeardAsync(heard));

        Turn(CircuitState.Offline);
        Assert.Equal([true], await HeardAsync(heard));
    }

    private static async Task<List<bool>> HeardAsync(EventSubscription heard)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var batch in heard.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            return [.. batch.OfType<SourceAlert>().Select(a => a.IsAway)];
        }

        return [];
    }
}
