using Microsoft.Extensions.Time.Testing;

namespace Catalogizer.Tests.Support;

/// <summary>A clock that only the test advances. Its timers fire while it advances.</summary>
public sealed class ManualTime(DateTimeOffset? start = null) : FakeTimeProvider(start ?? new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
{
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>
    /// Sets the clock, forwards or back, as a user or a time server does: no time passes, and no timer fires.
    /// <see cref="FakeTimeProvider.AdjustTime"/> would change the timestamps too, and with them every measured duration.
    /// </summary>
    public void SetClock(DateTimeOffset to) => _offset += to - GetUtcNow();
}
