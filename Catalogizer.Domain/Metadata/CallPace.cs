using System.Threading.Channels;

namespace Catalogizer.Domain.Metadata;

/// <summary>
/// Lets calls to a provider out so that it gets no more of them in any second than promised. Each call keeps its place for a second after
/// it is answered: however unevenly calls travel, the next one of the same place arrives more than a second after it.
/// </summary>
internal sealed class CallPace
{
    private const int MostWaiting = 2000;

    /// <summary>Timers may fire a little early.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly TimeSpan _apart;

    /// <summary>An entry for each free place.</summary>
    private readonly Channel<bool> _places = Channel.CreateUnbounded<bool>();
    private int _waiting;

    public CallPace(double perSecond, TimeProvider time)
    {
        (_time, _apart) = (time, TimeSpan.FromSeconds(Math.Max(1, 1 / perSecond)) + Slack);
        for (var place = 0; place < Math.Max(1, (int)perSecond); place++)
        {
            _places.Writer.TryWrite(true);
        }
    }

    /// <summary>How many calls could go out now.</summary>
    public int Free => _places.Reader.Count;

    /// <summary>Waits for a place; null when too many wait already.</summary>
    public async Task<Place?> EnterAsync()
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return null;
            }

            await _places.Reader.ReadAsync();
            return new Place(this);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task LeaveAsync(bool hasCalled)
    {
        if (hasCalled)
        {
            await Task.Delay(_apart, _time);
        }

        _places.Writer.TryWrite(true);
    }

    /// <summary>The place of one caller; dispose it once its last call is answered.</summary>
    public sealed class Place(CallPace pace) : IDisposable
    {
        private bool _hasCalled;

        /// <summary>To be waited for before each call. A second one of the same caller waits as another caller would.</summary>
        public async Task CallAsync(CancellationToken cancellation)
        {
            if (_hasCalled)
            {
                await Task.Delay(pace._apart, pace._time, cancellation);
            }

            _hasCalled = true;
        }

        public void Dispose() => _ = pace.LeaveAsync(_hasCalled);
    }
}
