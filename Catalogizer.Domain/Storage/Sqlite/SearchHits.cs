using Catalogizer.Domain.Media;
using Catalogizer.Domain.Search;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>The library with words: hits in titles first, then in descriptions, the first 10,000 of them.</summary>
internal sealed class SearchHits
{
    /// <summary>Beyond this many, totals and facets are lower bounds.</summary>
    public const int Most = 10_000;

    private const int Ranked = 2_000;

    private readonly List<Hit> _hits = [];

    public SearchHits(SqliteConnection connection, CatalogueScope scope, MediaQuery query)
    {
        if (MatchExpression.Of(query.Query!) is not { } match)
        {
            return;
        }

        var facets = new FacetCount(scope);
        var seen = 0;
        using var statement = new Statement(connection, $"""
            WITH titles(id, score) AS MATERIALIZED (SELECT rowid, bm25(media_titles) FROM media_titles WHERE media_titles MATCH ?1 LIMIT {Most + 1}),
            texts(id, score) AS MATERIALIZED (
              SELECT rowid, bm25(media_search) + 1000 FROM media_search
              WHERE media_search MATCH 'description : (' || ?1 || ')' AND rowid NOT IN (SELECT id FROM titles) LIMIT {Most + 1})
            SELECT m.id, h.score, m.is_work, m.media_type, m.year, m.best_resolution, m.best_codec, m.holding_id, m.sort_title, m.rating, m.first_seen_at, m.updated_at
            FROM (SELECT * FROM titles UNION ALL SELECT * FROM texts) h JOIN media_items m ON m.id = h.id LIMIT {Most + 1}
            """);
        statement.Bind(1, match);
        while (statement.Read())
        {
            if (++seen > Most)
            {
                IsAtLeast = true;
                break;
            }

            var hit = new Hit(
                statement.Int64(0), statement.Double(1), statement.Int32(2) == 1, statement.Int32OrNull(4), statement.TextOrNull(8) ?? "",
                statement.DoubleOrNull(9), statement.Int64(10), statement.Int64(11));
            var (type, resolution, codec, holding) = ((MediaType)statement.Int32(3), statement.TextOrNull(5), statement.TextOrNull(6), statement.Int32(7));
            var failed = Failed(query, scope, hit, type, resolution, codec, holding);
            facets.Add(type, hit.Year, resolution, codec, holding, failed);
            if (failed == Filters.None)
            {
                _hits.Add(hit);
            }
        }

        statement.Reset();
        Facets = facets.Facets();
    }

    public int Count => _hits.Count;

    public bool IsAtLeast { get; }

    public MediaFacets Facets { get; } = new FacetCount(null!).Facets();

    /// <summary>Ids of a stretch, by relevance when no sort was asked for.</summary>
    public IReadOnlyList<long> Ids(MediaSort? sort, int start, int count)
    {
        _hits.Sort((a, b) => Compare(a, b, sort));
        return [.. _hits.Skip(start).Take(count).Select(h => h.Id)];
    }

    /// <summary>The best few for words being typed; ranks a bounded number of hits whatever was typed.</summary>
    public static List<long> Suggest(SqliteConnection connection, string typed, int limit)
    {
        var ids = new List<long>();
        if (MatchExpression.Of(typed) is { } match)
        {
            using var statement = new Statement(connection, $"""
                SELECT id FROM (SELECT rowid AS id, bm25(media_titles) AS score FROM media_titles WHERE media_titles MATCH ?1 LIMIT {Ranked}) ORDER BY score, id LIMIT ?2
                """);
            statement.Bind(1, match).Bind(2, (long)limit);
            while (statement.Read())
            {
                ids.Add(statement.Int64(0));
            }
        }

        return ids;
    }

    private static Filters Failed(MediaQuery query, CatalogueScope scope, in Hit hit, MediaType type, string? resolution, string? codec, int holding) =>
        Unless(query.Type is null || query.Type == type, Filters.Type)
        | Unless((query.Year is null || hit.Year == query.Year) && (query.YearFrom is null || hit.Year >= query.YearFrom) && (query.YearTo is null || hit.Year <= query.YearTo), Filters.Year)
        | Unless(query.Rating is null || hit.Rating >= query.Rating, Filters.Rating)
        | Unless(string.IsNullOrEmpty(query.Resolution) || query.Resolution == resolution, Filters.Resolution)
        | Unless(string.IsNullOrEmpty(query.Codec) || query.Codec == codec, Filters.Codec)
        | Unless(query.Source is null || scope.SourcesOf(holding).Contains(query.Source.Value), Filters.Source)
        | Unless(query.Presence is null || scope.PresenceOf(holding) == query.Presence, Filters.Presence);

    private static Filters Unless(bool passes, Filters filter) => passes ? Filters.None : filter;

    private static int Compare(Hit a, Hit b, MediaSort? sort)
    {
        var order = sort switch
        {
            MediaSort.Title => string.CompareOrdinal(a.SortTitle, b.SortTitle),
            MediaSort.TitleDown => string.CompareOrdinal(b.SortTitle, a.SortTitle),
            MediaSort.Year => Last(a.Year, b.Year) ?? Nullable.Compare(a.Year, b.Year),
            MediaSort.YearDown => Last(a.Year, b.Year) ?? Nullable.Compare(b.Year, a.Year),
            MediaSort.Rating => Last(a.Rating, b.Rating) ?? Nullable.Compare(a.Rating, b.Rating),
            MediaSort.RatingDown => Last(a.Rating, b.Rating) ?? Nullable.Compare(b.Rating, a.Rating),
            MediaSort.Updated => a.UpdatedAt.CompareTo(b.UpdatedAt),
            MediaSort.UpdatedDown => b.UpdatedAt.CompareTo(a.UpdatedAt),
            MediaSort.Added => a.FirstSeenAt.CompareTo(b.FirstSeenAt),
            MediaSort.AddedDown => b.FirstSeenAt.CompareTo(a.FirstSeenAt),
            _ => a.IsWork == b.IsWork ? a.Score.CompareTo(b.Score) : b.IsWork.CompareTo(a.IsWork),
        };
        return order != 0 ? order : a.Id.CompareTo(b.Id);
    }

    private static int? Last<T>(T? a, T? b)
        where T : struct => a.HasValue == b.HasValue ? null : a.HasValue ? -1 : 1;

    private readonly record struct Hit(long Id, double Score, bool IsWork, int? Year, string SortTitle, double? Rating, long FirstSeenAt, long UpdatedAt);
}
