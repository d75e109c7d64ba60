using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Number of versions on counted sources, by resolution and codec, from the maintained counters.</summary>
internal sealed record VersionCounts(long Total, SortedDictionary<string, long> Resolutions, SortedDictionary<string, long> Codecs)
{
    public static VersionCounts Read(ReadSession session, AvailabilitySnapshot availability)
    {
        var (resolutions, codecs) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new SortedDictionary<string, long>(StringComparer.Ordinal));
        var total = 0L;
        using var rows = session.Prepare($"""
            SELECT facet, CAST(value AS INTEGER), substr(value, instr(value, '|') + 1), n FROM facet_counts
            WHERE facet IN ({CatalogSchema.Facet.VersionResolution}, {CatalogSchema.Facet.VersionCodec}) AND n > 0
            """);
        while (rows.Read())
        {
            if (!availability.IsCounted(rows.Int64(1)))
            {
                continue;
            }

            var (isOfResolution, value, copies) = (rows.Int32(0) == CatalogSchema.Facet.VersionResolution, rows.Text(2), rows.Int64(3));
            total += isOfResolution ? copies : 0;
            if (value.Length > 0)
            {
                var counts = isOfResolution ? resolutions : codecs;
                counts[value] = counts.GetValueOrDefault(value) + copies;
            }
        }

        return new VersionCounts(total, resolutions, codecs);
    }
}
