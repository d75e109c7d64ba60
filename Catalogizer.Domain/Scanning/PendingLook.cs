using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// What a source's next look is for, and when it is due: a quiet moment after the last change, but not much later than
/// the first. Where changes never stop, looks come further apart.
/// </summary>
internal sealed class PendingLook(TimeProvider time, TimeSpan quiet)
{
    private readonly Lock _lock = new();
    private Dictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private TaskCompletionSource _touched = NewSignal();
    private TimeSpan _patience = quiet * 5;
    private ScanKind? _whole;
    private long? _first;
    private long _last;
    private long _wholeAt;
    private long _restUntil = time.GetTimestamp();
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

    /// <summary>Asks for a look at everything.</summary>
    /// <param name="after">How soon at the earliest.</param>
    public void AskWhole(ScanKind kind, TimeSpan after = default) => Touch(() => Ask(kind, after));

    /// <summary>Puts a look off, and with it whatever else is asked for meanwhile.</summary>
    public void Later(Look look, TimeSpan pause)
    {
        Add(look.Changed);
        Touch(() =>
        {
            _restUntil = After(time.GetTimestamp(), pause);
            if (look.Whole is { } kind)
            {
                Ask(kind, default);
            }
        });
    }

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

    private void Ask(ScanKind kind, TimeSpan after)
    {
        var at = After(time.GetTimestamp(), after);
        _wholeAt = _whole is null ? at : Math.Min(_wholeAt, at);
        _whole = _whole == ScanKind.Full ? ScanKind.Full : kind;
    }

    private TimeSpan Left()
    {
        var due = _floor ?? long.MaxValue;
        if (_whole is not null)
        {
            due = Math.Min(due, Math.Max(_restUntil, _wholeAt));
        }
        else if (_first is { } first)
        {
            due = Math.Min(due, Math.Max(_restUntil, Math.Min(After(_last, quiet), After(first, _patience))));
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
        _patience = restless ? TimeSpan.FromTicks(Math.Min(_patience.Ticks * 2, quiet.Ticks * 60)) : quiet * 5;
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
