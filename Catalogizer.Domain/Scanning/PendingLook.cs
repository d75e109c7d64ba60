using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// What a source's next look is for, and when it is due: a quiet moment after the last change, but not much later than
/// the first. Where changes never stop, looks come further apart.
/// </summary>
internal sealed class PendingLook(TimeProvider time, TimeSpan quiet)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeSpan _shortPatience = quiet * 5;
    private Dictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private TaskCompletionSource _touched = NewSignal();
    private TimeSpan _patience = quiet * 5;
    private ScanKind? _whole;
    private long? _first;
    private long _last;
    private long _notBefore = time.GetTimestamp();
    private long? _floor;
    private TimeSpan? _every;

    /// <summary>How often to look at everything in any case; null: never.</summary>
    public void Every(TimeSpan? every) => Touch(() =>
    {
        if (_every != every)
        {
            (_every, _floor) = (every, every is { } some ? After(time.GetTimestamp(), some) : null);
        }
    });

    public void Add(IEnumerable<ChangedFolder> folders) => Touch(() =>
    {
        foreach (var (path, withAllBelow) in folders)
        {
            _changed[path] = withAllBelow || _changed.GetValueOrDefault(path);
            _last = time.GetTimestamp();
            _first ??= _last;
        }
    });

    /// <summary>Looks at everything as soon as may be, also where an earlier look asked to be left alone for a while.</summary>
    /// <param name="after">Not before this has passed.</param>
    public void AskWhole(ScanKind kind, TimeSpan after = default) => Touch(() =>
    {
        _whole = _whole == ScanKind.Full ? ScanKind.Full : kind;
        _notBefore = After(time.GetTimestamp(), after);
    });

    /// <summary>Leaves the source alone for a while, whatever changes.</summary>
    public void Rest(TimeSpan pause) => Touch(() => _notBefore = After(time.GetTimestamp(), pause));

    /// <summary>Waits until a look is due, and takes what it is for.</summary>
    public async Task<Look> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task touched;
            TimeSpan left;
            lock (_lock)
            {
                left = Left();
                if (left <= TimeSpan.Zero)
                {
                    return Take();
                }

                _touched = NewSignal();
                touched = _touched.Task;
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(touched, Task.Delay(left == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : left, time, end.Token));
            await end.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan Left()
    {
        var due = _floor ?? long.MaxValue;
        if (_whole is not null)
        {
            due = Math.Min(due, _notBefore);
        }
        else if (_first is { } first)
        {
            due = Math.Min(due, Math.Max(_notBefore, Math.Min(After(_last, quiet), After(first, _patience))));
        }

        return due == long.MaxValue ? TimeSpan.MaxValue : time.GetElapsedTime(time.GetTimestamp(), due);
    }

    private Look Take()
    {
        var now = time.GetTimestamp();
        var isFloor = _floor <= now;
        var look = new Look([.. _changed.Select(c => new ChangedFolder(c.Key, c.Value))], isFloor ? _whole ?? ScanKind.Quick : _whole);
        if (look.Whole is not null && _every is { } every)
        {
            _floor = After(now, every);
        }

        var restless = _first is not null && time.GetElapsedTime(_last, now) < quiet;
        _patience = restless ? TimeSpan.FromTicks(Math.Min(_patience.Ticks * 2, Longest.Ticks)) : _shortPatience;
        (_changed, _whole, _first) = (new(StringComparer.Ordinal), null, null);
        return look;
    }

    private void Touch(Action change)
    {
        lock (_lock)
        {
            change();
            _touched.TrySetResult();
        }
    }

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}

/// <summary>What a look at a source is for.</summary>
/// <param name="Whole">How to look at the whole source; null for the changed folders alone.</param>
internal sealed record Look(IReadOnlyList<ChangedFolder> Changed, ScanKind? Whole);
