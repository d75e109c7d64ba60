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
    private readonly TestCatalogue _catalogue;

    public HealthWatchTests() => _catalogue = new TestCatalogue(_time, more: services => services
        .AddSingleton(_patient)
        .AddHealthCheck<Patient>("patient", "Patient", "Give it tea.", (patient, cancellation) => patient.Look(cancellation)));

    private HealthWatch Watch => _catalogue.Services.GetRequiredService<HealthWatch>();

    private HealthChecker Checker => _catalogue.Services.GetRequiredService<HealthChecker>();

    [Fact]
    public async Task Look_CheckTurnsAndTurnsBack_IsToldOnceEachAndKeptAsStretches()
    {
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert);
        await LookAsync(3);
        _patient.Look = _ => Task.FromResult(new HealthAnswer(false, "It has a cold."));
        await LookAsync(4);
        _patient.Look = Well;
        await LookAsync(2);

        var alerts = await Heard(ear);
        Assert.Equal((true, "Well."), (Assert.Single(alerts).Ok, alerts[0].Message));
        Assert.Equal(["1|3|Well.", "0|4|It has a cold.", "1|2|Well."], _catalogue.Rows("SELECT ok, looks, message FROM health_checks WHERE name = 'patient' ORDER BY id"));
        var status = (await Watch.ReadAsync(Actor.System, TimeSpan.FromDays(1), default)).Checks.Single(c => c.Check.Name == "patient");
        Assert.Equal("It has a cold.", status.LastFailure!.Message);
        Assert.Equal(TimeSpan.FromMinutes(3), status.LastFailure.Until - status.LastFailure.Since);
        Assert.Equal(3, status.Periods.Count);
    }

    [Fact]
    public async Task Look_AfterARestart_TellsOnlyWhatChanged()
    {
        _patient.Look = _ => Task.FromResult(new HealthAnswer(false, "It has a cold."));
        await LookAsync(1);
        await _catalogue.ReopenAsync();
        using var ear = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is HealthAlert or HealthLooked);

        await LookAsync(1);

        Assert.Empty(await Heard(ear));
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
            return new HealthAnswer(true, "");
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
        Assert.Equal(word, HealthChecker.Word([new HealthFinding("a", "A", true, critical, "", 1), new HealthFinding("b", "B", false, other, "", 1)]));

    [Fact]
    public async Task Read_WithoutThePermission_IsRefused() =>
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Watch.ReadAsync(new Actor(7, "mira", [Permission.MediaView]), TimeSpan.FromDays(1), default));

    [Fact]
    public async Task Retention_OldStretches_Go()
    {
        await LookAsync(1);
        _time.Advance(TimeSpan.FromDays(91));
        await LookAsync(1);

        await _catalogue.Services.GetRequiredService<Retention>().RunAsync(null, default);

        Assert.Equal(1, _catalogue.Count("SELECT count(*) FROM health_checks WHERE name = 'patient'"));
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private async Task<(bool, string)> PatientAsync()
    {
        var finding = (await Checker.CheckAsync(default)).Single(f => f.Name == "patient");
        return (finding.Ok, finding.Message);
    }

    private static Task<HealthAnswer> Well(CancellationToken cancellation) => Task.FromResult(new HealthAnswer(true, "Well."));

    /// <summary>Looks so often, a minute between.</summary>
    private async Task LookAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Watch.LookAsync(default);
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

    private sealed class Patient
    {
        public Func<CancellationToken, Task<HealthAnswer>> Look { get; set; } = Well;
    }
}
