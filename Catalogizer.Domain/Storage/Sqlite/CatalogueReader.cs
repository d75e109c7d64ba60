using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Reads the catalogue over prepared statements, on pooled read-only connections.</summary>
internal sealed class CatalogueReader(SqliteFile file) : ICatalogueReader, ISourceCounts
{
    private const int MostParts = 20_000;
    private const int MostEvents = 1_000;

    public Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation) => ReadAsync(
        (connection, scope) => string.IsNullOrWhiteSpace(query.Query) ? Browse(connection, scope, query) : Search(connection, scope, query), cancellation);

    public Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        (connection, scope) => string.IsNullOrWhiteSpace(query.Query)
            ? new WorkList(connection, scope, new ItemFilter(query, scope), query.Sort ?? MediaSort.AddedDown).Window(start, count)
            : WorkList.ByIds(connection, scope, new SearchHits(connection, scope, query).Ids(query.Sort, start, count)),
        cancellation);

    public Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        (connection, scope) => WorkList.ByIds(connection, scope, SearchHits.Suggest(connection, typed, limit)), cancellation);

    public Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation) => ReadAsync(
        (connection, scope) =>
        {
            if (WorkList.ByIds(connection, scope, [id]) is not [var item])
            {
                return null;
            }

            var ancestors = new List<MediaLink>();
            for (var parent = item.ParentId; parent is { } at && WorkList.ByIds(connection, scope, [at]) is [var above]; parent = above.ParentId)
            {
                ancestors.Add(new MediaLink(above.Id, above.Kind, above.Title));
            }

            using var edits = new Statement(connection, "SELECT field FROM item_edits WHERE item_id = ?1 ORDER BY field");
            edits.Bind(1, id);
            var edited = new List<string>();
            while (edits.Read())
            {
                edited.Add(edits.Text(0));
            }

            return new MediaDetail(item, ancestors, edited);
        },
        cancellation);

    public Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<MediaVersion>>((connection, scope) => VersionRows.Read(connection, scope, id), cancellation);

    public Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        (connection, scope) =>
        {
            using var rows = new Statement(connection,
                $"SELECT {ItemRows.Columns} FROM media_items m WHERE m.parent_id = ?1 ORDER BY m.season, m.episode, m.year, m.sort_title, m.id LIMIT {MostParts}");
            rows.Bind(1, id);
            var children = new List<MediaSummary>();
            while (rows.Read())
            {
                children.Add(ItemRows.Read(rows, scope));
            }

            return children;
        },
        cancellation);

    public Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaEvent>>(
        (connection, _) =>
        {
            // The first line of every story stands in the file's own row.
            using var rows = new Statement(connection, $"""
                WITH held AS MATERIALIZED (
                  SELECT f.id, f.first_seen_at, f.source_id, {FilePath.Sql} AS path
                  FROM media_versions v JOIN files f ON f.version_id = v.id JOIN folders d ON d.id = f.folder_id WHERE v.item_id = ?1)
                SELECT h.first_seen_at, {(int)FileEventKind.Added}, h.path, h.source_id, NULL, 0 FROM held h
                UNION ALL
                SELECT e.at, e.kind, h.path, h.source_id, e.detail, e.id FROM held h JOIN file_events e ON e.file_id = h.id WHERE e.kind <> {(int)FileEventKind.Added}
                ORDER BY 1 DESC, 6 DESC LIMIT {MostEvents}
                """);
            rows.Bind(1, id);
            var history = new List<MediaEvent>();
            while (rows.Read())
            {
                history.Add(new MediaEvent(
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(0)), ((FileEventKind)rows.Int32(1)).ToString().ToLowerInvariant(), rows.Text(2), rows.Int64(3), rows.TextOrNull(4)));
            }

            return history;
        },
        cancellation);

    public Task<(long SourceId, string Path)?> PlaceOfVersionAsync(long versionId, CancellationToken cancellation) => ReadAsync<(long, string)?>(
        (connection, _) =>
        {
            using var row = new Statement(connection, $"""
                SELECT f.source_id, {FilePath.Sql}
                FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.version_id = ?1 AND f.role <> 1 ORDER BY f.name LIMIT 1
                """);
            return row.Bind(1, versionId).Read() ? (row.Int64(0), row.Text(1)) : null;
        },
        cancellation);

    public Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation) => ReadAsync(Statistics, cancellation);

    public Task<IReadOnlyDictionary<long, FileCounts>> FilesAsync(CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<long, FileCounts>>(
        (connection, _) => FileCountsBySource(connection), cancellation);

    private static MediaPage Browse(SqliteConnection connection, CatalogueScope scope, MediaQuery query)
    {
        var filter = new ItemFilter(query, scope);
        var sort = query.Sort ?? MediaSort.AddedDown;
        var (items, next) = new WorkList(connection, scope, filter, sort).Page(PageCursor.Parse(query.Cursor, sort), query.Limit);
        var hits = Count(connection, scope, filter);
        return new MediaPage(items, next?.ToString(), hits.Total, !filter.IsEmpty && hits.Total == SearchHits.Most, Facets(connection, scope, query, hits.Facets()));
    }

    /// <summary>Each facet that the query narrows is counted without its own filter, so that its other values stay to be chosen.</summary>
    private static MediaFacets Facets(SqliteConnection connection, CatalogueScope scope, MediaQuery query, MediaFacets hits)
    {
        MediaFacets Without(MediaQuery wider) => Count(connection, scope, new ItemFilter(wider, scope)).Facets();
        return hits with
        {
            Type = query.Type is null ? hits.Type : Without(query with { Type = null }).Type,
            Year = query is { Year: null, YearFrom: null, YearTo: null } ? hits.Year : Without(query with { Year = null, YearFrom = null, YearTo = null }).Year,
            Resolution = query.Resolution is null ? hits.Resolution : Without(query with { Resolution = null }).Resolution,
            Codec = query.Codec is null ? hits.Codec : Without(query with { Codec = null }).Codec,
            Source = query.Source is null ? hits.Source : Without(query with { Source = null }).Source,
            Presence = query.Presence is null ? hits.Presence : Without(query with { Presence = null }).Presence,
        };
    }

    private static FacetCount Count(SqliteConnection connection, CatalogueScope scope, ItemFilter filter)
    {
        if (filter.IsEmpty)
        {
            return FacetCount.OfAllWorks(connection, scope);
        }

        var count = new FacetCount(scope);
        using var rows = new Statement(connection,
            $"SELECT m.media_type, m.year, m.best_resolution, m.best_codec, m.holding_id FROM media_items m WHERE m.is_work = 1{filter.Sql} LIMIT {SearchHits.Most}");
        filter.Bind(rows);
        while (rows.Read())
        {
            count.Add((MediaType)rows.Int32(0), rows.Int32OrNull(1), rows.TextOrNull(2), rows.TextOrNull(3), rows.Int32(4));
        }

        return count;
    }

    private static MediaPage Search(SqliteConnection connection, CatalogueScope scope, MediaQuery query)
    {
        var hits = new SearchHits(connection, scope, query);
        var start = PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown)?.Offset ?? 0;
        var items = WorkList.ByIds(connection, scope, hits.Ids(query.Sort, start, query.Limit));
        var end = start + query.Limit;
        var next = end < hits.Count ? new PageCursor(query.Sort ?? MediaSort.AddedDown, null, 0, end).ToString() : null;
        return new MediaPage(items, next, hits.Count, hits.IsAtLeast, hits.Facets);
    }

    private static MediaStatistics Statistics(SqliteConnection connection, CatalogueScope scope)
    {
        var works = FacetCount.OfAllWorks(connection, scope);
        var (resolutions, codecs) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new SortedDictionary<string, long>(StringComparer.Ordinal));
        var versions = 0L;
        using var rows = new Statement(connection, $"SELECT facet, value, n FROM facet_counts WHERE facet >= {CatalogueSchema.Facet.VersionResolution} AND n > 0");
        while (rows.Read())
        {
            var ofResolution = rows.Int32(0) == CatalogueSchema.Facet.VersionResolution;
            versions += ofResolution ? rows.Int64(2) : 0;
            if (rows.Text(1).Length > 0)
            {
                (ofResolution ? resolutions : codecs)[rows.Text(1)] = rows.Int64(2);
            }
        }

        var bySource = FileCountsBySource(connection);
        var byPresence = Presences.All.ToDictionary(p => p, _ => 0L);
        foreach (var (source, counts) in bySource)
        {
            byPresence[scope.Effective(source, Presence.Present).Word()] += counts.Present;
            byPresence[scope.Effective(source, Presence.Unknown).Word()] += counts.Unknown;
            byPresence[scope.Effective(source, Presence.Missing).Word()] += counts.Missing;
            byPresence[Presence.Retired.Word()] += counts.Retired;
        }

        return new MediaStatistics(
            works.Total, versions, byPresence.Values.Sum(), bySource.Values.Sum(c => c.Bytes), works.Facets().Type, resolutions, codecs,
            bySource.ToDictionary(s => s.Key.ToString(CultureInfo.InvariantCulture), s => s.Value.Present + s.Value.Unknown + s.Value.Missing + s.Value.Retired), byPresence);
    }

    private static Dictionary<long, FileCounts> FileCountsBySource(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT source_id, presence, files, bytes FROM file_counts WHERE files > 0");
        var counts = new Dictionary<long, FileCounts>();
        while (rows.Read())
        {
            var (source, files) = (rows.Int64(0), rows.Int64(2));
            var before = counts.GetValueOrDefault(source) ?? new FileCounts();
            counts[source] = ((Presence)rows.Int32(1) switch
            {
                Presence.Present => before with { Present = files },
                Presence.Unknown => before with { Unknown = files },
                Presence.Missing => before with { Missing = files },
                _ => before with { Retired = files },
            }) with { Bytes = before.Bytes + rows.Int64(3) };
        }

        return counts;
    }

    private Task<T> ReadAsync<T>(Func<SqliteConnection, CatalogueScope, T> read, CancellationToken cancellation) => Task.Run(
        () =>
        {
            file.NoteRead();
            using var connection = file.OpenConnection(readOnly: true);

            // One snapshot for all the statements of a read, so that counts and rows agree.
            SqlCipher.Execute(connection, "BEGIN");
            try
            {
                return read(connection, new CatalogueScope(connection));
            }
            finally
            {
                SqlCipher.Execute(connection, "COMMIT");
            }
        },
        cancellation);
}
