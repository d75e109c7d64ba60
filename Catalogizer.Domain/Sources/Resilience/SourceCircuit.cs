using Polly;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>The state of the connection to a source.</summary>
public enum CircuitState
{
    /// <summary>Connected: every call goes out.</summary>
    Closed,

    /// <summary>Testing: one call is out, the others fail at once.</summary>
    HalfOpen,

    /// <summary>Interrupted: calls fail at once until the next try.</summary>
    Open,

    /// <summary>Away for long, or by nature: tried now and then.</summary>
    Offline,
}

/// <summary>How the connection to a source is doing.</summary>
/// <param name="Since">Since when it is connected or away.</param>
/// <param name="Failures">Since the last success.</param>
/// <param name="Attempt">The tries to reconnect so far.</param>
/// <param name="NextAttemptAt">Null while it is connected, and when somebody has to do something first.</param>
public sealed record CircuitStatus(
    CircuitState State, DateTimeOffset Since, DateTimeOffset? LastSuccessAt, string? LastError, int Failures, int Attempt, DateTimeOffset? NextAttemptAt, double? LatencyMs)
{
    public bool IsAway => State != CircuitState.Closed;
}

/// <summary>A call on its way to a source.</summary>
internal readonly record struct CircuitCall(long StartedAt, bool IsTrial);

/// <summary>
/// Remembers whether a source answers, and keeps calls from one that does not. Failures that came from the same trouble,
/// because their calls were out at the same time, count once.
/// </summary>
internal sealed class SourceCircuit
{
    private readonly Lock _lock = new();
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<SourceCircuit, CircuitState> _changed;
    private volatile CircuitState _state;
    private TaskCompletionSource _touched = NewSignal();
    private DateTimeOffset _since;
    private DateTimeOffset? _restoredSuccess;
    private SourceFault? _fault;
    private string? _lastError;
    private int _failures;
    private int _attempt;
    private long _lastFailure = long.MinValue;
    private long _lastSuccess;
    private long _openedAt;
    private long? _dueAt;
    private long _quietSince;
    private int _out;

    /// <param name="changed">Told of each new state, under the lock.</param>
    public SourceCircuit(Source source, ResilienceOptions options, TimeProvider time, Action<SourceCircuit, CircuitState> changed)
    {
        (Source, _options, _time, _changed) = (source, options, time, changed);
        Restore(source);
    }

    /// <summary>The source as it was last seen.</summary>
    public Source Source { get; private set; }

    /// <summary>How long the last cheap check took, in milliseconds.</summary>
    public double? LatencyMs { get; set; }

    /// <summary>What it last said of its room; null until it did.</summary>
    public SourceSpace? Space { get; set; }

    /// <summary>What was last asked of the source beside its pipeline; it may hang in the system.</summary>
    public Task? Hanging { get; set; }

    public CircuitState State => _state;

    /// <summary>Whether it may come back without anybody doing anything to this program.</summary>
    public bool MayReturn => _fault is not { } fault || !fault.NeedsSomebody();

    /// <summary>Whether it is away only as the catalogue says: nothing has failed since it was read.</summary>
    public bool IsAssumed { get; private set; }

    /// <summary>Whether a process-long keeper tries to reconnect. Where there is none, the next call that comes is the trial.</summary>
    public bool IsKept { get; set; }

    public CircuitStatus Status
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                return new CircuitStatus(
                    _state, _since, _lastSuccess == 0 ? _restoredSuccess : now - _time.GetElapsedTime(_lastSuccess), _lastError, _failures, _attempt,
                    _state == CircuitState.Closed || _dueAt is null ? null : now + Left(), LatencyMs);
            }
        }
    }

    /// <summary>Done at the next change.</summary>
    public Task Touched
    {
        get
        {
            lock (_lock)
            {
                return _touched.Task;
            }
        }
    }

    /// <summary>Starts anew from what the catalogue says of the source.</summary>
    public void Restore(Source source)
    {
        lock (_lock)
        {
            var away = source.Availability == SourceAvailability.Unreachable;
            (Source, _since, _restoredSuccess, _lastError) = (source, source.Since, source.LastConnectedAt, away ? source.LastError ?? "It did not answer." : null);
            (_fault, _failures, _attempt, _dueAt) = (null, 0, 0, away ? _time.GetTimestamp() : null);
            _openedAt = _time.GetTimestamp();
            IsAssumed = away;
            Become(!away ? CircuitState.Closed
                : source.Mode == SourceMode.MostlyOffline || _time.GetUtcNow() - source.Since >= _options.OfflineAfter ? CircuitState.Offline : CircuitState.Open);
        }
    }

    /// <summary>Its settings may have changed: what was wrong before says nothing of them.</summary>
    public void Update(Source source)
    {
        Source = source;
        TryNow();
    }

    /// <summary>Makes the next try due, whatever was to be waited for.</summary>
    public void TryNow()
    {
        lock (_lock)
        {
            if (_state is CircuitState.Open or CircuitState.Offline)
            {
                (_dueAt, _attempt) = (_time.GetTimestamp(), 0);
                Touch();
            }
        }
    }

    /// <summary>Forgets all failures: the next call goes out.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Close();
        }
    }

    /// <summary>Until the next try is due; null when none is.</summary>
    public TimeSpan? UntilDue()
    {
        lock (_lock)
        {
            return Left();
        }
    }

    /// <summary>Whether a call may go out; each that may has to be reported by <see cref="Leave"/>.</summary>
    public bool TryEnter(out CircuitCall call, out SourceFault? away)
    {
        away = null;
        if (_state != CircuitState.Closed && (IsKept || !TryBeginTrial()))
        {
            call = default;
            away = Away();
            return false;
        }

        var now = _time.GetTimestamp();
        call = new CircuitCall(now, _state != CircuitState.Closed);
        if (Interlocked.Increment(ref _out) == 1 && _failures == 0)
        {
            _quietSince = now;
        }

        return true;
    }

    /// <summary>Tells how a call ended.</summary>
    public void Leave(CircuitCall call, Exception? exception)
    {
        Interlocked.Decrement(ref _out);
        if (exception is not SourceFault { IsOfSource: true })
        {
            _quietSince = _time.GetTimestamp();
        }

        if (exception is null or SourceFault { IsOfSource: false })
        {
            Succeeded(call, exception is not SourceFault { Kind: SourceFaultKind.Unreachable or SourceFaultKind.TimedOut } || call.IsTrial);
        }
        else if (exception is SourceFault fault)
        {
            Failed(call, fault);
        }
        else if (call.IsTrial)
        {
            EndTrial();     // cancelled, which says nothing
        }
    }

    /// <summary>Begins the one trial that is let through; false while another is out, or when none is needed.</summary>
    public bool TryBeginTrial()
    {
        lock (_lock)
        {
            if (_state is not (CircuitState.Open or CircuitState.Offline))
            {
                return false;
            }

            _attempt++;
            Become(CircuitState.HalfOpen);
            return true;
        }
    }

    /// <summary>The source as a whole cannot be read; no more failures are waited for.</summary>
    public void Trip(SourceFault fault)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Closed && fault.Code is not (SourceFaults.AwayCode or SourceFaults.BusyCode))
            {
                Fail(fault);
                Open();
            }
        }
    }

    public void Succeeded(CircuitCall call, bool answered = true)
    {
        if (answered)
        {
            _lastSuccess = call.StartedAt == 0 ? 1 : call.StartedAt;
        }

        if ((_failures == 0 && !call.IsTrial) || !answered)
        {
            return;
        }

        lock (_lock)
        {
            if (call.IsTrial && _state == CircuitState.HalfOpen)
            {
                Close();
            }
            else if (_state == CircuitState.Closed)
            {
                (_failures, _lastError) = (0, null);
            }
        }
    }

    public void Failed(CircuitCall call, SourceFault fault)
    {
        lock (_lock)
        {
            if (call.IsTrial && _state == CircuitState.HalfOpen)
            {
                Fail(fault);
                Reopen();
            }
            else if (_state == CircuitState.Closed && (!fault.MayPass() || call.StartedAt >= _lastFailure))
            {
                Fail(fault);
                if (_failures >= _options.MaxFailures || !fault.MayPass())
                {
                    Open();
                }
            }
        }
    }

    /// <summary>A cheap check was answered: it was there a moment ago. What was never used is not known to be usable by that.</summary>
    public void Seen()
    {
        if (_lastSuccess != 0 || _restoredSuccess is not null)
        {
            _lastSuccess = Math.Max(1, _time.GetTimestamp());
        }
    }

    /// <summary>A trial that came to no end.</summary>
    public void EndTrial()
    {
        lock (_lock)
        {
            if (_state == CircuitState.HalfOpen)
            {
                _attempt--;
                Become(IsLong ? CircuitState.Offline : CircuitState.Open);
            }
        }
    }

    /// <summary>Whether calls are out and none has come back for long with more than a failure.</summary>
    public bool IsStuck(TimeSpan patience) => Volatile.Read(ref _out) > 0 && _state == CircuitState.Closed && _time.GetElapsedTime(_quietSince) > patience;

    private bool IsLong => Source.Mode == SourceMode.MostlyOffline || _time.GetElapsedTime(_openedAt) >= _options.OfflineAfter || _time.GetUtcNow() - _since >= _options.OfflineAfter;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SourceFault Away()
    {
        lock (_lock)
        {
            return SourceFaults.Away(_lastError ?? "The source does not answer.", _state == CircuitState.HalfOpen ? TimeSpan.Zero : Left());
        }
    }

    private void Fail(SourceFault fault)
    {
        _failures++;
        IsAssumed = false;
        (_fault, _lastError, _lastFailure) = (fault, fault.Message, _time.GetTimestamp());
    }

    private void Open()
    {
        (_since, _openedAt, _attempt) = (_time.GetUtcNow(), _time.GetTimestamp(), 0);
        Reopen();
    }

    private void Reopen()
    {
        var state = IsLong ? CircuitState.Offline : CircuitState.Open;
        var wait = state == CircuitState.Offline ? _options.Vary(_options.OfflineDelay) : _options.Wait(_options.ResetTimeout, _attempt);
        _dueAt = MayReturn ? _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency) : null;
        Become(state);
    }

    private void Close()
    {
        _since = _state == CircuitState.Closed ? _since : _time.GetUtcNow();
        (_fault, _lastError, _failures, _attempt, _dueAt) = (null, null, 0, 0, null);
        Become(CircuitState.Closed);
    }

    private void Become(CircuitState state)
    {
        var before = _state;
        _state = state;
        if (before != state)
        {
            _changed(this, state);
        }

        Touch();
    }

    private void Touch()
    {
        var touched = _touched;
        _touched = NewSignal();
        touched.SetResult();
    }

    private TimeSpan? Left()
    {
        if (_dueAt is not { } due)
        {
            return null;
        }

        var left = _time.GetElapsedTime(_time.GetTimestamp(), due);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

/// <summary>Asks the circuit before each call, and tells it how the call ended.</summary>
internal sealed class CircuitStrategy(SourceCircuit circuit) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (!circuit.TryEnter(out var call, out var away))
        {
            return Outcome.FromException<TResult>(away!);
        }

        var outcome = await callback(context, state);
        circuit.Leave(call, outcome.Exception);
        return outcome;
    }
}
