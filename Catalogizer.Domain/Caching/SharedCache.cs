using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Health;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Catalogizer.Domain.Caching;

/// <summary>
/// Access to the optional shared cache, and the only model of its state. After a failure, calls are skipped for a while, and callers
/// continue without it.
/// </summary>
public sealed class SharedCache(EventStreamer events, TimeProvider time, ILogger<SharedCache> logger, IDistributedCache? cache = null)
{
    private const string ProbeKey = "trial";
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    private volatile CacheState _state = new(null, null, null);

    /// <summary>Calls the cache, unless none is configured or it failed recently.</summary>
    /// <returns>Whether the call succeeded.</returns>
    public async Task<bool> TryCallAsync(Func<IDistributedCache, Task> call)
    {
        if (cache is null || IsPaused(_state))
        {
            return false;
        }

        try
        {
            await call(cache).WaitAsync(CallTimeout, time);
            SetState(new CacheState(time.GetUtcNow(), null, null));
            return true;
        }
#pragma warning disable CA1031 // The cache is optional: any failure is recorded as its state.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            SetState(new CacheState(_state.SucceededAt, time.GetUtcNow(), Describe(exception)));
            return false;
        }
    }

    /// <summary>Checks whether the cache responds, unless it failed recently.</summary>
    internal async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        await TryCallAsync(distributedCache => distributedCache.GetAsync(ProbeKey, cancellation));
        var state = _state;
        var part = new HealthPart("Redis", state.FailedAt is null, state.ErrorMessage ?? "It answers.", state.SucceededAt, state.FailedAt, IsPaused(state) ? state.FailedAt + RetryDelay : null);
        return new CheckResult(part.Ok, part.Ok ? "The shared cache answers." : "The shared cache does not answer; the catalogue works without it.") { Parts = [part] };
    }

    private static string Describe(Exception exception) => exception switch
    {
        TimeoutException => "It did not answer within a second.",
        RedisConnectionException => "It cannot be reached.",
        _ => exception.Message,
    };

    private bool IsPaused(CacheState state) => state.FailedAt is { } at && at + RetryDelay > time.GetUtcNow();

    private void SetState(CacheState state)
    {
        var previous = Interlocked.Exchange(ref _state, state);
        if (state.FailedAt is null && previous is { FailedAt: null, SucceededAt: not null })
        {
            return;
        }

        if (state.FailedAt is not null && previous.FailedAt is null)
        {
            logger.LogError("{Cache} is left out until it answers: {Why}", "Redis", state.ErrorMessage);
        }
        else if (state.FailedAt is null && previous.FailedAt is not null)
        {
            logger.LogInformation("The shared cache responds again");
        }

        events.Publish(new CacheChanged());
    }

    private sealed record CacheState(DateTimeOffset? SucceededAt, DateTimeOffset? FailedAt, string? ErrorMessage);
}
