using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>
/// Finds the version shown for an item in lists and on its page: the best available one of the requested ones. The item's row has the best
/// of all its versions, wherever they are; the versions are read only where another one may have to be shown.
/// </summary>
internal static class BestVersions
{
    private const string Columns = "v.source_id, v.presence, v.resolution, v.video_codec, v.overall_score";
    private const string OwnVersionsSql = $"SELECT {Columns} FROM media_versions v WHERE v.item_id = ?1";
    private const string VersionsWithPartsSql = $"""
        WITH RECURSIVE below(id) AS (VALUES (?1) UNION ALL SELECT p.id FROM below b JOIN media_items p ON p.parent_id = b.id)
        SELECT {Columns} FROM below b JOIN media_versions v ON v.item_id = b.id
        """;

    /// <param name="overallBest">The best of all versions of the item.</param>
    public static (BestVersion Best, Presence Presence) Find(long item, bool hasParts, int presenceSet, BestVersion overallBest, ReadSession session, AvailabilitySnapshot availability, ItemFilter? filter)
    {
        var copies = availability.GetVersions(presenceSet);
        if (copies is [var only])
        {
            return (overallBest, only.Presence);
        }

        var requested = filter is null || !Array.Exists(copies, filter.Matches) ? copies : Array.FindAll(copies, filter.Matches);
        var presence = requested.Select(c => c.Presence).DefaultIfEmpty(Presence.Missing).Min();
        var best = requested.Where(c => c.Presence == presence).ToHashSet();

        // The overall best is among these when no other version has its resolution and codec.
        bool IsOverallBest(VersionGroup copy) => (copy.Traits.Resolution, copy.Traits.Codec) == (overallBest.Resolution, overallBest.Codec);
        var isKnown = best.Count == copies.Length || (best.Any(IsOverallBest) && !Array.Exists(copies, c => IsOverallBest(c) && !best.Contains(c)));
        return isKnown || availability.IsLoading ? (overallBest, presence) : (ReadBest(hasParts ? VersionsWithPartsSql : OwnVersionsSql, item, best, session, availability) ?? overallBest, presence);
    }

    private static BestVersion? ReadBest(string copies, long item, HashSet<VersionGroup> among, ReadSession session, AvailabilitySnapshot availability)
    {
        BestVersion? best = null;
        using var rows = session.Prepare(copies);
        rows.Bind(1, item);
        while (rows.Read())
        {
            var (source, copy) = (rows.Int64(0), new BestVersion(rows.TextOrNull(2), rows.TextOrNull(3), rows.Double(4)));
            if (among.Contains(new VersionGroup(new VersionTraits(source, copy.Resolution, copy.Codec), availability.GetEffectivePresence(source, (Presence)rows.Int32(1))))
                && (best is null || VersionRanking.IsBetter((copy.Resolution, copy.Codec, copy.Score), (best.Resolution, best.Codec, best.Score))))
            {
                best = copy;
            }
        }

        return best;
    }
}
