using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads the catalogue with prepared statements, on separate read-only connections.</summary>
internal sealed class CatalogReader(SqliteFile file, TimeProvider time) : ICatalogReader, ISourceFileCounter, IFolderReader, IDisposable
{
    private const int MaxParts = 20_000;
    private const int MaxEvents = 1_000;
    private const int MaxMergeSteps = 100;

    /// <summary>Up to this row a window is found by walking the index; further down the order is computed once and cached.</summary>
    private const int MaxWalkedRows = 500;

    /// <summary>Number of new items expected before an anchor between two reads.</summary>
    private const int MaxNewItems = 100;

    private readonly ReadSessionPool _sessions = new(file);
    private readonly LruCache<MediaQuery, ResultList> _lists = new(time, list => list.Ids.Length, 2_500_000);
    private readonly LruCache<MediaQuery, ResultCount> _counts = new(time, _ => 1, 50);
    private readonly LruCache<FolderOrder.Query, FolderOrder> _folders = new(time, order => order.Count, 1_000_000);
    private VersionedFacetCube? _facetCube;
    private VersionedStatistics? _statistics;
    private VersionedAvailability? _availability;

    public Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation) => ReadAsync(
        read => string.IsNullOrWhiteSpace(query.Query) ? Browse(read, query) : Search(read, query), cancellation);

    public Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read => ItemList.ReadByIds(read.Session, read.Availability, GetOrderedIds(read, query, start + count).Skip(start).Take(count), new ItemFilter(query, read.Availability)), cancellation);

    public Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // The anchor is usually near its last row; if it is not there, the whole order is searched.
            var ids = GetOrderedIds(read, query, Math.Max(start + count, anchor.Row + anchor.Shift) + MaxNewItems);
            var index = Array.IndexOf(ids, anchor.Id);
            if (index < 0)
            {
                ids = GetOrderedIds(read, query, int.MaxValue);
                index = Array.IndexOf(ids, anchor.Id);
            }

            var shift = index < 0 ? anchor.Shift : Math.Max(0, index - anchor.Row);
            return new MediaWindow(ItemList.ReadByIds(read.Session, read.Availability, ids.Skip(start + shift).Take(count), new ItemFilter(query, read.Availability)), shift);
        },
        cancellation);

    public Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read => FullTextSearch.Suggest(read.Session, read.Availability, typed, limit), cancellation);

    public void Dispose() => _sessions.Dispose();

    public Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            if ((ItemList.ReadByIds(read.Session, read.Availability, [id]) is [var found] ? found : MergedInto(read, id)) is not { } item)
            {
                return null;
            }

            var ancestors = new List<MediaLink>();
            for (var parent = item.ParentId; parent is { } index && ItemList.ReadByIds(read.Session, read.Availability, [index]) is [var above]; parent = above.ParentId)
            {
                ancestors.Add(new MediaLink(above.Id, above.Kind, above.Title));
            }

            using var edits = read.Session.Prepare("SELECT field FROM item_edits WHERE item_id = ?1 ORDER BY field");
            edits.Bind(1, item.Id);
            var edited = new List<string>();
            while (edits.Read())
            {
                edited.Add(edits.Text(0));
            }

            return new MediaDetail(item, ancestors, edited)
            {
                Sidecars = SidecarRows.Read(read.Session, read.Availability, item.Id),
                KeptApart = KeptApartRows.Read(read.Session, item.Id, item.Kind),
            };
        },
        cancellation);

    public Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<MediaVersion>>(read => VersionRows.Read(read.Session, read.Availability, id), cancellation);

    public Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaSummary>>(
        read =>
        {
            // An item that counts shows its parts that count; an archived one also shows the parts archived with it.
            using var rows = read.Session.Prepare($"""
                SELECT {ItemRows.Columns} FROM media_items m JOIN holdings h ON h.id = m.holding_id
                WHERE m.parent_id = ?1 AND h.standing <= (SELECT o.standing FROM media_items i JOIN holdings o ON o.id = i.holding_id WHERE i.id = ?1)
                ORDER BY m.season, m.episode, m.year, m.sort_title, m.id LIMIT {MaxParts}
                """);
            rows.Bind(1, id);
            var children = new List<MediaSummary>();
            while (rows.Read())
            {
                children.Add(ItemRows.Read(rows, read.Session, read.Availability));
            }

            return children;
        },
        cancellation);

    public Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation) => ReadAsync<IReadOnlyList<MediaEvent>>(
        read =>
        {
            // The first event of every history is in the file's own row.
            using var rows = read.Session.Prepare($"""
                WITH held AS MATERIALIZED (
                  SELECT f.id, f.first_seen_at, f.source_id, {FilePath.Sql} AS path
                  FROM media_versions v JOIN sources s ON s.id = v.source_id AND {SourceRows.IsInCatalog("s")}
                  JOIN files f ON f.version_id = v.id JOIN folders d ON d.id = f.folder_id WHERE v.item_id = ?1)
                SELECT h.first_seen_at, {(int)FileEventKind.Added}, h.path, h.source_id, NULL, 0 FROM held h
                UNION ALL
                SELECT e.at, e.kind, h.path, h.source_id, e.detail, e.id FROM held h JOIN file_events e ON e.file_id = h.id WHERE e.kind <> {(int)FileEventKind.Added}
                ORDER BY 1 DESC, 6 DESC LIMIT {MaxEvents}
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

    public Task<FileLocation?> FileLocationAsync(long versionId, CancellationToken cancellation) => ReadAsync(
        read =>
        {
            using var row = read.Session.Prepare($"""
                SELECT f.id, f.source_id, {FilePath.Sql}, f.size, f.modified_at
                FROM files f JOIN folders d ON d.id = f.folder_id JOIN sources s ON s.id = f.source_id AND {SourceRows.IsInCatalog("s")}
                WHERE f.version_id = ?1 AND f.role <> 1 ORDER BY {MainFile.OrderSql("f")}, f.name LIMIT 1
                """);
            return row.Bind(1, versionId).Read() ? new FileLocation(row.Int64(0), row.Int64(1), row.Text(2), row.Int64(3), row.Int64(4)) : null;
        },
        cancellation);

    public Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // Every open home page requests this after each batch of a scan; it is computed once per version.
            var known = _statistics;
            if (known?.Version != read.Version)
            {
                _statistics = known = new VersionedStatistics(read.Version, ComputeStatistics(read));
            }

            return known.Statistics;
        },
        cancellation);

    public bool IsValidCursor(MediaQuery query) => PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown) is not null;

    public Task<YearRange?> YearsAsync(CancellationToken cancellation) => ReadAsync(
        read =>
        {
            // Counters lag behind during the bulk load of a first scan.
            using var years = read.Session.Prepare(read.Availability.IsLoading
                ? "SELECT min(year), max(year) FROM media_items NOT INDEXED WHERE is_work = 1"
                : $"SELECT min(value), max(value) FROM facet_counts WHERE facet = {CatalogSchema.Facet.ItemYear} AND n > 0 AND value <> ''");
            return years.Read() && years.Int32OrNull(0) is { } first ? new YearRange(first, years.Int32(1)) : null;
        },
        cancellation);

    public Task<IReadOnlyDictionary<long, FileCounts>> CountFilesAsync(CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<long, FileCounts>>(
        read => ReadFileCountsBySource(read.Session), cancellation);

    public Task<FolderWindow?> ReadFolderAsync(long sourceId, string path, string? find, int start, int count, CancellationToken cancellation) => ReadAsync(
        read => FolderRows.Find(read.Session, sourceId, path) is { } folder
            ? FolderRows.ReadWindow(read.Session, read.Availability, folder, start, count, _folders.GetOrAdd(
                new FolderOrder.Query(folder.Id, find), read.Version, allowStale: true, () => FolderOrder.Load(read.Session, folder.Id, folder.Path, find)))
            : null,
        cancellation);

    public Task<(long Known, IReadOnlyList<FileSample> Samples)> SampleFilesAsync(long sourceId, int folders, int filesOfEach, CancellationToken cancellation) => ReadAsync(
        read => FolderRows.ReadSamples(read.Session, sourceId, folders, filesOfEach), cancellation);

    /// <summary>The item that a user merged this one into, over several merges if necessary.</summary>
    private static MediaSummary? MergedInto(in ReadScope read, long id)
    {
        using var to = read.Session.Prepare($"SELECT to_item FROM work_joins WHERE from_item = ?1 AND kind = {(int)MergeKind.Merge} ORDER BY id DESC LIMIT 1");
        for (var step = 0; step < MaxMergeSteps && to.Bind(1, id).Read(); step++)
        {
            id = to.Int64(0);
            to.Reset();
            if (ItemList.ReadByIds(read.Session, read.Availability, [id]) is [var item])
            {
                return item;
            }
        }

        return null;
    }

    private MediaPage Browse(in ReadScope read, MediaQuery query)
    {
        var list = CreateList(read, query);
        var (items, next) = list.ReadPage(PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown), query.Limit);
        var count = _counts.GetOrAdd(query with { Sort = null, Cursor = null, Limit = 0 }, read.Version, allowStale: false, list.Count);
        return new MediaPage(items, next?.ToString(), count.Total, count.IsAtLeast, count.Facets);
    }

    /// <summary>The ids of a query's order, at least the first <paramref name="count"/> of them.</summary>
    private long[] GetOrderedIds(ReadScope read, MediaQuery query, int count)
    {
        if (!string.IsNullOrWhiteSpace(query.Query))
        {
            return FindResults(read, query).Ids;
        }

        var list = CreateList(read, query);
        return count <= MaxWalkedRows
            ? [.. list.FindFirst(null, count).Select(k => k.Id)]
            : _lists.GetOrAdd(query with { Cursor = null, Limit = 0 }, read.Version, allowStale: true, () => new ResultList(list.ReadIds(), null)).Ids;
    }

    private ItemList CreateList(ReadScope read, MediaQuery query) =>
        new(read.Session, read.Availability, new ItemFilter(query, read.Availability), new ItemOrder(query.Sort ?? MediaSort.AddedDown), () => GetFacetCube(read));

    /// <summary>
    /// Looks up the cursor's row among the results, so that new results do not shift the page. The cursor's offset is used only when the row has
    /// left the results.
    /// </summary>
    private MediaPage Search(in ReadScope read, MediaQuery query)
    {
        var results = FindResults(read, query);
        var cursor = PageCursor.Parse(query.Cursor, query.Sort ?? MediaSort.AddedDown);
        var last = cursor is null ? -1 : Array.IndexOf(results.Ids, cursor.Id);
        var start = cursor is null ? 0 : last >= 0 ? last + 1 : cursor.Offset;
        var end = start + query.Limit;
        var next = end < results.Ids.Length ? new PageCursor(query.Sort ?? MediaSort.AddedDown, null, results.Ids[end - 1], end).ToString() : null;
        var (total, isAtLeast, facets) = results.Count!;
        return new MediaPage(ItemList.ReadByIds(read.Session, read.Availability, results.Ids.Skip(start).Take(query.Limit), new ItemFilter(query, read.Availability)), next, total, isAtLeast, facets);
    }

    private ResultList FindResults(in ReadScope read, MediaQuery query)
    {
        var (session, availability) = (read.Session, read.Availability);
        return _lists.GetOrAdd(query with { Cursor = null, Limit = 0 }, read.Version, allowStale: false, () => FullTextSearch.Find(session, availability, query));
    }

    private FacetCube GetFacetCube(in ReadScope read)
    {
        var known = _facetCube;
        if (known?.Version != read.Version)
        {
            _facetCube = known = new VersionedFacetCube(read.Version, new FacetCube(read.Session));
        }

        return known.Cube;
    }

    private MediaStatistics ComputeStatistics(ReadScope read)
    {
        var (session, availability) = (read.Session, read.Availability);
        var items = FacetCounter.ForAllItems(session, availability, () => GetFacetCube(read));
        var copies = VersionCounts.Read(session, availability);
        var all = ReadFileCountsBySource(session).Where(s => !availability.IsSourceRemoved(s.Key)).ToDictionary();
        var byPresence = Presences.All.ToDictionary(p => p, _ => 0L);
        foreach (var (source, counts) in all)
        {
            byPresence[availability.GetEffectivePresence(source, Presence.Present).ToApiName()] += counts.Present;
            byPresence[availability.GetEffectivePresence(source, Presence.Unknown).ToApiName()] += counts.Unknown;
            byPresence[availability.GetEffectivePresence(source, Presence.Missing).ToApiName()] += counts.Missing;
            byPresence[Presence.Retired.ToApiName()] += counts.Retired;
        }

        // Files on archived sources are in no count except that of archived files.
        var bySource = all.Where(s => availability.IsCounted(s.Key)).ToDictionary();
        return new MediaStatistics(
            items.Total, copies.Total, bySource.Values.Sum(c => c.Files), bySource.Values.Sum(c => c.Bytes), items.ToFacets().Type, copies.Resolutions, copies.Codecs,
            SumBySource(c => c.Files), byPresence, SumBySource(c => c.Bytes));

        Dictionary<string, long> SumBySource(Func<FileCounts, long> count) =>
            bySource.ToDictionary(s => s.Key.ToString(CultureInfo.InvariantCulture), s => count(s.Value));
    }

    private static Dictionary<long, FileCounts> ReadFileCountsBySource(ReadSession session)
    {
        using var rows = session.Prepare("SELECT source_id, presence, files, bytes FROM file_counts WHERE files > 0");
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

    private Task<T> ReadAsync<T>(Func<ReadScope, T> read, CancellationToken cancellation)
    {
        file.RecordRead();
        return Task.Run(() => _sessions.Read((session, version) => read(new ReadScope(session, GetAvailability(session, version), version))), cancellation);
    }

    private AvailabilitySnapshot GetAvailability(ReadSession session, long version)
    {
        var known = _availability;
        if (known?.Version != version)
        {
            _availability = known = new VersionedAvailability(version, new AvailabilitySnapshot(session, known?.Availability));
        }

        return known.Availability;
    }

    private sealed record VersionedFacetCube(long Version, FacetCube Cube);

    private sealed record VersionedAvailability(long Version, AvailabilitySnapshot Availability);

    private sealed record VersionedStatistics(long Version, MediaStatistics Statistics);

    private readonly record struct ReadScope(ReadSession Session, AvailabilitySnapshot Availability, long Version);
}
