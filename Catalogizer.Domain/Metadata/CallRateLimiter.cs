using System.Threading.Channels;

namespace Catalogizer.Domain.Metadata;

/// <summary>
/// Lets calls to a provider out so that it gets no more of them in any second than promised. Each call keeps its place for a second after
/// it is answered: however unevenly calls travel, the next one of the same place arrives more than a second after it.
/// </summary>
internal sealed class CallRateLimiter
{
    private const int MaxWaiting = 2000;

    /// <summary>Timers may fire a little early.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;

    /// <summary>An entry for each free place.</summary>
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

    /// <summary>How many calls could go out now.</summary>
    public int AvailableSlots => _slots.Reader.Count;

    /// <summary>Waits for a place; null when too many wait already.</summary>
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

    /// <summary>The place of one caller; dispose it once its last call is answered.</summary>
    public sealed class Slot(CallRateLimiter limiter) : IDisposable
    {
        private bool _hasCalled;

        /// <summary>To be waited for before each call. A second one of the same caller waits as another caller would.</summary>
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
