using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Analytics.Storage;

/// <summary>
/// Reads files, versions and items in steps and adds to a snapshot what the counters do not hold: bytes by type and quality, sizes, the
/// largest entries, and when items and files were first seen.
/// </summary>
internal sealed class SnapshotBuilder(ReadSession session, SnapshotDraft draft)
{
    private const long BatchSize = 20_000;
    private const int MaxLargest = 25;
    private const long MillisecondsPerDay = 86_400_000;

    private readonly PriorityQueue<long, long> _largestItems = new();
    private readonly PriorityQueue<long, long> _largestFiles = new();

    public void Run(CancellationToken cancellation)
    {
        RunInBatches("files", AddFiles, cancellation);
        RunInBatches("media_versions", AddVersions, cancellation);
        RunInBatches("media_items", AddItems, cancellation);
        AddLargestLists();
    }

    private void RunInBatches(string table, Action<long, long> step, CancellationToken cancellation)
    {
        using var highest = session.Prepare($"SELECT coalesce(max(id), 0) FROM {table}");
        highest.Read();
        var last = highest.Int64(0);
        highest.Reset();
        for (var after = 0L; after < last; after += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            step(after, after + BatchSize);
        }
    }

    private void AddFiles(long after, long through)
    {
        using var rows = session.Prepare("SELECT id, media_type, size, first_seen_at, source_id FROM files WHERE id > ?1 AND id <= ?2");
        rows.Bind(1, after).Bind(2, through);
        var (types, sizes) = (new SnapshotTotals[256], new SnapshotTotals[SizeBands.Starts.Count]);
        while (rows.Read())
        {
            if (!draft.Availability.IsCounted(rows.Int64(4)))
            {
                continue;
            }

            var size = rows.Int64(2);
            var one = new SnapshotTotals(0, 0, 1, size);
            AddTo(ref types[rows.Int32(1) & 255], one);
            AddTo(ref sizes[SizeBands.FindBand(size)], one);
            AddFirstSeen(rows.Int64(3) / MillisecondsPerDay, one);
            TrackLargest(_largestFiles, rows.Int64(0), size);
        }

        foreach (var type in Enum.GetValues<MediaType>().Where(t => types[(int)t].Files > 0))
        {
            draft.Add(SnapshotFacet.Type, type.ToApiName(), types[(int)type]);
        }

        for (var band = 0; band < sizes.Length; band++)
        {
            if (sizes[band].Files > 0)
            {
                draft.Add(SnapshotFacet.Size, SizeBands.Starts[band].ToString(System.Globalization.CultureInfo.InvariantCulture), sizes[band]);
            }
        }
    }

    private void AddVersions(long after, long through)
    {
        using var rows = session.Prepare($"""
            SELECT coalesce(resolution, ''), coalesce(video_codec, ''), sum(size) FROM media_versions v JOIN sources s ON s.id = v.source_id AND {SourceRows.IsCounted("s")}
            WHERE v.id > ?1 AND v.id <= ?2 GROUP BY 1, 2
            """);
        rows.Bind(1, after).Bind(2, through);
        while (rows.Read())
        {
            var bytes = new SnapshotTotals(0, 0, 0, rows.Int64(2));
            if (rows.Text(0).Length > 0)
            {
                draft.Add(SnapshotFacet.Resolution, rows.Text(0), bytes);
            }

            if (rows.Text(1).Length > 0)
            {
                draft.Add(SnapshotFacet.Codec, rows.Text(1), bytes);
            }
        }
    }

    private void AddItems(long after, long through)
    {
        using var seen = session.Prepare($"SELECT first_seen_at / {MillisecondsPerDay}, count(*) FROM media_items m NOT INDEXED WHERE is_work = 1 AND id > ?1 AND id <= ?2 AND {SourceRows.IsItemCounted("m")} GROUP BY 1");
        seen.Bind(1, after).Bind(2, through);
        while (seen.Read())
        {
            AddFirstSeen(seen.Int64(0), new SnapshotTotals(seen.Int64(1), 0, 0, 0));
        }

        // A series has the size of its seasons and episodes. Most items have no parts and are summed without searching for any.
        TrackItemSizes($"""
            SELECT i.id, sum(v.size) FROM media_items i NOT INDEXED JOIN media_versions v ON v.item_id = i.id
            JOIN sources s ON s.id = v.source_id AND {SourceRows.IsCounted("s")}
            WHERE i.is_work = 1 AND i.part_count = 0 AND i.id > ?1 AND i.id <= ?2 GROUP BY i.id ORDER BY 2 DESC LIMIT {MaxLargest}
            """, after, through);
        TrackItemSizes($"""
            WITH RECURSIVE below(work, id) AS (
              SELECT id, id FROM media_items NOT INDEXED WHERE is_work = 1 AND part_count > 0 AND id > ?1 AND id <= ?2
              UNION ALL SELECT b.work, c.id FROM below b JOIN media_items c ON c.parent_id = b.id)
            SELECT b.work, sum(v.size) FROM below b JOIN media_versions v ON v.item_id = b.id
            JOIN sources s ON s.id = v.source_id AND {SourceRows.IsCounted("s")} GROUP BY b.work ORDER BY 2 DESC LIMIT {MaxLargest}
            """, after, through);
    }

    private void TrackItemSizes(string sql, long after, long through)
    {
        using var rows = session.Prepare(sql);
        rows.Bind(1, after).Bind(2, through);
        while (rows.Read())
        {
            TrackLargest(_largestItems, rows.Int64(0), rows.Int64(1));
        }
    }

    private void AddLargestLists()
    {
        using var item = session.Prepare("SELECT id, title, media_type, NULL FROM media_items WHERE id = ?1");
        AddLargest(LargestList.Work, _largestItems, item);
        using var file = session.Prepare($"""
            SELECT v.item_id, {FilePath.Sql}, f.media_type, f.source_id
            FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN media_versions v ON v.id = f.version_id WHERE f.id = ?1
            """);
        AddLargest(LargestList.File, _largestFiles, file);
    }

    private void AddLargest(LargestList list, PriorityQueue<long, long> largest, Statement row)
    {
        var entries = new List<LargestEntry>();
        while (largest.TryDequeue(out var id, out var bytes))
        {
            // Entries deleted since they were read are left out.
            if (row.Bind(1, id).Read())
            {
                entries.Add(new LargestEntry { List = list, ItemId = row.Int64OrNull(0), Name = row.Text(1), Type = (MediaType)row.Int32(2), SourceId = row.Int64OrNull(3), Bytes = bytes });
            }

            row.Reset();
        }

        entries.Reverse();
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].Place = i + 1;
        }

        draft.Largest.AddRange(entries);
    }

    private void AddFirstSeen(long unixDay, SnapshotTotals amount)
    {
        var day = (int)Math.Clamp(unixDay + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, 0, DateOnly.MaxValue.DayNumber);
        draft.FirstSeen[day] = draft.FirstSeen.GetValueOrDefault(day).Add(amount);
    }

    private static void TrackLargest(PriorityQueue<long, long> largest, long id, long size)
    {
        if (largest.Count < MaxLargest)
        {
            largest.Enqueue(id, size);
        }
        else if (largest.TryPeek(out _, out var smallest) && size > smallest)
        {
            largest.DequeueEnqueue(id, size);
        }
    }

    private static void AddTo(ref SnapshotTotals sum, SnapshotTotals one) => sum = sum.Add(one);
}
