namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Delays that grow exponentially up to a maximum.</summary>
internal static class Backoff
{
    /// <param name="attempt">Zero-based: 0 for the first delay.</param>
    public static TimeSpan GetDelay(this ResilienceOptions options, TimeSpan initialDelay, int attempt)
    {
        var seconds = initialDelay.TotalSeconds * Math.Pow(options.BackoffFactor, attempt);
        return options.ApplyJitter(seconds < options.MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.MaxDelay);
    }

    public static TimeSpan ApplyJitter(this ResilienceOptions options, TimeSpan delay) => options.Jitter ? delay * (0.75 + (Random.Shared.NextDouble() / 2)) : delay;
}
