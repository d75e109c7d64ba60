using Catalogizer.Domain.Events;
using Catalogizer.Domain.Health;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Catalogizer.Domain.Caching;

/// <summary>
/// Access to the optional shared cache, and its only state model. After a failure calls are skipped for a while, and callers continue
/// without it.
/// </summary>
public sealed class SharedCache(EventStreamer events, TimeProvider time, ILogger<SharedCache> logger, IDistributedCache? cache = null)
{
    private const string TrialKey = "trial";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private volatile Outcome _last = new(null, null, null);

    /// <summary>Calls the cache, unless none is configured or it failed recently.</summary>
    /// <returns>Whether the call succeeded.</returns>
    public async Task<bool> TryAsync(Func<IDistributedCache, Task> work)
    {
        if (cache is null || IsPaused(_last))
        {
            return false;
        }

        try
        {
            await work(cache).WaitAsync(Limit, time);
            Became(new Outcome(time.GetUtcNow(), null, null));
            return true;
        }
#pragma warning disable CA1031 // The cache is optional: any failure is recorded as its state.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Became(new Outcome(_last.AnsweredAt, time.GetUtcNow(), InWords(fault)));
            return false;
        }
    }

    /// <summary>Checks whether it responds, unless it failed recently.</summary>
    internal async Task<HealthAnswer> LookAsync(CancellationToken cancellation)
    {
        await TryAsync(asked => asked.GetAsync(TrialKey, cancellation));
        var last = _last;
        var part = new HealthPart("Redis", last.FailedAt is null, last.Why ?? "It answers.", last.AnsweredAt, last.FailedAt, IsPaused(last) ? last.FailedAt + Pause : null);
        return new HealthAnswer(part.Ok, part.Ok ? "The shared cache answers." : "The shared cache does not answer; the catalogue works without it.") { Parts = [part] };
    }

    private static string InWords(Exception fault) => fault switch
    {
        TimeoutException => "It did not answer within a second.",
        RedisConnectionException => "It cannot be reached.",
        _ => fault.Message,
    };

    private bool IsPaused(Outcome outcome) => outcome.FailedAt is { } at && at + Pause > time.GetUtcNow();

    private void Became(Outcome outcome)
    {
        var before = Interlocked.Exchange(ref _last, outcome);
        if (outcome.FailedAt is null && before is { FailedAt: null, AnsweredAt: not null })
        {
            return;
        }

        if (outcome.FailedAt is not null && before.FailedAt is null)
        {
            logger.LogError("{Cache} is left out until it answers: {Why}", "Redis", outcome.Why);
        }
        else if (outcome.FailedAt is null && before.FailedAt is not null)
        {
            logger.LogInformation("The shared cache responds again");
        }

        events.Publish(new CacheChanged());
    }

    private sealed record Outcome(DateTimeOffset? AnsweredAt, DateTimeOffset? FailedAt, string? Why);
}
