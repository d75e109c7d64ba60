namespace Catalogizer.Tests.Support;

/// <summary>A manual clock on which a test can wait until a timer is created.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new();
    private readonly SemaphoreSlim _timerCreated = new(0);

    public SteppedTime() => _time.Advance(TimeSpan.FromHours(1));

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        _timerCreated.Release();
        return timer;
    }

    public async Task WaitForTimerAsync() => Assert.True(await _timerCreated.WaitAsync(WaitTimeout), "Nothing waits.");

    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>Advances the clock once the next timer is created.</summary>
    public async Task AdvanceAfterWaitAsync(TimeSpan by)
    {
        await WaitForTimerAsync();
        Advance(by);
    }
}
