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
    public bool IsUnreachable => State != CircuitState.Closed;
}

/// <summary>A call on its way to a source.</summary>
internal readonly record struct CircuitCall(long StartedAt, bool IsProbe);

/// <summary>
/// Remembers whether a source answers, and keeps calls from one that does not. Failures that came from the same trouble,
/// because their calls were out at the same time, count once.
/// </summary>
internal sealed class SourceCircuit
{
    private readonly Lock _lock = new();
    private readonly ResilienceOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<SourceCircuit, CircuitState> _onStateChanged;
    private volatile CircuitState _state;
    private TaskCompletionSource _nextChange = CreateSignal();
    private DateTimeOffset _since;
    private DateTimeOffset? _restoredSuccess;
    private SourceException? _lastException;
    private string? _lastError;
    private int _failures;
    private int _attempt;
    private long _lastFailure = long.MinValue;
    private long _lastSuccess;
    private long _openedAt;
    private long? _retryAt;
    private long _lastProgressAt;
    private int _callsInFlight;

    /// <param name="onStateChanged">Told of each new state, under the lock.</param>
    public SourceCircuit(Source source, ResilienceOptions options, TimeProvider time, Action<SourceCircuit, CircuitState> onStateChanged)
    {
        (Source, _options, _time, _onStateChanged) = (source, options, time, onStateChanged);
        Restore(source);
    }

    /// <summary>The source as it was last seen.</summary>
    public Source Source { get; private set; }

    /// <summary>How long the last cheap check took, in milliseconds.</summary>
    public double? LatencyMs { get; set; }

    /// <summary>What it last said of its room; null until it did.</summary>
    public SourceSpace? Space { get; set; }

    /// <summary>What was last asked of the source beside its pipeline; it may hang in the system.</summary>
    public Task? PendingCall { get; set; }

    public CircuitState State => _state;

    /// <summary>Whether it may come back without anybody doing anything to this program.</summary>
    public bool CanRecover => _lastException is not { } fault || !fault.NeedsUserAction();

    /// <summary>Whether it is away only as the catalogue says: nothing has failed since it was read.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Whether a process-long keeper tries to reconnect. Where there is none, the next call that comes is the trial.</summary>
    public bool HasBackgroundReconnect { get; set; }

    public CircuitStatus Status
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                return new CircuitStatus(
                    _state, _since, _lastSuccess == 0 ? _restoredSuccess : now - _time.GetElapsedTime(_lastSuccess), _lastError, _failures, _attempt,
                    _state == CircuitState.Closed || _retryAt is null ? null : now + TimeToRetryCore(), LatencyMs);
            }
        }
    }

    /// <summary>Done at the next change.</summary>
    public Task NextChange
    {
        get
        {
            lock (_lock)
            {
                return _nextChange.Task;
            }
        }
    }

    /// <summary>Starts anew from what the catalogue says of the source.</summary>
    public void Restore(Source source)
    {
        lock (_lock)
        {
            var isUnreachable = source.Availability == SourceAvailability.Unreachable;
            (Source, _since, _restoredSuccess, _lastError) = (source, source.Since, source.LastConnectedAt, isUnreachable ? source.LastError ?? "It did not answer." : null);
            (_lastException, _failures, _attempt, _retryAt) = (null, 0, 0, isUnreachable ? _time.GetTimestamp() : null);
            _openedAt = _time.GetTimestamp();
            IsRestored = isUnreachable;
            SetState(!isUnreachable ? CircuitState.Closed
                : source.Mode == SourceMode.MostlyOffline || _time.GetUtcNow() - source.Since >= _options.OfflineAfter ? CircuitState.Offline : CircuitState.Open);
        }
    }

    /// <summary>Its settings may have changed: what was wrong before says nothing of them.</summary>
    public void Update(Source source)
    {
        Source = source;
        RetryNow();
    }

    /// <summary>Makes the next try due, whatever was to be waited for.</summary>
    public void RetryNow()
    {
        lock (_lock)
        {
            if (_state is CircuitState.Open or CircuitState.Offline)
            {
                (_retryAt, _attempt) = (_time.GetTimestamp(), 0);
                SignalChange();
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
    public TimeSpan? TimeToRetry()
    {
        lock (_lock)
        {
            return TimeToRetryCore();
        }
    }

    /// <summary>Whether a call may go out; each that may has to be reported by <see cref="Exit"/>.</summary>
    public bool TryEnter(out CircuitCall call, out SourceException? rejection)
    {
        rejection = null;
        if (_state != CircuitState.Closed && (HasBackgroundReconnect || !TryBeginProbe()))
        {
            call = default;
            rejection = CreateRejection();
            return false;
        }

        var now = _time.GetTimestamp();
        call = new CircuitCall(now, _state != CircuitState.Closed);
        if (Interlocked.Increment(ref _callsInFlight) == 1 && _failures == 0)
        {
            _lastProgressAt = now;
        }

        return true;
    }

    /// <summary>Tells how a call ended.</summary>
    public void Exit(CircuitCall call, Exception? exception)
    {
        Interlocked.Decrement(ref _callsInFlight);
        if (exception is not SourceException { IsSourceWide: true })
        {
            _lastProgressAt = _time.GetTimestamp();
        }

        if (exception is null or SourceException { IsSourceWide: false })
        {
            ReportSuccess(call, exception is not SourceException { Kind: SourceErrorKind.Unreachable or SourceErrorKind.TimedOut } || call.IsProbe);
        }
        else if (exception is SourceException sourceException)
        {
            ReportFailure(call, sourceException);
        }
        else if (call.IsProbe)
        {
            EndProbe();     // cancelled, which says nothing
        }
    }

    /// <summary>Begins the one trial that is let through; false while another is out, or when none is needed.</summary>
    public bool TryBeginProbe()
    {
        lock (_lock)
        {
            if (_state is not (CircuitState.Open or CircuitState.Offline))
            {
                return false;
            }

            _attempt++;
            SetState(CircuitState.HalfOpen);
            return true;
        }
    }

    /// <summary>The source as a whole cannot be read; no more failures are waited for.</summary>
    public void Trip(SourceException exception)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Closed && exception.Code is not (SourceExceptions.CircuitOpenCode or SourceExceptions.BulkheadFullCode))
            {
                RecordFailure(exception);
                Open();
            }
        }
    }

    public void ReportSuccess(CircuitCall call, bool answered = true)
    {
        if (answered)
        {
            _lastSuccess = call.StartedAt == 0 ? 1 : call.StartedAt;
        }

        if ((_failures == 0 && !call.IsProbe) || !answered)
        {
            return;
        }

        lock (_lock)
        {
            if (call.IsProbe && _state == CircuitState.HalfOpen)
            {
                Close();
            }
            else if (_state == CircuitState.Closed)
            {
                (_failures, _lastError) = (0, null);
            }
        }
    }

    public void ReportFailure(CircuitCall call, SourceException fault)
    {
        lock (_lock)
        {
            if (call.IsProbe && _state == CircuitState.HalfOpen)
            {
                RecordFailure(fault);
                Reopen();
            }
            else if (_state == CircuitState.Closed && (!fault.IsTransient() || call.StartedAt >= _lastFailure))
            {
                RecordFailure(fault);
                if (_failures >= _options.MaxFailures || !fault.IsTransient())
                {
                    Open();
                }
            }
        }
    }

    /// <summary>A cheap check was answered: it was there a moment ago. What was never used is not known to be usable by that.</summary>
    public void ReportCheckSuccess()
    {
        if (_lastSuccess != 0 || _restoredSuccess is not null)
        {
            _lastSuccess = Math.Max(1, _time.GetTimestamp());
        }
    }

    /// <summary>A trial that came to no end.</summary>
    public void EndProbe()
    {
        lock (_lock)
        {
            if (_state == CircuitState.HalfOpen)
            {
                _attempt--;
                SetState(IsLongOutage ? CircuitState.Offline : CircuitState.Open);
            }
        }
    }

    /// <summary>Whether calls are out and none has come back for long with more than a failure.</summary>
    public bool HasHungCalls(TimeSpan threshold) => Volatile.Read(ref _callsInFlight) > 0 && _state == CircuitState.Closed && _time.GetElapsedTime(_lastProgressAt) > threshold;

    private bool IsLongOutage => Source.Mode == SourceMode.MostlyOffline || _time.GetElapsedTime(_openedAt) >= _options.OfflineAfter || _time.GetUtcNow() - _since >= _options.OfflineAfter;

    private static TaskCompletionSource CreateSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SourceException CreateRejection()
    {
        lock (_lock)
        {
            return SourceExceptions.CircuitOpen(_lastError ?? "The source does not answer.", _state == CircuitState.HalfOpen ? TimeSpan.Zero : TimeToRetryCore());
        }
    }

    private void RecordFailure(SourceException exception)
    {
        _failures++;
        IsRestored = false;
        (_lastException, _lastError, _lastFailure) = (exception, exception.Message, _time.GetTimestamp());
    }

    private void Open()
    {
        (_since, _openedAt, _attempt) = (_time.GetUtcNow(), _time.GetTimestamp(), 0);
        Reopen();
    }

    private void Reopen()
    {
        var state = IsLongOutage ? CircuitState.Offline : CircuitState.Open;
        var wait = state == CircuitState.Offline ? _options.ApplyJitter(_options.OfflineDelay) : _options.GetDelay(_options.ResetTimeout, _attempt);
        _retryAt = CanRecover ? _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency) : null;
        SetState(state);
    }

    private void Close()
    {
        _since = _state == CircuitState.Closed ? _since : _time.GetUtcNow();
        (_lastException, _lastError, _failures, _attempt, _retryAt) = (null, null, 0, 0, null);
        SetState(CircuitState.Closed);
    }

    private void SetState(CircuitState state)
    {
        var before = _state;
        _state = state;
        if (before != state)
        {
            _onStateChanged(this, state);
        }

        SignalChange();
    }

    private void SignalChange()
    {
        var signal = _nextChange;
        _nextChange = CreateSignal();
        signal.SetResult();
    }

    private TimeSpan? TimeToRetryCore()
    {
        if (_retryAt is not { } due)
        {
            return null;
        }

        var remaining = _time.GetElapsedTime(_time.GetTimestamp(), due);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}

/// <summary>Asks the circuit before each call, and tells it how the call ended.</summary>
internal sealed class CircuitStrategy(SourceCircuit circuit) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (!circuit.TryEnter(out var call, out var rejection))
        {
            return Outcome.FromException<TResult>(rejection!);
        }

        var outcome = await callback(context, state);
        circuit.Exit(call, outcome.Exception);
        return outcome;
    }
}
