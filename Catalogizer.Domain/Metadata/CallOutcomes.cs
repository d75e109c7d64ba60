namespace Catalogizer.Domain.Metadata;

/// <summary>The state of a provider as its calls left it: the only source for pages, health checks and alerts.</summary>
/// <param name="changed">Called after each change of the state or its reason.</param>
internal sealed class CallOutcomes(TimeProvider time, Action<ProviderOutcome> changed)
{
    /// <summary>Pause after a rejected key; repeated attempts may lock the account.</summary>
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private DateTimeOffset? _answeredAt;
    private DateTimeOffset? _failedAt;
    private DateTimeOffset? _troubledSince;
    private DateTimeOffset _openUntil;
    private DateTimeOffset _refusedUntil;
    private DateTimeOffset _notBefore;
    private ProviderFault? _fault;

    /// <summary>The state of a provider that is on.</summary>
    public ProviderOutcome Now
    {
        get
        {
            lock (_lock)
            {
                return Read();
            }
        }
    }

    /// <summary>End of the pause that the provider requested (Retry-After); null when there is none.</summary>
    public DateTimeOffset? PausedUntil => Later(_notBefore);

    /// <summary>Whether the key was rejected recently, so that no calls are made.</summary>
    public bool IsRefused => Later(_refusedUntil) is not null;

    public void Answered() => Change(() =>
    {
        _answeredAt = time.GetUtcNow();
        (_fault, _troubledSince, _refusedUntil) = (null, null, default);
    });

    /// <summary>Records a failed call.</summary>
    public void Failed(ProviderFault fault) => Change(() =>
    {
        (_fault, _failedAt) = (fault, time.GetUtcNow());
        _troubledSince ??= _failedAt;
        _refusedUntil = fault.IsRefusal ? _failedAt.Value + RefusedPause : default;
    });

    /// <summary>Records that the circuit breaker is open until then.</summary>
    public void Opened(DateTimeOffset until) => Change(() => _openUntil = until);

    /// <summary>Records a rate-limit response.</summary>
    public void Pause(TimeSpan pause) => Change(() => _notBefore = time.GetUtcNow() + pause);

    /// <summary>Ends all pauses but the one the provider requested.</summary>
    public void LetTry() => Change(() => (_refusedUntil, _openUntil) = (default, default));

    /// <summary>Resets the state after a change of settings.</summary>
    public void Forget() => Change(() =>
        (_fault, _answeredAt, _failedAt, _troubledSince, _refusedUntil, _openUntil) = (null, null, null, null, default, default));

    private void Change(Action change)
    {
        ProviderOutcome before, after;
        lock (_lock)
        {
            before = Read();
            change();
            after = Read();
        }

        if ((before.State, before.LastFault, before.Until) != (after.State, after.LastFault, after.Until))
        {
            changed(after);
        }
    }

    private ProviderOutcome Read()
    {
        var (state, until) = _fault switch
        {
            { IsRefusal: true } => (ProviderState.WrongKey, Later(_refusedUntil)),
            _ when Later(_notBefore) is { } resumes => (ProviderState.Waiting, resumes),
            _ when Later(_openUntil) is { } closes => (ProviderState.Interrupted, closes),
            not null => (ProviderState.Failing, null),
            _ => (_answeredAt is null ? ProviderState.NotTried : ProviderState.Ok, (DateTimeOffset?)null),
        };
        return new ProviderOutcome(state, until, _fault?.Message, _troubledSince, _answeredAt, _failedAt);
    }

    private DateTimeOffset? Later(DateTimeOffset at) => at > time.GetUtcNow() ? at : null;
}

/// <summary>A snapshot of <see cref="CallOutcomes"/>.</summary>
internal sealed record ProviderOutcome(
    ProviderState State, DateTimeOffset? Until, string? LastFault, DateTimeOffset? TroubledSince, DateTimeOffset? AnsweredAt, DateTimeOffset? FailedAt);
