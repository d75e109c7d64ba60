using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>When a source counts as unreachable, and when it is retried.</summary>
public sealed class SourceCircuitTests
{
    private readonly ManualTime _time = new();
    private readonly List<CircuitState> _states = [];
    private readonly ResilienceOptions _options = new() { Jitter = false, MaxFailures = 4, ResetTimeout = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromSeconds(35) };

    internal static Source CreateSource(SourceMode mode = SourceMode.AlwaysOn) => new() { Id = 1, Name = "Films", Protocol = "local", Mode = mode };

    [Fact]
    public void Failures_OneLessThanTheLimit_StaysConnected()
    {
        var circuit = CreateCircuit();

        Fail(circuit, 3);
        Assert.Equal((CircuitState.Closed, 3), (circuit.State, circuit.Status.Failures));

        Fail(circuit, 1);
        Assert.Equal((CircuitState.Open, 4, "Nothing answers."), (circuit.State, circuit.Status.Failures, circuit.Status.LastError));
    }

    [Fact]
    public void Failures_WithASuccessBetween_CountAnew()
    {
        var circuit = CreateCircuit();

        Fail(circuit, 3);
        Assert.True(circuit.TryEnter(out var call, out _));
        circuit.Exit(call, null);
        Fail(circuit, 3);

        Assert.Equal((CircuitState.Closed, 3), (circuit.State, circuit.Status.Failures));
    }

    [Fact]
    public void Failures_OfCallsThatWereOutTogether_CountOnce()
    {
        var circuit = CreateCircuit();
        var calls = Enumerable.Range(0, 8).Select(_ => circuit.TryEnter(out var call, out var _) ? call : default).ToList();

        _time.Advance(TimeSpan.FromSeconds(1));
        calls.ForEach(call => circuit.Exit(call, CreateException()));

        Assert.Equal((CircuitState.Closed, 1), (circuit.State, circuit.Status.Failures));
    }

    [Fact]
    public void Folder_DeniedMissingOrBroken_IsNoFailureOfTheSource()
    {
        var circuit = CreateCircuit();
        foreach (var kind in Enum.GetValues<SourceErrorKind>())
        {
            for (var i = 0; i < 10; i++)
            {
                circuit.TryEnter(out var call, out _);
                circuit.Exit(call, new SourceException(kind, "One folder."));
            }
        }

        Assert.Equal((CircuitState.Closed, 0), (circuit.State, circuit.Status.Failures));
    }

    [Fact]
    public void Open_ResetTimeOver_LetsExactlyOneTrialThrough()
    {
        var circuit = CreateCircuit();
        Fail(circuit, 4);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(1), circuit.TimeToRetry());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, circuit.TimeToRetry());

        Assert.True(circuit.TryBeginProbe());
        Assert.False(circuit.TryBeginProbe());
        Assert.False(circuit.TryEnter(out _, out var away));
        Assert.Equal((CircuitState.HalfOpen, "away"), (circuit.State, away!.Code));

        circuit.ReportSuccess(CreateProbe());
        Assert.Equal((CircuitState.Closed, 0, null), (circuit.State, circuit.Status.Failures, circuit.Status.LastError));
        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], _states);
    }

    [Fact]
    public void Trials_ThatFail_ComeFurtherApartUntilItIsOffline()
    {
        var circuit = CreateCircuit();
        Fail(circuit, 4);
        var waits = new List<double>();
        while (circuit.State == CircuitState.Open)
        {
            waits.Add(circuit.TimeToRetry()!.Value.TotalSeconds);
            FailProbe(circuit);
        }

        Assert.Equal([10, 20, 35, 35], waits.Take(4));
        Assert.True(waits.Sum() is >= 600 and < 640, $"{waits.Sum()}");
        Assert.Equal((CircuitState.Offline, _options.OfflineDelay), (circuit.State, circuit.TimeToRetry()));
        Assert.Equal(waits.Count, circuit.Status.Attempt);
    }

    [Fact]
    public void MostlyOffline_GoesAway_IsOfflineAtOnce()
    {
        var circuit = CreateCircuit(CreateSource(SourceMode.MostlyOffline));

        circuit.Trip(CreateException());

        Assert.Equal((CircuitState.Offline, _options.OfflineDelay), (circuit.State, circuit.TimeToRetry()));
    }

    [Fact]
    public void WrongPassword_OpensAtOnceAndIsNotTriedUntilSomebodyAsks()
    {
        var circuit = CreateCircuit();
        circuit.TryEnter(out var call, out _);
        circuit.Exit(call, new SourceException(SourceErrorKind.Denied, "The password is wrong.") { Code = "wrongLogin", IsSourceWide = true });

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal((CircuitState.Open, 1, (DateTimeOffset?)null), (circuit.State, circuit.Status.Failures, circuit.Status.NextAttemptAt));
        Assert.False(circuit.CanRecover);

        circuit.RetryNow();
        Assert.Equal(TimeSpan.Zero, circuit.TimeToRetry());
    }

    [Fact]
    public void Trial_Cancelled_SaysNothing()
    {
        var circuit = CreateCircuit();
        Fail(circuit, 4);
        Assert.True(circuit.TryBeginProbe());

        circuit.EndProbe();

        Assert.Equal((CircuitState.Open, 4, 0), (circuit.State, circuit.Status.Failures, circuit.Status.Attempt));
    }

    [Fact]
    public void Jitter_TenSources_AreNotTriedInTheSameInstant()
    {
        _options.Jitter = true;

        var due = Enumerable.Range(0, 10).Select(_ => CreateOpenCircuit().TimeToRetry()!.Value).ToList();

        Assert.Equal(10, due.Distinct().Count());
        Assert.All(due, wait => Assert.InRange(wait.TotalSeconds, 7.4, 12.6));
    }

    [Fact]
    public void Restored_AwayForLong_IsOfflineAndDueNow()
    {
        var source = CreateSource();
        (source.Availability, source.Since, source.LastError) = (SourceAvailability.Unreachable, _time.GetUtcNow().AddHours(-2), "It was off.");

        var circuit = CreateCircuit(source);

        Assert.Equal((CircuitState.Offline, TimeSpan.Zero, source.Since, "It was off."), (circuit.State, circuit.TimeToRetry(), circuit.Status.Since, circuit.Status.LastError));
    }

    private static SourceException CreateException() => new(SourceErrorKind.Unreachable, "Nothing answers.") { IsSourceWide = true };

    private CircuitCall CreateProbe() => new(_time.GetTimestamp(), true);

    private SourceCircuit CreateOpenCircuit()
    {
        var circuit = CreateCircuit();
        circuit.Trip(CreateException());
        return circuit;
    }

    private void Fail(SourceCircuit circuit, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(circuit.TryEnter(out var call, out _));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            circuit.Exit(call, CreateException());
        }
    }

    private void FailProbe(SourceCircuit circuit)
    {
        _time.Advance(circuit.TimeToRetry()!.Value);
        Assert.True(circuit.TryBeginProbe());
        circuit.ReportFailure(CreateProbe(), CreateException());
    }

    private SourceCircuit CreateCircuit(Source? source = null) => new(source ?? CreateSource(), _options, _time, (_, state) => _states.Add(state)) { HasBackgroundReconnect = true };
}
