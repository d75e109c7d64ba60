using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Operations.Health;

/// <summary>Results of the checks, how they are stored, and when they are reported.</summary>
public sealed class HealthServiceTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly FakeHealthCheck _fakeCheck = new();
    private readonly FakeExternalCheck _externalCheck = new();
    private readonly TestCatalog _catalog;

    public HealthServiceTests() => _catalog = new TestCatalog(_time, configureServices: services => services
        .AddSingleton(_fakeCheck)
        .AddSingleton(_externalCheck)
        .AddHealthCheck<FakeHealthCheck>("patient", "Patient", "Give it tea.", (patient, cancellation) => patient.Check(cancellation))
        .AddHealthCheck<FakeExternalCheck>("outside", "Outside", "Wait.", (outside, cancellation) => outside.Check(cancellation), isLive: true, gracePeriod: TimeSpan.FromMinutes(10), retry: (outside, _) =>
        {
            outside.Retried.TrySetResult();
            return Task.CompletedTask;
        }));

    private HealthService Service => _catalog.Services.GetRequiredService<HealthService>();

    private HealthChecker Checker => _catalog.Services.GetRequiredService<HealthChecker>();

    [Fact]
    public async Task RunChecks_CheckTurnsAndTurnsBack_IsToldOnceEachAndKeptAsStretches()
    {
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert);
        await RunChecksAsync(3);
        _fakeCheck.Check = _ => Task.FromResult(new CheckResult(false, "It has a cold."));
        await RunChecksAsync(4);
        _fakeCheck.Check = ReportHealthyAsync;
        await RunChecksAsync(2);

        var alerts = await ReadAlertsAsync(subscription);
        Assert.Equal((true, "Well."), (Assert.Single(alerts).Ok, alerts[0].Message));
        Assert.Equal(["1|3|Well.", "0|4|It has a cold.", "1|2|Well."], _catalog.QueryRows("SELECT ok, looks, message FROM health_checks WHERE name = 'patient' ORDER BY id"));
        var status = (await Service.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Checks.Single(c => c.Check.Name == "patient");
        Assert.Equal("It has a cold.", status.LastFailure!.Message);
        Assert.Equal(TimeSpan.FromMinutes(4), status.LastFailure.Until - status.LastFailure.Since);
        Assert.Equal(3, status.Periods.Count);
    }

    [Fact]
    public async Task RunChecks_AfterARestart_TellsOnlyWhatChanged()
    {
        _fakeCheck.Check = _ => Task.FromResult(new CheckResult(false, "It has a cold."));
        await RunChecksAsync(1);
        await _catalog.ReopenAsync();
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);

        await RunChecksAsync(1);

        Assert.Empty(await ReadAlertsAsync(subscription));
    }

    [Fact]
    public async Task RunChecks_CheckWithPatience_IsShownAtOnceAndToldWhenItLasts()
    {
        _externalCheck.Check = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);

        await RunChecksAsync(10);
        Assert.Equal("degraded", (await Service.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Status);
        Assert.Empty(Service.GetFailing(Actor.System));
        Assert.Empty(await ReadAlertsAsync(subscription));

        await RunChecksAsync(1);
        Assert.Equal("Nobody answers.", Assert.Single(Service.GetFailing(Actor.System)).Message);
        Assert.False(Assert.Single(await ReadAlertsAsync(subscription)).Ok);

        await _catalog.ReopenAsync();
        using var later = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);
        await RunChecksAsync(2);
        Assert.Empty(await ReadAlertsAsync(later));
        _externalCheck.Check = ReportHealthyAsync;
        await RunChecksAsync(1);
        Assert.True(Assert.Single(await ReadAlertsAsync(later)).Ok);
    }

    [Fact]
    public async Task RunChecks_PassingTrouble_IsNeverTold()
    {
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthChecked);
        _externalCheck.Check = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        await RunChecksAsync(3);
        _externalCheck.Check = ReportHealthyAsync;
        await RunChecksAsync(20);

        Assert.Empty(await ReadAlertsAsync(subscription));
    }

    [Fact]
    public async Task Read_LiveCheckTurned_SaysSoWithoutAnotherLook()
    {
        await RunChecksAsync(1);
        _externalCheck.Check = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));

        var status = (await Service.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Checks.Single(c => c.Check.Name == "outside");

        Assert.Equal((false, "Nobody answers."), (status.LastFinding!.Ok, status.LastFinding.Message));
        Assert.Equal([true, false], status.Periods.Select(p => p.Ok));
        Assert.Equal(status.Periods[0].Until, status.Periods[1].Since);
    }

    [Fact]
    public async Task Keeper_SomethingOutsideTurned_LooksAtOnce()
    {
        await RunChecksAsync(1);
        using var keeper = ActivatorUtilities.CreateInstance<HealthCheckRunner>(_catalog.Services);
        await keeper.StartAsync(default);
        var events = _catalog.Services.GetRequiredService<EventStreamer>();
        using var subscription = events.Subscribe(e => e is HealthChecked);

        _externalCheck.Check = _ => Task.FromResult(new CheckResult(false, "Nobody answers."));
        events.Publish(new CacheChanged());

        await ReadAlertsAsync(subscription);
        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM health_checks WHERE name = 'outside' AND ok = 0"));
        await keeper.StopAsync(default);
    }

    [Fact]
    public async Task Keeper_SomethingFails_HasItAskedAgainWhenItsTimeHasCome()
    {
        _externalCheck.Check = _ => Task.FromResult(new CheckResult(false, "Nobody answers.") { Parts = [new HealthPart("outside", false, "It is dead.", NextAt: _time.GetUtcNow().AddSeconds(20))] });
        await RunChecksAsync(1);
        Assert.Equal(_time.GetUtcNow().AddSeconds(-40), Service.NextRetryAt);
        using var keeper = ActivatorUtilities.CreateInstance<HealthCheckRunner>(_catalog.Services);
        await keeper.StartAsync(default);

        // The runner may not be waiting for the clock yet when it is advanced.
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_externalCheck.Retried.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(timeout.Token);
        }

        await keeper.StopAsync(default);
    }

    [Fact]
    public async Task RunChecks_AfterALongPause_LeavesAGap()
    {
        await RunChecksAsync(1);
        _time.Advance(TimeSpan.FromHours(5));
        await RunChecksAsync(1);

        Assert.Equal(2, _catalog.Count("SELECT count(*) FROM health_checks WHERE name = 'patient' AND ok = 1"));
    }

    [Fact]
    public async Task Check_ThatHangsOrThrows_FailsAloneAndInTime()
    {
        _fakeCheck.Check = async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new CheckResult(true, "");
        };
        Assert.Equal((false, "No answer within 3 seconds."), await CheckFakeAsync());

        _fakeCheck.Check = _ => throw new InvalidOperationException("It fell over.");
        Assert.Equal((false, "It fell over."), await CheckFakeAsync());
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
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Service.ReadAsync(new Actor(7, "mira", [Permission.MediaView]), TimeSpan.FromDays(1), default));

    [Fact]
    public async Task Retention_OldStretches_Go()
    {
        await RunChecksAsync(1);
        _time.Advance(TimeSpan.FromDays(91));
        await RunChecksAsync(1);

        await _catalog.Services.GetRequiredService<RetentionService>().RunAsync(null, default);

        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM health_checks WHERE name = 'patient'"));
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private async Task<(bool, string)> CheckFakeAsync()
    {
        var finding = (await Checker.CheckAsync(default)).Single(f => f.Name == "patient");
        return (finding.Ok, finding.Message);
    }

    private static Task<CheckResult> ReportHealthyAsync(CancellationToken cancellation) => Task.FromResult(new CheckResult(true, "Well."));

    /// <summary>Runs the checks <paramref name="times"/> times, one minute apart.</summary>
    private async Task RunChecksAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Service.RunChecksAsync(default);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Unread alerts of the same check replace each other; only the last one is returned.</summary>
    private static async Task<List<HealthAlert>> ReadAlertsAsync(EventSubscription subscription)
    {
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, default))
        {
            return [.. batch.OfType<HealthAlert>()];
        }

        return [];
    }

    private class FakeHealthCheck
    {
        public Func<CancellationToken, Task<CheckResult>> Check { get; set; } = ReportHealthyAsync;
    }

    /// <summary>A check of something whose failure may be transient.</summary>
    private sealed class FakeExternalCheck : FakeHealthCheck
    {
        public TaskCompletionSource Retried { get; } = new();
    }
}
