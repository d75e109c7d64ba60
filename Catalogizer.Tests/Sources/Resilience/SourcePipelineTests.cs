using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>Calls to a source: how often and how soon they are retried, and how many run at a time.</summary>
public sealed class SourcePipelineTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly ResilienceOptions _options = new() { Jitter = false, TimeLimit = TimeSpan.FromMinutes(30), MaxFailures = 100 };

    [Fact]
    public async Task Run_FailsAgainAndAgain_WaitsGrowToTheCapAndAttemptsEnd()
    {
        var time = new AcceleratedTime();
        (_options.MaxAttempts, _options.InitialDelay, _options.BackoffFactor, _options.MaxDelay) = (6, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(20));
        var calls = 0;

        var exception = await Assert.ThrowsAsync<SourceException>(() => RunAsync(time, () => Throw(SourceErrorKind.Unreachable, ref calls)));

        Assert.Equal((6, "away"), (calls, exception.Message));
        Assert.Equal([1, 3, 9, 20, 20], time.Waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public async Task Run_PassesAtTheThirdAttempt_Answers()
    {
        var calls = 0;

        Assert.Equal(3, await RunAsync(new AcceleratedTime(), () => calls == 2 ? ++calls : Throw(SourceErrorKind.TimedOut, ref calls)));
    }

    [Theory]
    [InlineData(SourceErrorKind.Denied)]
    [InlineData(SourceErrorKind.NotFound)]
    public async Task Run_RefusedOrNotThere_IsNotTriedAgain(SourceErrorKind kind)
    {
        var (time, calls) = (new AcceleratedTime(), 0);

        await Assert.ThrowsAsync<SourceException>(() => RunAsync(time, () => Throw(kind, ref calls)));

        Assert.Equal(1, calls);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_EndsAtOnce()
    {
        var time = new ManualTime();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var running = CreatePipeline(time).RunAsync((_, _) => ValueTask.FromResult(Throw(SourceErrorKind.Unreachable, ref calls)), 0, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(WaitTimeout));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Run_CallThatNeverEnds_EndsAtTheTimeLimit()
    {
        var time = new ManualTime();
        var running = CreatePipeline(time).RunAsync((_, c) => new ValueTask<int>(HangAsync(c)), 0, default).AsTask();

        time.Advance(_options.TimeLimit - TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<SourceException>(() => running.WaitAsync(WaitTimeout));
        Assert.Equal(SourceErrorKind.TimedOut, exception.Kind);
    }

    [Fact]
    public async Task Run_EleventhCall_WaitsForItsTurn()
    {
        var pipeline = CreatePipeline(new ManualTime());
        var end = new TaskCompletionSource<int>();
        var ten = Enumerable.Range(0, 10).Select(_ => pipeline.RunAsync((e, _) => new ValueTask<int>(e.Task), end, default).AsTask()).ToList();
        var began = new TaskCompletionSource<int>();
        var eleventh = pipeline.RunAsync((b, _) => CompleteAndReturn(b), began, default).AsTask();

        Assert.False(began.Task.IsCompleted);
        end.SetResult(1);

        await Task.WhenAll(ten).WaitAsync(WaitTimeout);
        Assert.Equal(2, await eleventh.WaitAsync(WaitTimeout));
    }

    [Fact]
    public async Task Run_NoTurnForThirtySeconds_GivesUpByName()
    {
        var time = new ManualTime();
        var pipeline = CreatePipeline(time);
        var end = new TaskCompletionSource<int>();
        var ten = Enumerable.Range(0, 10).Select(_ => pipeline.RunAsync((e, _) => new ValueTask<int>(e.Task), end, default).AsTask()).ToList();
        var eleventh = pipeline.RunAsync((_, _) => ValueTask.FromResult(1), 0, default).AsTask();

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(eleventh.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var exception = await Assert.ThrowsAsync<SourceException>(() => eleventh.WaitAsync(WaitTimeout));
        Assert.Equal("busy", exception.Code);
        Assert.Equal(CircuitState.Closed, pipeline.Circuit.State);
        end.SetResult(1);
        await Task.WhenAll(ten).WaitAsync(WaitTimeout);
    }

    [Fact]
    public async Task Run_SourceIsAway_FailsWithoutACall()
    {
        var pipeline = CreatePipeline(new ManualTime());
        pipeline.Circuit.HasBackgroundReconnect = true;
        pipeline.Circuit.Trip(new SourceException(SourceErrorKind.Unreachable, "Nothing answers."));
        var calls = 0;

        var exception = await Assert.ThrowsAsync<SourceException>(() => pipeline.RunAsync((_, _) => ValueTask.FromResult(++calls), 0, default).AsTask());

        Assert.Equal((0, "away", "Nothing answers. Next try in 5 seconds."), (calls, exception.Code, exception.Message));
    }

    private static int Throw(SourceErrorKind kind, ref int calls)
    {
        calls++;
        throw new SourceException(kind, "away") { IsSourceWide = kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut };
    }

    private static ValueTask<int> CompleteAndReturn(TaskCompletionSource<int> began)
    {
        began.SetResult(1);
        return ValueTask.FromResult(2);
    }

    private static async Task<int> HangAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        return 0;
    }

    private Task<int> RunAsync(TimeProvider time, Func<int> call) => CreatePipeline(time).RunAsync((c, _) => ValueTask.FromResult(c()), call, default).AsTask();

    private SourcePipeline CreatePipeline(TimeProvider time) => new(new SourceCircuit(SourceCircuitTests.CreateSource(), _options, time, (_, _) => { }), _options, time);
}
