using System.Globalization;

namespace Catalogizer.Domain.Metadata;

/// <summary>Explains to users why a provider cannot be called.</summary>
public static class ProviderLabels
{
    /// <summary>One or two sentences; null when there is no problem.</summary>
    public static string? DescribeProblem(this ProviderStatus status, string title)
    {
        var next = status.RetryAt is { } retryAt ? string.Create(CultureInfo.InvariantCulture, $" Next try at {retryAt.UtcDateTime:HH:mm} UTC.") : "";
        return status.State switch
        {
            ProviderState.Off => $"{title} is off.",
            ProviderState.NoKey => $"{title} has no key.",
            ProviderState.NoData => $"The data of {title} are not loaded yet.",
            ProviderState.KeyRejected => $"{title} refuses its key.{next}",
            ProviderState.RateLimited => $"{title} asked for a pause.{next}",
            ProviderState.CircuitOpen => $"{status.LastError ?? $"{title} failed several times."}{next}",
            ProviderState.Failing => status.LastError ?? $"{title} did not answer.",
            _ => null,
        };
    }
}
