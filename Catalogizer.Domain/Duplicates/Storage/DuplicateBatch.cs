using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Duplicates.Storage;

/// <summary>Writes file fingerprints and updates the duplicate groups and their totals.</summary>
internal sealed class DuplicateBatch(SqliteConnection connection) : IDisposable
{
    private readonly StatementCache _statements = new(connection);

    public void Apply(IReadOnlyList<FingerprintChange> changes)
    {
        var sizes = new HashSet<long>();
        foreach (var change in changes)
        {
            if (change.Current is { } now)
            {
                Prepare("INSERT OR REPLACE INTO file_prints (file_id, size, modified_at, tries, grouped, surplus) VALUES (?1, ?2, ?3, 0, 1, 0)")
                    .Bind(1, change.FileId).Bind(2, now.Size).Bind(3, now.ModifiedAt).Run();
                continue;
            }

            var previous = Prepare("SELECT size, group_id FROM file_prints WHERE file_id = ?1").Bind(1, change.FileId);
            if (previous.Read())
            {
                if (!previous.IsNull(1))
                {
                    sizes.Add(previous.Int64(0));
                }

                previous.Reset();
            }

            Prepare("DELETE FROM file_prints WHERE file_id = ?1").Bind(1, change.FileId).Run();
        }

        foreach (var size in sizes)
        {
            ScheduleRegroup(size);
        }
    }

    /// <summary>
    /// Schedules the files of a size to be regrouped at the end of the run: once, however many batches report removed files, because very many
    /// files may have this size. When no file is left, its groups are removed now.
    /// </summary>
    private void ScheduleRegroup(long size)
    {
        if (ReadNumbers("SELECT file_id FROM file_prints WHERE size = ?1 LIMIT 1", size) is [var one])
        {
            SetGrouped(one, grouped: false);
        }
        else
        {
            Regroup(size);
        }
    }

    public void Save(IReadOnlyList<FingerprintResult> results)
    {
        foreach (var result in results)
        {
            var file = result.File;
            if (result.Error is not null)
            {
                Prepare("UPDATE file_prints SET tries = tries + 1, error = ?2, retry_at = ?3 WHERE file_id = ?1").Bind(1, file.FileId).Bind(2, result.Error).Bind(3, result.RetryAt).Run();
                continue;
            }

            Prepare("""
                UPDATE file_prints SET sample = coalesce(?4, sample), whole = coalesce(?5, whole), tries = 0, error = NULL, retry_at = NULL, grouped = 0
                WHERE file_id = ?1 AND size = ?2 AND modified_at = ?3
                """).Bind(1, file.FileId).Bind(2, file.Size).Bind(3, file.ModifiedAt).Bind(4, result.Sample).Bind(5, result.Whole).Run();
            if (result.Sample is not null)
            {
                Prepare("UPDATE files SET fingerprint = ?4 WHERE id = ?1 AND size = ?2 AND modified_at = ?3").Bind(1, file.FileId).Bind(2, file.Size).Bind(3, file.ModifiedAt).Bind(4, result.Sample).Run();
            }
        }
    }

    /// <summary>Rebuilds the groups of the files of one size.</summary>
    public void Regroup(long size)
    {
        Prepare("UPDATE file_prints SET grouped = 1, group_id = NULL, surplus = 0 WHERE size = ?1").Bind(1, size).Run();
        RemoveGroups(size, int.MaxValue);
        foreach (var plan in PlanGroups(size))
        {
            AssignToGroup(plan.Files, InsertGroup(plan));
        }
    }

    /// <summary>Plans the groups of the files of one size. Only reads.</summary>
    public List<GroupPlan> PlanGroups(long size) => [.. FindIdentical(size).Select(same =>
    {
        var redundant = RedundancyRules.FindRedundant([.. same.Files.Select(f => f.File)]);
        return new GroupPlan(
            same.Kind, same.Files[0].MediaType, size, SourceTotals.From(same.Files.Select(f => (f.File.SourceId, redundant.Contains(f.File.Id) ? size : 0))),
            [.. same.Files.Select(f => (f.File.Id, redundant.Contains(f.File.Id)))]);
    })];

    /// <summary>Number of files of a size, counted up to <paramref name="max"/>.</summary>
    public int Count(long size, int max)
    {
        var row = Prepare("SELECT count(*) FROM (SELECT 1 FROM file_prints WHERE size = ?1 LIMIT ?2)").Bind(1, size).Bind(2, (long)max);
        row.Read();
        var count = row.Int32(0);
        row.Reset();
        return count;
    }

    /// <returns>Whether there may be more.</returns>
    public bool RemoveGroups(long size, int max)
    {
        var groups = ReadNumbers($"SELECT id FROM duplicate_groups WHERE size = ?1 LIMIT {max}", size);
        groups.ForEach(RemoveGroup);
        return groups.Count == max;
    }

    public long InsertGroup(GroupPlan plan) => InsertGroup(plan.Kind, plan.MediaType, plan.Size, null, plan.Totals);

    public void AssignToGroup(IEnumerable<(long Id, bool Surplus)> files, long group)
    {
        foreach (var (id, redundant) in files)
        {
            Prepare("UPDATE file_prints SET group_id = ?2, surplus = ?3 WHERE file_id = ?1").Bind(1, id).Bind(2, group).Bind(3, redundant ? 1L : 0L).Run();
        }
    }

    /// <summary>Takes the next files of a size out of groups that no longer exist.</summary>
    /// <returns>The last of these files; null at the end.</returns>
    public long? ClearNextFiles(long size, long after, int max)
    {
        var rows = Prepare("SELECT file_id FROM file_prints WHERE size = ?1 AND file_id > ?2 ORDER BY file_id LIMIT ?3").Bind(1, size).Bind(2, after).Bind(3, (long)max);
        var files = new List<long>();
        while (rows.Read())
        {
            files.Add(rows.Int64(0));
        }

        foreach (var file in files)
        {
            Prepare("UPDATE file_prints SET grouped = 1, group_id = NULL, surplus = 0 WHERE file_id = ?1").Bind(1, file).Run();
        }

        return files.Count == 0 ? null : files[^1];
    }

    /// <summary>Sets whether the file's group is up to date; if not, the files of its size are grouped again.</summary>
    public void SetGrouped(long file, bool grouped) => Prepare("UPDATE file_prints SET grouped = ?2 WHERE file_id = ?1").Bind(1, file).Bind(2, grouped ? 1L : 0L).Run();

    /// <summary>Replaces or removes the group of an item's lower-quality versions.</summary>
    public void ReplaceLowerQualityGroup(LowerQualityGroup plan)
    {
        foreach (var group in ReadNumbers("SELECT id FROM duplicate_groups WHERE item_id = ?1", plan.ItemId))
        {
            RemoveGroup(group);
        }

        if (plan.Totals is { } totals)
        {
            InsertGroup(DuplicateKind.Lesser, plan.MediaType, 0, plan.ItemId, totals);
        }
    }

    /// <summary>Removes a group; its files are grouped again by the next grouping.</summary>
    public void DissolveGroup(long group)
    {
        Prepare("UPDATE file_prints SET grouped = 0, group_id = NULL, surplus = 0 WHERE group_id = ?1").Bind(1, group).Run();
        RemoveGroup(group);
    }

    public void Dispose() => _statements.Dispose();

    /// <summary>Files of a size with the same sample; split by the hash of all their bytes once every one of them was read completely.</summary>
    private IEnumerable<(DuplicateKind Kind, List<(DuplicateFile File, int MediaType)> Files)> FindIdentical(long size)
    {
        var rows = Prepare($"""
            SELECT p.file_id, p.sample, p.whole, f.source_id, s.purpose, f.system_id, f.presence, f.first_seen_at, f.media_type
            FROM file_prints p JOIN files f ON f.id = p.file_id AND f.size = p.size AND f.modified_at = p.modified_at AND f.presence IN (0, 1)
            JOIN sources s ON s.id = f.source_id AND {SourceRows.IsCounted("s")}
            WHERE p.size = ?1 AND p.sample IS NOT NULL ORDER BY p.file_id
            """).Bind(1, size);
        var found = new List<(string Sample, string? Whole, DuplicateFile File, int MediaType)>();
        while (rows.Read())
        {
            found.Add((Convert.ToHexString(rows.BytesOrNull(1)!), rows.BytesOrNull(2) is { } whole ? Convert.ToHexString(whole) : null, new DuplicateFile(
                rows.Int64(0), rows.Int64(3), Enum.Parse<SourcePurpose>(rows.Text(4)), rows.Int64OrNull(5), rows.Int32(6), rows.Int64(7)), rows.Int32(8)));
        }

        foreach (var alike in found.GroupBy(f => f.Sample, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            if (alike.Any(f => f.Whole is null))
            {
                yield return (DuplicateKind.Likely, alike.Select(f => (f.File, f.MediaType)).ToList());
                continue;
            }

            foreach (var same in alike.GroupBy(f => f.Whole!, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                yield return (DuplicateKind.Identical, same.Select(f => (f.File, f.MediaType)).ToList());
            }
        }
    }

    private long InsertGroup(DuplicateKind kind, int mediaType, long size, long? item, SortedDictionary<long, (long Bytes, int Copies)> totals)
    {
        var last = Prepare("SELECT coalesce(max(id), 0) + 1 FROM duplicate_groups");
        last.Read();
        var id = last.Int64(0);
        last.Reset();
        Prepare("INSERT INTO duplicate_groups (id, kind, media_type, size, item_id) VALUES (?1, ?2, ?3, ?4, ?5)").Bind(1, id).Bind(2, (long)kind).Bind(3, (long)mediaType).Bind(4, size).Bind(5, item).Run();
        foreach (var (source, (bytes, copies)) in totals)
        {
            Prepare("INSERT INTO duplicate_shares (group_id, source_id, kind, media_type, bytes, copies) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(1, id).Bind(2, source).Bind(3, (long)kind).Bind(4, (long)mediaType).Bind(5, bytes).Bind(6, (long)copies).Run();
            Count((long)kind, source, mediaType, 1, bytes);
        }

        return id;
    }

    private void RemoveGroup(long group)
    {
        var rows = Prepare("SELECT kind, source_id, media_type, bytes FROM duplicate_shares WHERE group_id = ?1").Bind(1, group);
        var totals = new List<(long Kind, long Source, long Type, long Bytes)>();
        while (rows.Read())
        {
            totals.Add((rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)));
        }

        foreach (var total in totals)
        {
            Count(total.Kind, total.Source, total.Type, -1, -total.Bytes);
        }

        Prepare("DELETE FROM duplicate_shares WHERE group_id = ?1").Bind(1, group).Run();
        Prepare("DELETE FROM duplicate_groups WHERE id = ?1").Bind(1, group).Run();
    }

    private void Count(long kind, long source, long mediaType, long groups, long bytes) => Prepare("""
        INSERT INTO duplicate_totals (kind, source_id, media_type, group_count, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (kind, source_id, media_type) DO UPDATE SET group_count = group_count + excluded.group_count, bytes = bytes + excluded.bytes
        """).Bind(1, kind).Bind(2, source).Bind(3, mediaType).Bind(4, groups).Bind(5, bytes).Run();

    private List<long> ReadNumbers(string sql, long value) => _statements.ReadNumbers(sql, value);

    private Statement Prepare(string sql) => _statements.Get(sql);
}

/// <summary>A planned group of identical or probably identical files.</summary>
internal sealed record GroupPlan(
    DuplicateKind Kind, int MediaType, long Size, SortedDictionary<long, (long Bytes, int Copies)> Totals, IReadOnlyList<(long Id, bool Surplus)> Files);
