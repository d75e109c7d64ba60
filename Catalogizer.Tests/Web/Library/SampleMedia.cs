using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Web.Library;

internal static class SampleMedia
{
    public static MediaSummary Film { get; } = new(
        42, MediaType.Movie, MediaKind.Film, null, "The Golden Harbour", 1999, null, null, null, 7.5, Presence.Present,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, 0, new BestVersion("1080p", "H.265", 80), null);

    public static MediaFacets Facets { get; } = new(
        new Dictionary<string, long> { ["movie"] = 12, ["music"] = 3 },
        new Dictionary<string, long> { ["1994"] = 4, ["1999"] = 5, ["2003"] = 6 },
        new Dictionary<string, long> { ["720p"] = 9, ["2160p"] = 2 },
        new Dictionary<string, long> { ["H.264"] = 8 },
        new Dictionary<string, long> { ["1"] = 10, ["2"] = 5 },
        new Dictionary<string, long> { ["present"] = 14, ["missing"] = 1 });
}
