using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Finds the copy that stands for an item in lists and on its page: of those that were asked for the best that can be had now.
/// The item's row has the best of all its copies, wherever they are; only where that may be another one are the copies read.
/// </summary>
internal static class BestCopies
{
    private const string Columns = "v.source_id, v.presence, v.resolution, v.video_codec, v.overall_score";
    private const string OwnCopies = $"SELECT {Columns} FROM media_versions v WHERE v.item_id = ?1";
    private const string CopiesWithParts = $"""
        WITH RECURSIVE below(id) AS (VALUES (?1) UNION ALL SELECT p.id FROM below b JOIN media_items p ON p.parent_id = b.id)
        SELECT {Columns} FROM below b JOIN media_versions v ON v.item_id = b.id
        """;

    /// <param name="ofAll">The best of all copies.</param>
    public static (BestCopy Best, Presence Presence) Of(long item, bool hasParts, int holding, BestCopy ofAll, ReadSession session, CatalogueScope scope, WorkFilter? filter)
    {
        var copies = scope.CopiesOf(holding);
        if (copies is [var only])
        {
            return (ofAll, only.Presence);
        }

        var asked = filter is null || !Array.Exists(copies, filter.Passes) ? copies : Array.FindAll(copies, filter.Passes);
        var presence = asked.Select(c => c.Presence).DefaultIfEmpty(Presence.Missing).Min();
        var best = asked.Where(c => c.Presence == presence).ToHashSet();

        // The best of all is among them when only one of them can be it.
        bool IsOfAll(HeldCopies copy) => (copy.Traits.Resolution, copy.Traits.Codec) == (ofAll.Resolution, ofAll.Codec);
        var isKnown = best.Count == copies.Length || (best.Any(IsOfAll) && !Array.Exists(copies, c => IsOfAll(c) && !best.Contains(c)));
        return isKnown || scope.IsLoading ? (ofAll, presence) : (BestOf(hasParts ? CopiesWithParts : OwnCopies, item, best, session, scope) ?? ofAll, presence);
    }

    private static BestCopy? BestOf(string copies, long item, HashSet<HeldCopies> among, ReadSession session, CatalogueScope scope)
    {
        BestCopy? best = null;
        using var rows = session.Prepared(copies);
        rows.Bind(1, item);
        while (rows.Read())
        {
            var (source, copy) = (rows.Int64(0), new BestCopy(rows.TextOrNull(2), rows.TextOrNull(3), rows.Double(4)));
            if (among.Contains(new HeldCopies(new CopyTraits(source, copy.Resolution, copy.Codec), scope.Effective(source, (Presence)rows.Int32(1))))
                && (best is null || CopyOrder.IsBetter((copy.Resolution, copy.Codec, copy.Score), (best.Resolution, best.Codec, best.Score))))
            {
                best = copy;
            }
        }

        return best;
    }
}
