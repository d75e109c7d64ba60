using System.Threading.Channels;

namespace Catalogizer.Domain.Metadata;

/// <summary>
/// Limits the calls that a provider receives in any second. A call keeps its slot for a second after its response: however much the
/// latency varies, the next call in the same slot arrives more than a second later. Below one call per second, the interval is longer.
/// </summary>
internal sealed class CallRateLimiter
{
    private const int MaxWaiting = 2000;

    /// <summary>Timers may fire a little early.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;

    /// <summary>Has one entry per free slot.</summary>
    private readonly Channel<bool> _slots = Channel.CreateUnbounded<bool>();
    private int _waiting;

    public CallRateLimiter(double perSecond, TimeProvider time)
    {
        (_time, _interval) = (time, TimeSpan.FromSeconds(Math.Max(1, 1 / perSecond)) + TimerTolerance);
        for (var slot = 0; slot < Math.Max(1, (int)perSecond); slot++)
        {
            _slots.Writer.TryWrite(true);
        }
    }

    /// <summary>Number of calls that can start now.</summary>
    public int AvailableSlots => _slots.Reader.Count;

    /// <summary>Waits for a free slot; null when too many callers are waiting.</summary>
    public async Task<Slot?> AcquireAsync()
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                return null;
            }

            await _slots.Reader.ReadAsync();
            return new Slot(this);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task ReleaseAsync(bool hasCalled)
    {
        if (hasCalled)
        {
            await Task.Delay(_interval, _time);
        }

        _slots.Writer.TryWrite(true);
    }

    /// <summary>The slot of one caller; dispose it after the response to its last call.</summary>
    public sealed class Slot(CallRateLimiter limiter) : IDisposable
    {
        private bool _hasCalled;

        /// <summary>To be awaited before each call. A second call in the same slot waits as long as one of another caller.</summary>
        public async Task WaitBeforeCallAsync(CancellationToken cancellation)
        {
            if (_hasCalled)
            {
                await Task.Delay(limiter._interval, limiter._time, cancellation);
            }

            _hasCalled = true;
        }

        public void Dispose() => _ = limiter.ReleaseAsync(_hasCalled);
    }
}
