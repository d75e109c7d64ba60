using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Sources;

public static class SourceAvailabilityExtensions
{
    /// <summary>The presence of a file, given what the last scan found and whether its source is available now.</summary>
    public static Presence ToPresence(this SourceAvailability availability, Presence found) => availability switch
    {
        SourceAvailability.Retired => Presence.Retired,
        SourceAvailability.Unreachable when found == Presence.Present => Presence.Unknown,
        _ => found,
    };
}
