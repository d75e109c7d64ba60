namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Waits that grow by a factor up to a cap.</summary>
internal static class Backoff
{
    /// <param name="number">0 for the first wait.</param>
    public static TimeSpan Wait(this ResilienceOptions options, TimeSpan first, int number)
    {
        var grown = first.TotalSeconds * Math.Pow(options.BackoffFactor, number);
        return options.Vary(grown < options.MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(grown) : options.MaxDelay);
    }

    public static TimeSpan Vary(this ResilienceOptions options, TimeSpan wait) => options.Jitter ? wait * (0.75 + (Random.Shared.NextDouble() / 2)) : wait;
}
