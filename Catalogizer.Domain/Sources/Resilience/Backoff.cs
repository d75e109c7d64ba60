namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Waits that grow by a factor up to a cap.</summary>
internal static class Backoff
{
    /// <param name="attempt">0 for the first wait.</param>
    public static TimeSpan GetDelay(this ResilienceOptions options, TimeSpan initialDelay, int attempt)
    {
        var seconds = initialDelay.TotalSeconds * Math.Pow(options.BackoffFactor, attempt);
        return options.ApplyJitter(seconds < options.MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.MaxDelay);
    }

    public static TimeSpan ApplyJitter(this ResilienceOptions options, TimeSpan delay) => options.Jitter ? delay * (0.75 + (Random.Shared.NextDouble() / 2)) : delay;
}
