using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Sources;

public static class SourceAvailabilityExtensions
{
    /// <summary>What is known of a file, given what was found at the last look and what its source is worth now.</summary>
    public static Presence ToPresence(this SourceAvailability availability, Presence found) => availability switch
    {
        SourceAvailability.Retired => Presence.Retired,
        SourceAvailability.Unreachable when found == Presence.Present => Presence.Unknown,
        _ => found,
    };
}
