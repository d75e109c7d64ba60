using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Searches the library for words: matches in titles first, then in descriptions, at most 10,000 of them.</summary>
internal static class FullTextSearch
{
    /// <summary>Beyond this number, totals and facets are lower bounds.</summary>
    private const int MaxResults = 10_000;

    /// <summary>Number of matches that are ranked while the user types, and of the best ones that are looked up.</summary>
    private const int MaxRanked = 1_000;
    private const int MaxSuggestCandidates = 60;

    /// <summary>All results in the requested order; without one by relevance, listed items before their parts.</summary>
    public static ResultList Find(ReadSession session, AvailabilitySnapshot availability, MediaQuery query)
    {
        var filter = new ItemFilter(query, availability);
        var facets = new FacetCounter(filter);
        if (FullTextExpression.FromInput(query.Query!) is not { } expression)
        {
            return new ResultList([], new ResultCount(0, false, facets.ToFacets()));
        }

        var order = query.Sort is { } sort ? new ItemOrder(sort) : null;
        var results = new List<SearchResult>();
        var seen = 0;
        using var rows = session.Prepare($"""
            WITH titles(id, score) AS MATERIALIZED (SELECT rowid, bm25(media_titles) FROM media_titles WHERE media_titles MATCH ?1{ShownFilter(availability, "media_titles.rowid")} LIMIT {MaxResults + 1}),
            texts(id, score) AS MATERIALIZED (
              SELECT rowid, bm25(media_search) + 1000 FROM media_search
              WHERE media_search MATCH 'description : (' || ?1 || ')' AND rowid NOT IN (SELECT id FROM titles){ShownFilter(availability, "media_search.rowid")} LIMIT {MaxResults + 1})
            SELECT m.id, h.score, m.is_work, m.rating, m.{order?.Column ?? "id"}, {FacetCell.Columns}
            FROM (SELECT * FROM titles UNION ALL SELECT * FROM texts) h JOIN media_items m ON m.id = h.id LIMIT {MaxResults + 1}
            """);
        rows.Bind(1, expression);
        while (rows.Read() && ++seen <= MaxResults)
        {
            var values = FacetCell.Read(rows, 5);
            var failed = filter.GetFailedFilters(values, rows.DoubleOrNull(3));
            facets.Add(values, failed);
            if (failed == Filters.None)
            {
                results.Add(new SearchResult(order?.CreateKey(rows, 0, 4) ?? new ItemKey(rows.Int64(0), null, null), rows.Double(1), rows.Int32(2) == 1));
            }
        }

        results.Sort((a, b) => order?.Compare(a.Key, b.Key) ?? CompareByRelevance(a, b));
        return new ResultList([.. results.Select(h => h.Key.Id)], new ResultCount(results.Count, seen > MaxResults, facets.ToFacets()));
    }

    /// <summary>
    /// The best few items for words being typed, listed items before their parts. Ranks a bounded number of matches whatever was typed, by the
    /// number of words in a title: among titles with all requested words, bm25 gives the same order, but it counts all matches of each word
    /// first, which is unbounded.
    /// </summary>
    public static List<MediaSummary> Suggest(ReadSession session, AvailabilitySnapshot availability, string typed, int limit)
    {
        if (FullTextExpression.FromInput(typed) is not { } expression)
        {
            return [];
        }

        var best = new List<long>(MaxSuggestCandidates);
        using (var ranked = session.Prepare($"""
            SELECT id FROM (
              SELECT media_titles.rowid AS id, d.sz AS words FROM media_titles CROSS JOIN media_titles_docsize d ON d.id = media_titles.rowid
              WHERE media_titles MATCH ?1{CountedFilter(availability)} LIMIT {MaxRanked})
            ORDER BY words, id LIMIT {MaxSuggestCandidates}
            """))
        {
            ranked.Bind(1, expression);
            while (ranked.Read())
            {
                best.Add(ranked.Int64(0));
            }
        }

        var (items, parts) = (new List<long>(limit), new List<long>(limit));
        using var row = session.Prepare("SELECT is_work FROM media_items WHERE id = ?1");
        foreach (var id in best)
        {
            if (row.Bind(1, id).Read())
            {
                (row.Int32(0) == 1 ? items : parts).Add(id);
                row.Reset();
            }

            if (items.Count == limit)
            {
                break;
            }
        }

        return ItemList.ReadByIds(session, availability, items.Concat(parts).Take(limit));
    }

    /// <summary>Leaves out removed items before the limit applies, so that they do not displace other results.</summary>
    private static string ShownFilter(AvailabilitySnapshot availability, string id) =>
        availability.HasHiddenItems ? $" AND EXISTS (SELECT 1 FROM media_items m WHERE m.id = {id} AND {SourceRows.IsItemInCatalog("m")})" : "";

    /// <summary>For suggestions, leaves out archived items too.</summary>
    private static string CountedFilter(AvailabilitySnapshot availability) =>
        availability.HasHiddenItems ? $" AND EXISTS (SELECT 1 FROM media_items m WHERE m.id = media_titles.rowid AND {SourceRows.IsItemCounted("m")})" : "";

    private static int CompareByRelevance(in SearchResult a, in SearchResult b)
    {
        var order = a.IsListed == b.IsListed ? a.Score.CompareTo(b.Score) : b.IsListed.CompareTo(a.IsListed);
        return order != 0 ? order : a.Key.Id.CompareTo(b.Key.Id);
    }

    private readonly record struct SearchResult(ItemKey Key, double Score, bool IsListed);
}
