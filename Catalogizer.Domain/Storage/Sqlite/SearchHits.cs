using Catalogizer.Domain.Media;
using Catalogizer.Domain.Search;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>The library with words: hits in titles first, then in descriptions, the first 10,000 of them.</summary>
internal static class SearchHits
{
    /// <summary>Beyond this many, totals and facets are lower bounds.</summary>
    private const int Most = 10_000;

    /// <summary>So many hits are ranked while somebody types, and so many of the best are looked at.</summary>
    private const int Ranked = 1_000;
    private const int LookedAt = 60;

    /// <summary>All hits in the order asked for: by relevance, works before their parts, when none was.</summary>
    public static FoundList Find(ReadSession session, CatalogueScope scope, MediaQuery query)
    {
        var filter = new WorkFilter(query, scope);
        var facets = new FacetCount(filter);
        if (MatchExpression.Of(query.Query!) is not { } match)
        {
            return new FoundList([], new FoundCount(0, false, facets.Facets()));
        }

        var order = query.Sort is { } sort ? new WorkOrder(sort) : null;
        var hits = new List<Hit>();
        var seen = 0;
        using var rows = session.Prepared($"""
            WITH titles(id, score) AS MATERIALIZED (SELECT rowid, bm25(media_titles) FROM media_titles WHERE media_titles MATCH ?1{Shown(scope, "media_titles.rowid")} LIMIT {Most + 1}),
            texts(id, score) AS MATERIALIZED (
              SELECT rowid, bm25(media_search) + 1000 FROM media_search
              WHERE media_search MATCH 'description : (' || ?1 || ')' AND rowid NOT IN (SELECT id FROM titles){Shown(scope, "media_search.rowid")} LIMIT {Most + 1})
            SELECT m.id, h.score, m.is_work, m.rating, m.{order?.Column ?? "id"}, {CellValues.Columns}
            FROM (SELECT * FROM titles UNION ALL SELECT * FROM texts) h JOIN media_items m ON m.id = h.id LIMIT {Most + 1}
            """);
        rows.Bind(1, match);
        while (rows.Read() && ++seen <= Most)
        {
            var values = CellValues.Read(rows, 5);
            var failed = filter.Failed(values, rows.DoubleOrNull(3));
            facets.Add(values, failed);
            if (failed == Filters.None)
            {
                hits.Add(new Hit(order?.Key(rows, 0, 4) ?? new WorkKey(rows.Int64(0), null, null), rows.Double(1), rows.Int32(2) == 1));
            }
        }

        hits.Sort((a, b) => order?.Compare(a.Key, b.Key) ?? ByRelevance(a, b));
        return new FoundList([.. hits.Select(h => h.Key.Id)], new FoundCount(hits.Count, seen > Most, facets.Facets()));
    }

    /// <summary>
    /// The best few for words being typed, works before their parts; ranks a bounded number of hits whatever was typed. Ranked
    /// by how many words a title has, which among titles that all have the words asked for is what bm25 comes to; but bm25
    /// counts all hits of each word first, which nothing bounds.
    /// </summary>
    public static List<MediaSummary> Suggest(ReadSession session, CatalogueScope scope, string typed, int limit)
    {
        if (MatchExpression.Of(typed) is not { } match)
        {
            return [];
        }

        var best = new List<long>(LookedAt);
        using (var ranked = session.Prepared($"""
            SELECT id FROM (
              SELECT media_titles.rowid AS id, d.sz AS words FROM media_titles CROSS JOIN media_titles_docsize d ON d.id = media_titles.rowid
              WHERE media_titles MATCH ?1{Counted(scope)} LIMIT {Ranked})
            ORDER BY words, id LIMIT {LookedAt}
            """))
        {
            ranked.Bind(1, match);
            while (ranked.Read())
            {
                best.Add(ranked.Int64(0));
            }
        }

        var (works, parts) = (new List<long>(limit), new List<long>(limit));
        using var row = session.Prepared("SELECT is_work FROM media_items WHERE id = ?1");
        foreach (var id in best)
        {
            if (row.Bind(1, id).Read())
            {
                (row.Int32(0) == 1 ? works : parts).Add(id);
                row.Reset();
            }

            if (works.Count == limit)
            {
                break;
            }
        }

        return WorkList.ByIds(session, scope, works.Concat(parts).Take(limit));
    }

    /// <summary>Leaves out what was removed before hits are numbered, so that it takes no place of another.</summary>
    private static string Shown(CatalogueScope scope, string id) =>
        scope.Hides ? $" AND EXISTS (SELECT 1 FROM media_items m WHERE m.id = {id} AND {SourceRows.IsItemInCatalogue("m")})" : "";

    /// <summary>While somebody types, what is archived is left out too.</summary>
    private static string Counted(CatalogueScope scope) =>
        scope.Hides ? $" AND EXISTS (SELECT 1 FROM media_items m WHERE m.id = media_titles.rowid AND {SourceRows.HasCounted("m")})" : "";

    private static int ByRelevance(in Hit a, in Hit b)
    {
        var order = a.IsWork == b.IsWork ? a.Score.CompareTo(b.Score) : b.IsWork.CompareTo(a.IsWork);
        return order != 0 ? order : a.Key.Id.CompareTo(b.Key.Id);
    }

    private readonly record struct Hit(WorkKey Key, double Score, bool IsWork);
}
