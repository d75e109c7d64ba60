using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Health;
using Catalogizer.Domain.Upkeep;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Health;

/// <summary>What the checks find, how it is kept, and when it is told.</summary>
public sealed class HealthWatchTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly Patient _patient = new();
    private readonly Outside _outside = new();
    private readonly TestCatalogue _catalogue;

    public HealthWatchTests() => _catalogue = new TestCatalogue(_time, more: services => services
        .AddSingleton(_patient)
        .AddSingleton(_outside)
        .AddHealthCheck<Patient>("patient", "Patient", "Give it tea.", (patient, cancellation) => patient.Look(cancellation))
        .AddHealthCheck<Outside>("outside", "Outside", "Wait.", (outside, cancellation) => outside.Look(cancellation), isLive: true, gracePeriod: TimeSpan.FromMinutes(10), retry: (outside, _) =>
        {
            outside.Retried.TrySetResult();
            return Task.CompletedTask;
        }));

    private HealthService Watch => _catalogue.Services.GetRequiredService<HealthService>();

    private HealthChecker Checker => _catalogue.Services.GetRequiredService<HealthChecker>();

    [Fact]
    public async Task Look_CheckTurnsAndTurnsBack_IsToldOnceEachAndKeptAsStretches()
    {
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert);
        await LookAsync(3);
        _patient.Look = _ => Task.FromResult(new CheckResult(false, "It has a cold."));
        await LookAsync(4);
        _patient.Look = Well;
        await LookAsync(2);

        var alerts = await Heard(ear);
        Assert.Equal((true, "Well."), (Assert.Single(alerts).Ok, alerts[0].Message));
        Assert.Equal(["1|3|Well.", "0|4|It has a cold.", "1|2|Well."], _catalogue.Rows("SELECT ok, looks, message FROM health_checks WHERE name = 'patient' ORDER BY id"));
        var status = (await Watch.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Checks.Single(c => c.Check.Name == "patient");
        Assert.Equal("It has a cold.", status.LastFailure!.Message);
        Assert.Equal(TimeSpan.FromMinutes(4), status.LastFailure.Until - status.LastFailure.Since);
        Assert.Equal(3, status.Periods.Count);
    }

    [Fact]
    public async Task Look_AfterARestart_TellsOnlyWhatChanged()
    {
        _patient.Look = _ => Task.FromResult(new CheckResult(false, "It has a cold."));
        await LookAsync(1);
        await _catalogue.ReopenAsync();
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);

        await LookAsync(1);

        Assert.Empty(await Heard(ear));
    }

    [Fact]
    public async Task Look_CheckWithPatience_IsShownAtOnceAndToldWhenItLasts()
    {
        _outside.Look = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);

        await LookAsync(10);
        Assert.Equal("degraded", (await Watch.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Status);
        Assert.Empty(Watch.GetFailing(Actor.System));
        Assert.Empty(await Heard(ear));

        await LookAsync(1);
        Assert.Equal("Nobody answers.", Assert.Single(Watch.GetFailing(Actor.System)).Message);
        Assert.False(Assert.Single(await Heard(ear)).Ok);

        await _catalogue.ReopenAsync();
        using var later = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);
        await LookAsync(2);
        Assert.Empty(await Heard(later));
        _outside.Look = Well;
        await LookAsync(1);
        Assert.True(Assert.Single(await Heard(later)).Ok);
    }

    [Fact]
    public async Task Look_PassingTrouble_IsNeverTold()
    {
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);
        _outside.Look = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        await LookAsync(3);
        _outside.Look = Well;
        await LookAsync(20);

        Assert.Empty(await Heard(ear));
    }

    [Fact]
    public async Task Read_LiveCheckTurned_SaysSoWithoutAnotherLook()
    {
        await LookAsync(1);
        _outside.Look = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));

        var status = (await Watch.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Checks.Single(c => c.Check.Name == "outside");

        Assert.Equal((false, "Nobody answers."), (status.LastFinding!.Ok, status.LastFinding.Message));
        Assert.Equal([true, false], status.Periods.Select(p => p.Ok));
        Assert.Equal(status.Periods[0].Until, status.Periods[1].Since);
    }

    [Fact]
    public async Task Keeper_SomethingOutsideTurned_LooksAtOnce()
    {
        await LookAsync(1);
        using var keeper = ActivatorUtilities.CreateInstance<HealthCheckRunner>(_catalogue.Services);
        await keeper.StartAsync(default);
        var events = _catalogue.Services.GetRequiredService<EventStreamer>();
        using var ear = events.Subscribe(e => e is HealthChecked);

        _outside.Look = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        events.Publish(new CacheChanged());

        await Heard(ear);
        Assert.Equal(1, _catalogue.Count("SELECT count(*) FROM health_checks WHERE name = 'outside' AND ok = 0"));
        await keeper.StopAsync(default);
    }

    [Fact]
    public async Task Keeper_SomethingFails_HasItAskedAgainWhenItsTimeHasCome()
    {
        _outside.Look = _ => Task.FromResult(new CheckResult(false, "Nobody answers.") { Parts = [new HealthPart("outside", false, "It is dead.", NextAt: _time.GetUtcNow().AddSeconds(20))] });
        await LookAsync(1);
        Assert.Equal(_time.GetUtcNow().AddSeconds(-40), Watch.NextRetryAt);
        using var keeper = ActivatorUtilities.CreateInstance<HealthCheckRunner>(_catalogue.Services);
        await keeper.StartAsync(default);

        // The keeper may not wait for the clock yet when it is turned.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_outside.Retried.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(limit.Token);
        }

        await keeper.StopAsync(default);
    }

    [Fact]
    public async Task Look_AfterALongPause_LeavesAGap()
    {
        await LookAsync(1);
        _time.Advance(TimeSpan.FromHours(5));
        await LookAsync(1);

        Assert.Equal(2, _catalogue.Count("SELECT count(*) FROM health_checks WHERE name = 'patient' AND ok = 1"));
    }

    [Fact]
    public async Task Check_ThatHangsOrThrows_FailsAloneAndInTime()
    {
        _patient.Look = async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new CheckResult(true, "");
        };
        Assert.Equal((false, "No answer within 3 seconds."), await PatientAsync());

        _patient.Look = _ => throw new InvalidOperationException("It fell over.");
        Assert.Equal((false, "It fell over."), await PatientAsync());
    }

    [Theory]
    [InlineData(true, true, "healthy")]
    [InlineData(true, false, "degraded")]
    [InlineData(false, true, "unhealthy")]
    [InlineData(false, false, "unhealthy")]
    public void Word_WhatFails_DecidesIt(bool critical, bool other, string word) =>
        Assert.Equal(word, HealthChecker.GetStatus([new HealthFinding("a", "A", true, critical, "", 1), new HealthFinding("b", "B", false, other, "", 1)]));

    [Fact]
    public async Task Read_WithoutThePermission_IsRefused() =>
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Watch.ReadAsync(new Actor(7, "mira", [Permission.MediaView]), TimeSpan.FromDays(1), default));

    [Fact]
    public async Task Retention_OldStretches_Go()
    {
        await LookAsync(1);
        _time.Advance(TimeSpan.FromDays(91));
        await LookAsync(1);

        await _catalogue.Services.GetRequiredService<RetentionService>().RunAsync(null, default);

        Assert.Equal(1, _catalogue.Count("SELECT count(*) FROM health_checks WHERE name = 'patient'"));
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private async Task<(bool, string)> PatientAsync()
    {
        var finding = (await Checker.CheckAsync(default)).Single(f => f.Name == "patient");
        return (finding.Ok, finding.Message);
    }

    private static Task<CheckResult> Well(CancellationToken cancellation) => Task.FromResult(new CheckResult(true, "Well."));

    /// <summary>Looks so often, a minute between.</summary>
    private async Task LookAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Watch.RunChecksAsync(default);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Alerts of the same check replace each other while nobody reads; the last is there.</summary>
    private static async Task<List<HealthAlert>> Heard(EventSubscription ear)
    {
        await foreach (var batch in ear.ReadAsync(TimeSpan.Zero, default))
        {
            return [.. batch.OfType<HealthAlert>()];
        }

        return [];
    }

    private class Patient
    {
        public Func<CancellationToken, Task<CheckResult>> Look { get; set; } = Well;
    }

    /// <summary>Something whose trouble may pass by itself.</summary>
    private sealed class Outside : Patient
    {
        public TaskCompletionSource Retried { get; } = new();
    }
}
