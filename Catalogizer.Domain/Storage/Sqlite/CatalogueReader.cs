using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Reads the catalogue over prepared statements, on read-only connections of its own.</summary>
internal sealed class CatalogueReader(SqliteFile file, TimeProvider time) : ICatalogueReader, ISourceCounts, IFolderReader, IDisposable
{
    private const int MostParts = 20_000;
    private const int MostEvents = 1_000;
    private const int MostJoins = 100;

    /// <summary>Up to here a stretch is found by walking to it; further down the order is worked out once and kept.</summary>
    private const int MostWalked = 500;

    /// <summary>How many works are expected to come before an anchor at a time.</summary>
    private const int MostNews = 100;

    private readonly ReadSessions _sessions = new(file);
    private readonly Kept<MediaQuery, FoundList> _lists = new(time, list => list.Ids.Length, 2_500_000);
    private readonly Kept<MediaQuery, FoundCount> _counts = new(time, _ => 1, 50);
    private readonly Kept<FolderOrder.Query, FolderOrder> _folders = new(time, order => order.Count, 1_000_000);
    private VersionedCells? _cells;
    private VersionedStatistics? _statistics;
    private VersionedScope? _scope;

    public Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation) => ReadAsync(
        read => string.IsNullOrWhiteSpace(query.Query) ? Browse(read, query) : Search(read, query), cancellation);

    public Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read => WorkList.ByIds(read.Session, read.Scope, Order(read, query, start + count).Skip(start).Take(count), new WorkFilter(query, read.Scope)), cancellation);

    public Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // Mostly the anchor is near where it was; one that is not is looked for in the whole order.
            var ids = Order(read, query, Math.Max(start + count, anchor.Row + anchor.Shift) + MostNews);
            var at = Array.IndexOf(ids, anchor.Id);
            if (at < 0)
            {
                ids = Order(read, query, int.MaxValue);
                at = Array.IndexOf(ids, anchor.Id);
            }

            var shift = at < 0 ? anchor.Shift : Math.Max(0, at - anchor.Row);
            return new MediaWindow(WorkList.ByIds(read.Session, read.Scope, ids.Skip(start + shift).Take(count), new WorkFilter(query, read.Scope)), shift);
        },
        cancellation);

    public Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read => SearchHits.Suggest(read.Session, read.Scope, typed, limit), cancellation);

    public void Dispose() => _sessions.Dispose();

    public Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            if ((WorkList.ByIds(read.Session, read.Scope, [id]) is [var found] ? found : Joined(read, id)) is not { } item)
            {
                return null;
            }

            var ancestors = new List<MediaLink>();
            for (var parent = item.ParentId; parent is { } at && WorkList.ByIds(read.Session, read.Scope, [at]) is [var above]; parent = above.ParentId)
            {
                ancestors.Add(new MediaLink(above.Id, above.Kind, above.Title));
            }

            using var edits = read.Session.Prepared("SELECT field FROM item_edits WHERE item_id = ?1 ORDER BY field");
            edits.Bind(1, item.Id);
            var edited = new List<string>();
            while (edits.Read())
            {
                edited.Add(edits.Text(0));
            }

            return new MediaDetail(item, ancestors, edited);
        },
        cancellation);

    public Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<MediaVersion>>(read => VersionRows.Read(read.Session, read.Scope, id), cancellation);

    public Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read =>
        {
            // An item that counts shows the parts that do; one that is archived shows what is archived with it.
            using var rows = read.Session.Prepared($"""
                SELECT {ItemRows.Columns} FROM media_items m JOIN holdings h ON h.id = m.holding_id
                WHERE m.parent_id = ?1 AND h.standing <= (SELECT o.standing FROM media_items i JOIN holdings o ON o.id = i.holding_id WHERE i.id = ?1)
                ORDER BY m.season, m.episode, m.year, m.sort_title, m.id LIMIT {MostParts}
                """);
            rows.Bind(1, id);
            var children = new List<MediaSummary>();
            while (rows.Read())
            {
                children.Add(ItemRows.Read(rows, read.Session, read.Scope));
            }

            return children;
        },
        cancellation);

    public Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaEvent>>(
        read =>
        {
            // The first line of every story stands in the file's own row.
            using var rows = read.Session.Prepared($"""
                WITH held AS MATERIALIZED (
                  SELECT f.id, f.first_seen_at, f.source_id, {FilePath.Sql} AS path
                  FROM media_versions v JOIN sources s ON s.id = v.source_id AND {SourceRows.IsInCatalogue("s")}
                  JOIN files f ON f.version_id = v.id JOIN folders d ON d.id = f.folder_id WHERE v.item_id = ?1)
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

    public Task<FilePlace?> PlaceOfVersionAsync(long versionId, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            using var row = read.Session.Prepared($"""
                SELECT f.id, f.source_id, {FilePath.Sql}, f.size, f.modified_at
                FROM files f JOIN folders d ON d.id = f.folder_id JOIN sources s ON s.id = f.source_id AND {SourceRows.IsInCatalogue("s")}
                WHERE f.version_id = ?1 AND f.role <> 1 ORDER BY f.name LIMIT 1
                """);
            return row.Bind(1, versionId).Read() ? new FilePlace(row.Int64(0), row.Int64(1), row.Text(2), row.Int64(3), row.Int64(4)) : null;
        },
        cancellation);

    public Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // Every open home page asks after each batch of a scan; the answer is worked out once.
            var known = _statistics;
            if (known?.Version != read.Version)
            {
                _statistics = known = new VersionedStatistics(read.Version, Statistics(read));
            }

            return known.Statistics;
        },
        cancellation);

    public bool Knows(MediaQuery query) => PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown) is not null;

    public Task<YearRange?> YearsAsync(CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // Counters lag behind while a first scan loads.
            using var years = read.Session.Prepared(read.Scope.IsLoading
                ? "SELECT min(year), max(year) FROM media_items NOT INDEXED WHERE is_work = 1"
                : $"SELECT min(value), max(value) FROM facet_counts WHERE facet = {CatalogueSchema.Facet.WorkYear} AND n > 0 AND value <> ''");
            return years.Read() && years.Int32OrNull(0) is { } first ? new YearRange(first, years.Int32(1)) : null;
        },
        cancellation);

    public Task<IReadOnlyDictionary<long, FileCounts>> FilesAsync(CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<long, FileCounts>>(
        read => FileCountsBySource(read.Session), cancellation);

    public Task<FolderWindow?> FolderAsync(long sourceId, string path, string? find, int start, int count, CancellationToken cancellation) => ReadAsync(
        read => FolderRows.Find(read.Session, sourceId, path) is { } folder
            ? FolderRows.Window(read.Session, read.Scope, folder, start, count, _folders.Get(
                new FolderOrder.Query(folder.Id, find), read.Version, mayLag: true, () => FolderOrder.Of(read.Session, folder.Id, folder.Path, find)))
            : null,
        cancellation);

    public Task<(long Known, IReadOnlyList<FileSample> Samples)> SampleAsync(long sourceId, int folders, int filesOfEach, CancellationToken cancellation) => ReadAsync(
        read => FolderRows.Sample(read.Session, sourceId, folders, filesOfEach), cancellation);

    /// <summary>The work that one is part of now, which a person said is the same.</summary>
    private static MediaSummary? Joined(in Reading read, long id)
    {
        using var to = read.Session.Prepared($"SELECT to_item FROM work_joins WHERE from_item = ?1 AND kind = {(int)JoinKind.Merge} ORDER BY id DESC LIMIT 1");
        for (var step = 0; step < MostJoins && to.Bind(1, id).Read(); step++)
        {
            id = to.Int64(0);
            to.Reset();
            if (WorkList.ByIds(read.Session, read.Scope, [id]) is [var item])
            {
                return item;
            }
        }

        return null;
    }

    private MediaPage Browse(in Reading read, MediaQuery query)
    {
        var list = List(read, query);
        var (items, next) = list.Page(PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown), query.Limit);
        var count = _counts.Get(query with { Sort = null, Cursor = null, Limit = 0 }, read.Version, mayLag: false, list.Count);
        return new MediaPage(items, next?.ToString(), count.Total, count.IsAtLeast, count.Facets);
    }

    /// <summary>The ids of a query's order, no fewer than the first <paramref name="count"/>.</summary>
    private long[] Order(Reading read, MediaQuery query, int count)
    {
        if (!string.IsNullOrWhiteSpace(query.Query))
        {
            return Found(read, query).Ids;
        }

        var list = List(read, query);
        return count <= MostWalked
            ? [.. list.First(null, count).Select(k => k.Id)]
            : _lists.Get(query with { Cursor = null, Limit = 0 }, read.Version, mayLag: true, () => new FoundList(list.Ids(), null)).Ids;
    }

    private WorkList List(Reading read, MediaQuery query) =>
        new(read.Session, read.Scope, new WorkFilter(query, read.Scope), new WorkOrder(query.Sort ?? MediaSort.AddedDown), () => Cells(read));

    /// <summary>The cursor's row is looked up among the hits, so that hits which came meanwhile move nothing; only when it is gone does its place count.</summary>
    private MediaPage Search(in Reading read, MediaQuery query)
    {
        var hits = Found(read, query);
        var cursor = PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown);
        var last = cursor is null ? -1 : Array.IndexOf(hits.Ids, cursor.Id);
        var start = cursor is null ? 0 : last >= 0 ? last + 1 : cursor.Offset;
        var end = start + query.Limit;
        var next = end < hits.Ids.Length ? new PageCursor(query.Sort ?? MediaSort.AddedDown, null, hits.Ids[end - 1], end).ToString() : null;
        var (total, isAtLeast, facets) = hits.Count!;
        return new MediaPage(WorkList.ByIds(read.Session, read.Scope, hits.Ids.Skip(start).Take(query.Limit), new WorkFilter(query, read.Scope)), next, total, isAtLeast, facets);
    }

    private FoundList Found(in Reading read, MediaQuery query)
    {
        var (session, scope) = (read.Session, read.Scope);
        return _lists.Get(query with { Cursor = null, Limit = 0 }, read.Version, mayLag: false, () => SearchHits.Find(session, scope, query));
    }

    private WorkCells Cells(in Reading read)
    {
        var known = _cells;
        if (known?.Version != read.Version)
        {
            _cells = known = new VersionedCells(read.Version, new WorkCells(read.Session));
        }

        return known.Cells;
    }

    private MediaStatistics Statistics(Reading read)
    {
        var (session, scope) = (read.Session, read.Scope);
        var works = FacetCount.OfLibrary(session, scope, () => Cells(read));
        var copies = CopyCount.Read(session, scope);
        var all = FileCountsBySource(session).Where(s => !scope.IsSourceRemoved(s.Key)).ToDictionary();
        var byPresence = Presences.All.ToDictionary(p => p, _ => 0L);
        foreach (var (source, counts) in all)
        {
            byPresence[scope.Effective(source, Presence.Present).Word()] += counts.Present;
            byPresence[scope.Effective(source, Presence.Unknown).Word()] += counts.Unknown;
            byPresence[scope.Effective(source, Presence.Missing).Word()] += counts.Missing;
            byPresence[Presence.Retired.Word()] += counts.Retired;
        }

        // What is on archived sources is in no count but the one of what is archived.
        var bySource = all.Where(s => scope.Counts(s.Key)).ToDictionary();
        return new MediaStatistics(
            works.Total, copies.Total, bySource.Values.Sum(c => c.Files), bySource.Values.Sum(c => c.Bytes), works.Facets().Type, copies.Resolutions, copies.Codecs,
            BySource(c => c.Files), byPresence, BySource(c => c.Bytes));

        Dictionary<string, long> BySource(Func<FileCounts, long> count) =>
            bySource.ToDictionary(s => s.Key.ToString(CultureInfo.InvariantCulture), s => count(s.Value));
    }

    private static Dictionary<long, FileCounts> FileCountsBySource(ReadSession session)
    {
        using var rows = session.Prepared("SELECT source_id, presence, files, bytes FROM file_counts WHERE files > 0");
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

    private Task<T> ReadAsync<T>(Func<Reading, T> read, CancellationToken cancellation)
    {
        file.NoteRead();
        return Task.Run(() => _sessions.Read((session, version) => read(new Reading(session, Scope(session, version), version))), cancellation);
    }

    private CatalogueScope Scope(ReadSession session, long version)
    {
        var known = _scope;
        if (known?.Version != version)
        {
            _scope = known = new VersionedScope(version, new CatalogueScope(session, known?.Scope));
        }

        return known.Scope;
    }

    private sealed record VersionedCells(long Version, WorkCells Cells);

    private sealed record VersionedScope(long Version, CatalogueScope Scope);

    private sealed record VersionedStatistics(long Version, MediaStatistics Statistics);

    private readonly record struct Reading(ReadSession Session, CatalogueScope Scope, long Version);
}
