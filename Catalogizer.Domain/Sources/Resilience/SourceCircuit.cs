using Polly;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>The state of the connection to a source.</summary>
public enum CircuitState
{
    /// <summary>Connected: every call is let through.</summary>
    Closed,

    /// <summary>Reconnecting: one probe call is let through, the others fail at once.</summary>
    HalfOpen,

    /// <summary>Connection lost: calls fail at once until the next attempt.</summary>
    Open,

    /// <summary>Unreachable for long, or offline most of the time: attempts are rare.</summary>
    Offline,
}

/// <summary>The connection state of a source.</summary>
/// <param name="Since">Since when the source is connected or unreachable.</param>
/// <param name="Failures">Number of failures since the last success.</param>
/// <param name="Attempt">Number of attempts to reconnect so far.</param>
/// <param name="NextAttemptAt">Null while the source is connected, and when a user must act first.</param>
public sealed record CircuitStatus(
    CircuitState State, DateTimeOffset Since, DateTimeOffset? LastSuccessAt, string? LastError, int Failures, int Attempt, DateTimeOffset? NextAttemptAt, double? LatencyMs)
{
    public bool IsUnreachable => State != CircuitState.Closed;
}

/// <summary>A call to a source that has not finished yet.</summary>
internal readonly record struct CircuitCall(long StartedAt, bool IsProbe);

/// <summary>
/// The circuit breaker of a source: tracks whether the source answers, and rejects calls when it does not. Transient failures of calls
/// that overlapped in time have the same cause and count once.
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

    /// <param name="onStateChanged">Called for each new state, under the lock.</param>
    public SourceCircuit(Source source, ResilienceOptions options, TimeProvider time, Action<SourceCircuit, CircuitState> onStateChanged)
    {
        (Source, _options, _time, _onStateChanged) = (source, options, time, onStateChanged);
        Restore(source);
    }

    /// <summary>The source as it was last loaded.</summary>
    public Source Source { get; private set; }

    /// <summary>Duration of the last successful check, in milliseconds; null when there was none.</summary>
    public double? LatencyMs { get; set; }

    /// <summary>Free and total space as last reported; null when it never was.</summary>
    public SourceSpace? Space { get; set; }

    /// <summary>The last call made outside the pipeline; it may hang in the operating system.</summary>
    public Task? PendingCall { get; set; }

    public CircuitState State => _state;

    /// <summary>Whether the source can become reachable without a user changing something in Catalogizer.</summary>
    public bool CanRecover => _lastException is not { } fault || !fault.NeedsUserAction();

    /// <summary>Whether it is unreachable only according to the stored state: no call has failed since that was loaded.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Whether a background service reconnects the source. If not, the next call is the probe.</summary>
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

    /// <summary>Completes at the next change of state or retry time.</summary>
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

    /// <summary>Resets the circuit to the stored state of the source.</summary>
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

    /// <summary>Takes over changed settings and makes the next attempt due, since earlier failures may no longer apply.</summary>
    public void Update(Source source)
    {
        Source = source;
        RetryNow();
    }

    /// <summary>Makes the next attempt due now and restarts the backoff.</summary>
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

    /// <summary>Closes the circuit and forgets all failures: the next call is let through.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Close();
        }
    }

    /// <summary>Time until the next attempt is due; null when none is planned.</summary>
    public TimeSpan? TimeToRetry()
    {
        lock (_lock)
        {
            return TimeToRetryCore();
        }
    }

    /// <summary>Whether a call may start; each started call must be reported to <see cref="Exit"/>.</summary>
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

    /// <summary>Reports how a call ended.</summary>
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
            EndProbe();     // cancelled: the outcome is unknown
        }
    }

    /// <summary>Starts the only probe that is allowed; false while another one is running, and when the circuit is closed.</summary>
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

    /// <summary>Opens the circuit at once, without waiting for more failures, because the whole source cannot be read.</summary>
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

    /// <summary>Records that a check succeeded. A source that was never read counts as never connected: the check does not show that it can be read.</summary>
    public void ReportCheckSuccess()
    {
        if (_lastSuccess != 0 || _restoredSuccess is not null)
        {
            _lastSuccess = Math.Max(1, _time.GetTimestamp());
        }
    }

    /// <summary>Ends a probe that had no result.</summary>
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

    /// <summary>Whether calls are running and none has ended within <paramref name="threshold"/>, except with a failure of the whole source.</summary>
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

/// <summary>Lets the circuit decide about each call, and reports its outcome to the circuit.</summary>
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
