using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Watching;

/// <summary>
/// Determines what a source's next scan covers and when it is due: after a quiet moment since the last change, but not much
/// later than the first one. Where changes never stop, scans become less frequent.
/// </summary>
internal sealed class ScanDebouncer(TimeProvider time, TimeSpan quietPeriod)
{
    private readonly Lock _lock = new();
    private Dictionary<string, bool> _changedFolders = new(StringComparer.Ordinal);
    private TaskCompletionSource _signal = CreateSignal();
    private TimeSpan _maxDelay = quietPeriod * 5;
    private ScanKind? _sourceScanKind;
    private long? _firstChangeAt;
    private long _lastChangeAt;
    private long _sourceScanAt;
    private long _postponedUntil = time.GetTimestamp();
    private long? _intervalDueAt;
    private TimeSpan? _interval;

    /// <summary>How often to scan the whole source in any case; null: never.</summary>
    public void SetInterval(TimeSpan? interval) => Update(() =>
    {
        if (_interval != interval)
        {
            (_interval, _intervalDueAt) = (interval, interval is { } value ? AddSpan(time.GetTimestamp(), value) : null);
        }
    });

    public void Add(IEnumerable<ChangedFolder> folders) => Update(() =>
    {
        foreach (var (path, isRecursive) in folders)
        {
            _changedFolders[path] = isRecursive || _changedFolders.GetValueOrDefault(path);
            _lastChangeAt = time.GetTimestamp();
            _firstChangeAt ??= _lastChangeAt;
        }
    });

    /// <summary>Requests a scan of the whole source.</summary>
    /// <param name="after">The minimum delay.</param>
    public void RequestSourceScan(ScanKind kind, TimeSpan after = default) => Update(() => AddSourceScan(kind, after));

    /// <summary>Queues a scan again and delays it, together with everything requested meanwhile.</summary>
    public void Postpone(PendingScan scan, TimeSpan pause)
    {
        Add(scan.Folders);
        Update(() =>
        {
            _postponedUntil = AddSpan(time.GetTimestamp(), pause);
            if (scan.SourceScanKind is { } kind)
            {
                AddSourceScan(kind, default);
            }
        });
    }

    /// <summary>Waits until a scan is due and takes what it covers.</summary>
    public async Task<PendingScan> DequeueAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task signal;
            TimeSpan remaining;
            lock (_lock)
            {
                remaining = GetTimeToDue();
                if (remaining <= TimeSpan.Zero)
                {
                    return Dequeue();
                }

                _signal = CreateSignal();
                signal = _signal.Task;
            }

            using var delayCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(signal, Task.Delay(remaining == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : remaining, time, delayCancellation.Token));
            await delayCancellation.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void AddSourceScan(ScanKind kind, TimeSpan after)
    {
        var dueAt = AddSpan(time.GetTimestamp(), after);
        _sourceScanAt = _sourceScanKind is null ? dueAt : Math.Min(_sourceScanAt, dueAt);
        _sourceScanKind = _sourceScanKind == ScanKind.Full ? ScanKind.Full : kind;
    }

    private TimeSpan GetTimeToDue()
    {
        var due = _intervalDueAt ?? long.MaxValue;
        if (_sourceScanKind is not null)
        {
            due = Math.Min(due, Math.Max(_postponedUntil, _sourceScanAt));
        }
        else if (_firstChangeAt is { } first)
        {
            due = Math.Min(due, Math.Max(_postponedUntil, Math.Min(AddSpan(_lastChangeAt, quietPeriod), AddSpan(first, _maxDelay))));
        }

        return due == long.MaxValue ? TimeSpan.MaxValue : time.GetElapsedTime(time.GetTimestamp(), due);
    }

    private PendingScan Dequeue()
    {
        var now = time.GetTimestamp();
        var isIntervalDue = _intervalDueAt <= now;
        var scan = new PendingScan([.. _changedFolders.Select(c => new ChangedFolder(c.Key, c.Value))], isIntervalDue ? _sourceScanKind ?? ScanKind.Quick : _sourceScanKind);
        if (scan.SourceScanKind is not null && _interval is { } interval)
        {
            _intervalDueAt = AddSpan(now, interval);
        }

        var isStillChanging = _firstChangeAt is not null && time.GetElapsedTime(_lastChangeAt, now) < quietPeriod;
        _maxDelay = isStillChanging ? TimeSpan.FromTicks(Math.Min(_maxDelay.Ticks * 2, quietPeriod.Ticks * 60)) : quietPeriod * 5;
        (_changedFolders, _sourceScanKind, _firstChangeAt) = (new(StringComparer.Ordinal), null, null);
        return scan;
    }

    private void Update(Action change)
    {
        lock (_lock)
        {
            change();
            _signal.TrySetResult();
        }
    }

    private long AddSpan(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}

/// <summary>What a scan of a source covers.</summary>
/// <param name="SourceScanKind">The kind of scan of the whole source; null for the changed folders alone.</param>
internal sealed record PendingScan(IReadOnlyList<ChangedFolder> Folders, ScanKind? SourceScanKind);
