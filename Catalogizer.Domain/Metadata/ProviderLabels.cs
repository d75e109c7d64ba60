using System.Globalization;

namespace Catalogizer.Domain.Metadata;

/// <summary>Why a provider cannot be asked, for people.</summary>
public static class ProviderLabels
{
    /// <summary>A sentence or two; null when it answers.</summary>
    public static string? Trouble(this ProviderStanding standing, string title)
    {
        var next = standing.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $" Next try at {until.UtcDateTime:HH:mm} UTC.") : "";
        return standing.State switch
        {
            ProviderState.Off => $"{title} is off.",
            ProviderState.NoKey => $"{title} has no key.",
            ProviderState.NoData => $"The data of {title} are not loaded yet.",
            ProviderState.WrongKey => $"{title} refuses its key.{next}",
            ProviderState.Waiting => $"{title} asked for a pause.{next}",
            ProviderState.Interrupted => $"{standing.LastFault ?? $"{title} failed several times."}{next}",
            ProviderState.Failing => standing.LastFault ?? $"{title} did not answer.",
            _ => null,
        };
    }
}
