namespace Catalogizer.Domain.Metadata;

/// <summary>State of a provider after its last calls: the only source for pages, health checks and alerts.</summary>
/// <param name="changed">Called after each change of the state or its reason.</param>
internal sealed class CallOutcomes(TimeProvider time, Action<ProviderOutcome> changed)
{
    /// <summary>Pause after a rejected key; repeated attempts may lock the account.</summary>
    private static readonly TimeSpan KeyRejectedPause = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private DateTimeOffset? _answeredAt;
    private DateTimeOffset? _failedAt;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset _openUntil;
    private DateTimeOffset _keyRejectedUntil;
    private DateTimeOffset _pausedUntil;
    private ProviderException? _lastException;

    /// <summary>The state, assuming that the provider is on.</summary>
    public ProviderOutcome Current
    {
        get
        {
            lock (_lock)
            {
                return CreateSnapshot();
            }
        }
    }

    /// <summary>End of the pause that the provider requested (Retry-After); null when there is none.</summary>
    public DateTimeOffset? PausedUntil => FutureOrNull(_pausedUntil);

    /// <summary>Whether the key was rejected recently, so that no calls are made.</summary>
    public bool IsKeyRejected => FutureOrNull(_keyRejectedUntil) is not null;

    public void RecordSuccess() => Update(() =>
    {
        _answeredAt = time.GetUtcNow();
        (_lastException, _failingSince, _keyRejectedUntil) = (null, null, default);
    });

    public void RecordFailure(ProviderException exception) => Update(() =>
    {
        (_lastException, _failedAt) = (exception, time.GetUtcNow());
        _failingSince ??= _failedAt;
        _keyRejectedUntil = exception.IsKeyRejected ? _failedAt.Value + KeyRejectedPause : default;
    });

    /// <summary>Records that the circuit breaker is open until the given time.</summary>
    public void RecordCircuitOpened(DateTimeOffset until) => Update(() => _openUntil = until);

    public void RecordRateLimit(TimeSpan pause) => Update(() => _pausedUntil = time.GetUtcNow() + pause);

    /// <summary>Ends all pauses but the one the provider requested.</summary>
    public void AllowRetry() => Update(() => (_keyRejectedUntil, _openUntil) = (default, default));

    /// <summary>Resets the state after a change of settings, except for a pause that the provider requested.</summary>
    public void Reset() => Update(() =>
        (_lastException, _answeredAt, _failedAt, _failingSince, _keyRejectedUntil, _openUntil) = (null, null, null, null, default, default));

    private void Update(Action change)
    {
        ProviderOutcome before, after;
        lock (_lock)
        {
            before = CreateSnapshot();
            change();
            after = CreateSnapshot();
        }

        if ((before.State, before.LastError, before.RetryAt) != (after.State, after.LastError, after.RetryAt))
        {
            changed(after);
        }
    }

    private ProviderOutcome CreateSnapshot()
    {
        var (state, retryAt) = _lastException switch
        {
            { IsKeyRejected: true } => (ProviderState.KeyRejected, FutureOrNull(_keyRejectedUntil)),
            _ when FutureOrNull(_pausedUntil) is { } resumes => (ProviderState.RateLimited, resumes),
            _ when FutureOrNull(_openUntil) is { } closes => (ProviderState.CircuitOpen, closes),
            not null => (ProviderState.Failing, null),
            _ => (_answeredAt is null ? ProviderState.NotTried : ProviderState.Ok, (DateTimeOffset?)null),
        };
        return new ProviderOutcome(state, retryAt, _lastException?.Message, _failingSince, _answeredAt, _failedAt);
    }

    private DateTimeOffset? FutureOrNull(DateTimeOffset at) => at > time.GetUtcNow() ? at : null;
}

/// <summary>A snapshot of <see cref="CallOutcomes"/>.</summary>
internal sealed record ProviderOutcome(
    ProviderState State, DateTimeOffset? RetryAt, string? LastError, DateTimeOffset? FailingSince, DateTimeOffset? AnsweredAt, DateTimeOffset? FailedAt);
