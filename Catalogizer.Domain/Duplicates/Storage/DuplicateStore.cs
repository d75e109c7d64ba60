using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Duplicates.Storage;

/// <summary>
/// Finds candidates in steps over the file ids, so that no read is long and the hot tables need no index for it. The groups are stored in
/// separate tables, in the order in which the page shows them.
/// </summary>
internal sealed class DuplicateStore(SqliteFile file, WriterQueue writer, MediaDetector detector, TimeProvider time) : IDuplicateStore, IDisposable
{
    private const long Step = 5000;
    private const int SizesPerBatch = 50;
    private const int ItemsPerBatch = 500;
    private const int MaxVersions = 20;

    /// <summary>Maximum number of files of one size that are grouped in a single write; more take several writes.</summary>
    private const int MaxFilesPerBatch = 2000;
    private const int RowsPerBatch = 1000;

    /// <summary>Groups with files on uncounted sources: hidden until they are rebuilt without them.</summary>
    private static readonly string OutdatedGroupsSql = $"""
        SELECT x.group_id FROM sources o JOIN duplicate_shares x ON x.source_id = o.id AND x.kind IN ({string.Join(", ", Enum.GetValues<DuplicateKind>().Select(k => (int)k))})
        WHERE o.standing <> {(int)SourceLifecycle.Counted}
        """;

    private readonly ReadSessionPool _sessions = new(file);

    public bool IsBeingRead => file.IsBeingRead;

    public void Dispose() => _sessions.Dispose();

    public async Task<bool> FindCandidatesAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(session => AvailabilitySnapshot.IsLoadingIn(session), cancellation))
        {
            return false;
        }

        await ResetOnSourceChangeAsync(cancellation);
        var last = await ReadAsync(session => ReadNumber(session, "SELECT max(coalesce((SELECT max(id) FROM files), 0), coalesce((SELECT max(file_id) FROM file_prints), 0))"), cancellation);
        var repeated = await RepeatedSizesAsync(last, cancellation);
        for (var from = 0L; from < last; from += Step)
        {
            cancellation.ThrowIfCancellationRequested();
            var (after, changes) = (from, new List<FingerprintChange>());
            await ReadAsync(session => FindChanges(session, after, repeated, changes), cancellation);
            if (changes.Count > 0)
            {
                await writer.RunAsync(
                    connection =>
                    {
                        using var batch = new DuplicateBatch(connection);
                        batch.Apply(changes);
                    },
                    durable: false,
                    cancellation);
            }
        }

        return true;
    }

    public Task<IReadOnlyList<FingerprintCandidate>> NextAsync(bool whole, long after, IReadOnlyCollection<long> excludedSourceIds, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<FingerprintCandidate>>(session =>
    {
        var excludedSources = string.Join(", ", excludedSourceIds.Order().Select(id => id.ToString(CultureInfo.InvariantCulture)));
        var from = whole
            ? $"duplicate_shares s JOIN file_prints p ON p.group_id = s.group_id AND s.kind = {(int)DuplicateKind.Likely} AND s.source_id = 0 AND p.whole IS NULL AND ?2 >= 0"
            : "(SELECT 1) s JOIN file_prints p ON p.file_id > ?2 AND p.sample IS NULL";
        using var rows = session.Prepare($"""
            SELECT p.file_id, f.source_id, {FilePath.Sql}, p.size, p.modified_at, p.tries
            FROM {from} JOIN files f ON f.id = p.file_id AND f.size = p.size AND f.modified_at = p.modified_at AND f.presence = 0 AND f.source_id NOT IN ({excludedSources})
            JOIN folders d ON d.id = f.folder_id JOIN sources o ON o.id = f.source_id AND {SourceRows.IsReadable("o")}
            WHERE (p.error IS NULL OR p.retry_at <= ?1) ORDER BY {(whole ? "s.bytes DESC, s.group_id DESC" : "p.file_id")} LIMIT ?3
            """);
        rows.Bind(1, time.GetUtcNow().ToUnixTimeMilliseconds()).Bind(2, after).Bind(3, (long)count);
        var found = new List<FingerprintCandidate>();
        while (rows.Read())
        {
            found.Add(new FingerprintCandidate(rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Int64(3), rows.Int64(4), rows.Int32(5)));
        }

        return found;
    }, cancellation);

    public Task SaveAsync(IReadOnlyList<FingerprintResult> results, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var batch = new DuplicateBatch(connection);
            batch.Save(results);
        },
        durable: false,
        cancellation);

    public async Task<bool> GroupAsync(bool lesserCopies, CancellationToken cancellation)
    {
        var changed = false;
        while (await ReadAsync(session => ReadNumbers(session, $"SELECT DISTINCT size FROM file_prints WHERE grouped = 0 LIMIT {SizesPerBatch}"), cancellation) is { Count: > 0 } sizes)
        {
            changed = true;
            var many = await WriteAsync(
                batch =>
                {
                    var left = sizes.Where(size => batch.Count(size, MaxFilesPerBatch) == MaxFilesPerBatch).ToList();
                    sizes.Except(left).ToList().ForEach(batch.Regroup);
                    return left;
                },
                cancellation);
            foreach (var size in many)
            {
                await RegroupLargeSizeAsync(size, cancellation);
            }
        }

        for (var after = 0L; lesserCopies && after < long.MaxValue;)
        {
            var (from, plans) = (after, new List<LowerQualityGroup>());
            after = await ReadAsync(session => FindLowerQuality(session, from, plans), cancellation);
            if (plans.Count > 0)
            {
                changed = true;
                await writer.RunAsync(
                    connection =>
                    {
                        using var batch = new DuplicateBatch(connection);
                        plans.ForEach(batch.ReplaceLowerQualityGroup);
                    },
                    durable: false,
                    cancellation);
            }
        }

        return changed;
    }

    /// <summary>Groups a size that very many files have: planned outside the writer queue and written in short batches, so that no other write waits.</summary>
    private async Task RegroupLargeSizeAsync(long size, CancellationToken cancellation)
    {
        var plans = await Task.Run(
            () =>
            {
                using var connection = file.OpenConnection(readOnly: true);
                using var batch = new DuplicateBatch(connection);
                return batch.PlanGroups(size);
            },
            cancellation);
        while (await WriteAsync(batch => batch.RemoveGroups(size, RowsPerBatch), cancellation))
        {
        }

        for (long? last = 0; last is { } after;)
        {
            last = await WriteAsync(batch => batch.ClearNextFiles(size, after, RowsPerBatch), cancellation);
        }

        // While one of the files is marked as not grouped, the next run completes an interrupted one.
        var waitingFile = plans.Count == 0 ? 0 : plans[0].Files[0].Id;
        await WriteAsync(batch => batch.SetGrouped(waitingFile, grouped: false), cancellation);

        for (var next = 0; next < plans.Count;)
        {
            // One write inserts many small groups; a large one takes several writes.
            var first = next;
            for (var rows = 0; next < plans.Count && (rows == 0 || rows + plans[next].Files.Count <= RowsPerBatch); next++)
            {
                rows += plans[next].Files.Count;
            }

            var chunk = plans[first..next];
            var groups = await WriteAsync(
                batch => chunk.Select(plan =>
                {
                    var group = batch.InsertGroup(plan);
                    batch.AssignToGroup(plan.Files.Take(RowsPerBatch), group);
                    return group;
                }).ToList(),
                cancellation);
            for (var placed = RowsPerBatch; placed < chunk[0].Files.Count; placed += RowsPerBatch)
            {
                var from = placed;
                await WriteAsync(batch => batch.AssignToGroup(chunk[0].Files.Skip(from).Take(RowsPerBatch), groups[0]), cancellation);
            }
        }

        await WriteAsync(batch => batch.SetGrouped(waitingFile, grouped: true), cancellation);
    }

    private Task<bool> WriteAsync(Action<DuplicateBatch> write, CancellationToken cancellation) => WriteAsync(
        batch =>
        {
            write(batch);
            return true;
        },
        cancellation);

    private Task<T> WriteAsync<T>(Func<DuplicateBatch, T> write, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var batch = new DuplicateBatch(connection);
            return write(batch);
        },
        durable: false,
        cancellation);

    public Task<DuplicatePage> PageAsync(DuplicateQuery query, CancellationToken cancellation)
    {
        file.RecordRead();
        return ReadAsync(session =>
        {
            using var rows = session.Prepare($"""
                SELECT s.group_id, s.bytes, s.media_type, (SELECT w.copies FROM duplicate_shares w WHERE w.group_id = s.group_id AND w.source_id = 0), g.item_id
                FROM duplicate_shares s JOIN duplicate_groups g ON g.id = s.group_id
                WHERE s.kind = ?1 AND s.source_id = ?2 AND (?3 IS NULL OR s.media_type = ?3) AND (s.bytes, s.group_id) < (?4, ?5)
                  AND s.group_id NOT IN ({OutdatedGroupsSql})
                ORDER BY s.bytes DESC, s.group_id DESC LIMIT ?6
                """);
            rows.Bind(1, (long)query.Kind).Bind(2, query.Source ?? 0).Bind(3, query.MediaType).Bind(4, query.Cursor?.Bytes ?? long.MaxValue).Bind(5, query.Cursor?.Id ?? long.MaxValue).Bind(6, query.Limit + 1L);
            var found = new List<(long Id, long Bytes, int Type, int Count, long? Item)>();
            while (rows.Read())
            {
                found.Add((rows.Int64(0), rows.Int64(1), rows.Int32(2), rows.Int32(3), rows.Int64OrNull(4)));
            }

            var availability = new AvailabilitySnapshot(session);
            var views = found.Take(query.Limit).Select(g => g.Item is { } item
                ? ReadItemGroup(session, availability, query.Kind, g.Id, item, g.Type, g.Bytes, g.Count)
                : ReadFileGroup(session, availability, query.Kind, g.Id, g.Type, g.Bytes, g.Count)).ToList();
            return new DuplicatePage(views, found.Count > query.Limit ? (views[^1].Bytes, views[^1].Id) : null);
        }, cancellation);
    }

    public Task<IReadOnlyList<DuplicateSummary>> SummariesAsync(CancellationToken cancellation)
    {
        file.RecordRead();
        return ReadAsync<IReadOnlyList<DuplicateSummary>>(session =>
        {
            using var rows = session.Prepare($"""
                SELECT kind, source_id, media_type, sum(n) AS n, sum(bytes) FROM (
                  SELECT kind, source_id, media_type, group_count AS n, bytes FROM duplicate_totals
                  UNION ALL SELECT kind, source_id, media_type, -1, -bytes FROM duplicate_shares WHERE group_id IN ({OutdatedGroupsSql}))
                GROUP BY kind, source_id, media_type HAVING sum(n) > 0 ORDER BY kind, source_id, media_type
                """);
            var sums = new List<DuplicateSummary>();
            while (rows.Read())
            {
                sums.Add(new DuplicateSummary((DuplicateKind)rows.Int32(0), rows.Int64(1), rows.Int32(2), rows.Int64(3), rows.Int64(4)));
            }

            return sums;
        }, cancellation);
    }

    private static DuplicateView ReadFileGroup(ReadSession session, AvailabilitySnapshot availability, DuplicateKind kind, long id, int type, long bytes, int count)
    {
        using var rows = session.Prepare($"""
            SELECT f.id, f.source_id, {FilePath.Sql}, f.size, f.presence, p.surplus, v.item_id
            FROM file_prints p JOIN files f ON f.id = p.file_id JOIN folders d ON d.id = f.folder_id LEFT JOIN media_versions v ON v.id = f.version_id
            WHERE p.group_id = ?1 ORDER BY {(count > MaxFilesPerBatch ? "p.file_id" : "p.surplus, f.first_seen_at, f.id")} LIMIT {MaxVersions}
            """);
        rows.Bind(1, id);
        var copies = new List<DuplicateCopy>();
        long? item = null;
        while (rows.Read())
        {
            var source = rows.Int64(1);
            item ??= rows.Int64OrNull(6);
            copies.Add(new DuplicateCopy(
                rows.Int64(0), source, availability.SourceNames.GetValueOrDefault(source, ""), rows.Text(2), rows.Int64(3), availability.GetEffectivePresence(source, (Presence)rows.Int32(4)), rows.Int32(5) == 1, null));
        }

        var path = copies.Count > 0 ? copies[0].Path : "";
        var title = item is { } knownItem && ItemList.ReadByIds(session, availability, [knownItem]) is [var summary] ? summary.Title : path[(path.LastIndexOf('/') + 1)..];
        return new DuplicateView(id, kind, title, item, type, bytes, count, copies);
    }

    private DuplicateView ReadItemGroup(ReadSession session, AvailabilitySnapshot availability, DuplicateKind kind, long id, long item, int type, long bytes, int count)
    {
        var redundant = FindRedundant(session, item, ReadRanked(session, item));
        var copies = VersionRows.Read(session, availability, item).Where(v => availability.IsCounted(v.SourceId)).Take(MaxVersions).Select(v => new DuplicateCopy(
            v.Id, v.SourceId, v.SourceName, v.Path, v.Size, v.Presence, redundant.Contains(v.Id),
            $"{string.Join(" ", new[] { v.Resolution, v.Codec, v.AudioCodec, v.Label }.OfType<string>())} · {ScorePart.Format(v.OverallScore)} of 100{(v.QualityFrom == "name" ? ", from file name" : "")}")).ToList();
        return new DuplicateView(id, kind, ItemList.ReadByIds(session, availability, [item]) is [var summary] ? summary.Title : "", item, type, bytes, count, copies);
    }

    private static List<RankedVersion> ReadRanked(ReadSession session, long item)
    {
        using var rows = session.Prepare($"""
            SELECT v.id, v.source_id, s.purpose, v.label, v.overall_score, v.size, v.quality_from, v.resolution, v.video_codec, v.audio_codec, v.presence, v.duration_seconds
            FROM media_versions v JOIN sources s ON s.id = v.source_id AND {SourceRows.IsCounted("s")}
            WHERE v.item_id = ?1 AND v.presence IN (0, 1)
            """);
        rows.Bind(1, item);
        var copies = new List<RankedVersion>();
        while (rows.Read())
        {
            copies.Add(new RankedVersion(rows.Int64(0), rows.Int64(1), Enum.Parse<SourcePurpose>(rows.Text(2)), rows.TextOrNull(3), rows.Double(4), rows.Int64(5))
            {
                QualityFrom = (QualityOrigin)rows.Int32(6),
                Resolution = rows.TextOrNull(7),
                VideoCodec = rows.TextOrNull(8),
                AudioCodec = rows.TextOrNull(9),
                IsPresent = rows.Int32(10) == (int)Presence.Present,
                DurationSeconds = rows.IsNull(11) ? null : rows.Double(11),
            });
        }

        return copies;
    }

    /// <summary>Reads what else the rule wants only for items of which a version scores lower than another.</summary>
    private HashSet<long> FindRedundant(ReadSession session, long item, List<RankedVersion> versions)
    {
        if (RedundancyRules.FindRedundant(versions).Count == 0)
        {
            return [];
        }

        var isMatched = IsMatched(session, item);
        return RedundancyRules.FindRedundant(
            [.. versions.Select(v => v with { Contents = ReadContents(session, v.Id), IsLinked = IsLinked(session, v.Id), IsNamedCertainly = isMatched || IsNamedCertainly(session, v) })]);
    }

    /// <summary>Whether the item or one of its parents is matched.</summary>
    private static bool IsMatched(ReadSession session, long item)
    {
        using var row = session.Prepare("""
            WITH RECURSIVE up (id, parent_id) AS (SELECT id, parent_id FROM media_items WHERE id = ?1 UNION ALL SELECT p.id, p.parent_id FROM up JOIN media_items p ON p.id = up.parent_id)
            SELECT EXISTS (SELECT 1 FROM up JOIN media_matches m ON m.item_id = up.id WHERE m.state IN ('Automatic', 'Pinned'))
            """);
        return row.Bind(1, item).Read() && row.Int32(0) == 1;
    }

    private bool IsNamedCertainly(ReadSession session, RankedVersion version)
    {
        using var row = session.Prepare($"SELECT {FilePath.Sql} FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.id = {MainFile.IdSql("?1")}");
        if (!row.Bind(1, version.Id).Read())
        {
            return false;
        }

        var fields = detector.Detect(DiscFolder.GetNamePath(row.Text(0))).Fields;
        return fields.Marks != default || fields.Year is not null || (fields.Artist ?? fields.Author) is not null;
    }

    private static string? ReadContents(ReadSession session, long version)
    {
        using var row = session.Prepare("""
            SELECT CASE WHEN count(*) = 1 THEN hex(max(p.whole)) END
            FROM files f LEFT JOIN file_prints p ON p.file_id = f.id AND p.size = f.size AND p.modified_at = f.modified_at
            WHERE f.version_id = ?1 AND f.role <> 1 AND f.presence IN (0, 1)
            """);
        return row.Bind(1, version).Read() && row.TextOrNull(0) is { Length: > 0 } hash ? hash : null;
    }

    /// <summary>Whether a file of the version has another path: it then has a fingerprint row, because both paths have the same size.</summary>
    private static bool IsLinked(ReadSession session, long version)
    {
        using var row = session.Prepare("""
            SELECT EXISTS (SELECT 1 FROM files f JOIN file_prints p ON p.size = f.size AND p.file_id <> f.id JOIN files o ON o.id = p.file_id
            WHERE f.version_id = ?1 AND f.presence IN (0, 1) AND o.source_id = f.source_id AND o.system_id = f.system_id AND o.presence IN (0, 1))
            """);
        return row.Bind(1, version).Read() && row.Int32(0) == 1;
    }

    /// <summary>Finds changes among the next items with several versions. Returns where to continue; <see cref="long.MaxValue"/> at the end.</summary>
    private long FindLowerQuality(ReadSession session, long after, List<LowerQualityGroup> plans)
    {
        using var several = session.Prepare($"SELECT item_id FROM media_versions WHERE item_id > ?1 GROUP BY item_id HAVING count(*) > 1 ORDER BY item_id LIMIT {ItemsPerBatch}");
        several.Bind(1, after);
        var items = new List<long>();
        while (several.Read())
        {
            items.Add(several.Int64(0));
        }

        var end = items.Count == ItemsPerBatch ? items[^1] : long.MaxValue;
        var known = new Dictionary<long, SortedDictionary<long, (long Bytes, int Copies)>>();
        using var totals = session.Prepare("SELECT g.item_id, s.source_id, s.bytes, s.copies FROM duplicate_groups g JOIN duplicate_shares s ON s.group_id = g.id WHERE g.item_id > ?1 AND g.item_id <= ?2");
        totals.Bind(1, after).Bind(2, end);
        while (totals.Read())
        {
            if (!known.TryGetValue(totals.Int64(0), out var one))
            {
                known.Add(totals.Int64(0), one = []);
            }

            one[totals.Int64(1)] = (totals.Int64(2), totals.Int32(3));
        }

        using var type = session.Prepare("SELECT media_type FROM media_items WHERE id = ?1 AND media_type IN (0, 1, 2, 7)");
        foreach (var item in items)
        {
            if (type.Bind(1, item).Read())
            {
                var mediaType = type.Int32(0);
                type.Reset();
                var copies = ReadRanked(session, item);
                var redundant = FindRedundant(session, item, copies);
                if (redundant.Count > 0)
                {
                    var now = SourceTotals.From(copies.Select(c => (c.SourceId, redundant.Contains(c.Id) ? c.Size : 0)));
                    if (!known.Remove(item, out var previous) || !previous.SequenceEqual(now))
                    {
                        plans.Add(new LowerQualityGroup(item, mediaType, now));
                    }
                }
            }
        }

        plans.AddRange(known.Keys.Select(gone => new LowerQualityGroup(gone, 0, null)));
        return end;
    }

    /// <summary>Sizes that more than one file has, in ascending order.</summary>
    private async Task<long[]> RepeatedSizesAsync(long last, CancellationToken cancellation)
    {
        var sizes = new List<long>();
        for (var from = 0L; from < last; from += Step)
        {
            cancellation.ThrowIfCancellationRequested();
            var after = from;
            await ReadAsync(session =>
            {
                using var rows = session.Prepare($"SELECT size FROM files WHERE id > ?1 AND id <= ?2 AND role NOT IN ({(int)FileRole.Sidecar}, {(int)FileRole.FolderPart}) AND size > 0 AND presence IN (0, 1)");
                rows.Bind(1, after).Bind(2, after + Step);
                while (rows.Read())
                {
                    sizes.Add(rows.Int64(0));
                }

                return true;
            }, cancellation);
        }

        sizes.Sort();
        return [.. sizes.Where((size, i) => (i > 0 && sizes[i - 1] == size) && (i < 2 || sizes[i - 2] != size))];
    }

    private static bool FindChanges(ReadSession session, long after, long[] repeated, List<FingerprintChange> changes)
    {
        using var rows = session.Prepare($"""
            SELECT f.id, f.size, f.modified_at, p.file_id, p.size, p.modified_at FROM files f LEFT JOIN file_prints p ON p.file_id = f.id
            WHERE f.id > ?1 AND f.id <= ?2 AND f.role NOT IN ({(int)FileRole.Sidecar}, {(int)FileRole.FolderPart}) AND f.size > 0 AND f.presence IN (0, 1)
            """);
        rows.Bind(1, after).Bind(2, after + Step);
        while (rows.Read())
        {
            var (size, isKnown, isRepeated) = (rows.Int64(1), !rows.IsNull(3), Array.BinarySearch(repeated, rows.Int64(1)) >= 0);
            if (isKnown && (!isRepeated || rows.Int64(4) != size || rows.Int64(5) != rows.Int64(2)))
            {
                changes.Add(new FingerprintChange(rows.Int64(0), null));
            }

            if (isRepeated && (!isKnown || rows.Int64(4) != size || rows.Int64(5) != rows.Int64(2)))
            {
                changes.Add(new FingerprintChange(rows.Int64(0), (size, rows.Int64(2))));
            }
        }

        using var gone = session.Prepare($"""
            SELECT p.file_id FROM file_prints p LEFT JOIN files f ON f.id = p.file_id AND f.role NOT IN ({(int)FileRole.Sidecar}, {(int)FileRole.FolderPart}) AND f.size > 0 AND f.presence IN (0, 1)
            WHERE p.file_id > ?1 AND p.file_id <= ?2 AND f.id IS NULL
            """);
        gone.Bind(1, after).Bind(2, after + Step);
        while (gone.Read())
        {
            changes.Add(new FingerprintChange(gone.Int64(0), null));
        }

        return true;
    }

    /// <summary>Marks every group to be rebuilt when counted sources were added, removed or given another purpose.</summary>
    private async Task ResetOnSourceChangeAsync(CancellationToken cancellation)
    {
        const string key = "duplicates.sources";
        var (now, previous) = await ReadAsync(session =>
        {
            using var rows = session.Prepare($"SELECT group_concat(id || purpose) FROM (SELECT id, purpose FROM sources s WHERE {SourceRows.IsCounted("s")} ORDER BY id)");
            using var stored = session.Prepare($"SELECT value FROM settings WHERE key = '{key}'");
            return (rows.Read() ? rows.TextOrNull(0) ?? "" : "", stored.Read() ? stored.Text(0) : "");
        }, cancellation);
        if (now != previous)
        {
            await writer.RunAsync(
                connection =>
                {
                    using var stale = new Statement(connection, "UPDATE file_prints SET grouped = 0 WHERE group_id IS NOT NULL");
                    using var save = new Statement(connection, "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)");
                    stale.Run();
                    save.Bind(1, key).Bind(2, now).Run();
                },
                durable: false,
                cancellation);
        }
    }

    private static long ReadNumber(ReadSession session, string sql)
    {
        using var row = session.Prepare(sql);
        return row.Read() ? row.Int64(0) : 0;
    }

    private static List<long> ReadNumbers(ReadSession session, string sql)
    {
        using var rows = session.Prepare(sql);
        var numbers = new List<long>();
        while (rows.Read())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }

    private Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellation) => Task.Run(() => _sessions.Read((session, _) => read(session)), cancellation);
}
