using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Storage;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>
/// Joins a missing file with the same file found elsewhere. The old row takes the new location and keeps its history, first-seen time,
/// version and item; the rows created for the new location are deleted. An item whose whole content got a new name takes that name, and so
/// do the season and series above it; edits are kept. A redetected name is treated as a move to the same location.
/// </summary>
/// <param name="firstItem">For a redetection: items from this id on are new. Null for a scan: those first seen since it began are new.</param>
internal sealed class MoveBatch(SqliteConnection connection, ScanContext scan, PresenceUpdater presence, long now, long? firstItem = null) : IDisposable
{
    private readonly StatementCache _statements = new(connection);
    private readonly Dictionary<long, long> _preservedVersions = [];
    private readonly HashSet<long> _changedItems = [];
    private readonly HashSet<(long Old, long New)> _renamed = [];

    /// <summary>How many of the found files had been added by this scan.</summary>
    public long AddedByScan { get; private set; }

    /// <summary>Saves a group of pairs. Returns the moved files with their previous paths and folders.</summary>
    public List<(long File, string From, long OldFolder)> Apply(IReadOnlyList<(long Lost, long Found)> pairs)
    {
        var moves = pairs.Select(p => (Lost: LoadFile(p.Lost), Found: LoadFile(p.Found))).Where(p => p is { Lost: not null, Found: not null }).Select(p => (Lost: p.Lost!, Found: p.Found!)).ToList();
        Apply(moves);
        return [.. moves.Select(p => (p.Lost.Id, p.Lost.Path, p.Lost.Folder))];
    }

    /// <summary>Saves the results of redetection. The versions that files move to must exist.</summary>
    public void Redetect(DetectionChanges found)
    {
        foreach (var (item, name, _) in found.Items)
        {
            Prepare("UPDATE media_items SET media_type = ?2 WHERE id = ?1 AND media_type <> ?2").Bind(1, item.Id).Bind(2, (long)name.Type).Run();
            SetDetectedValue(item.Id, "title", name.Title);
            SetDetectedValue(item.Id, "year", name.Year?.ToString(CultureInfo.InvariantCulture));
        }

        var moves = found.Regrouped.Select(p => (Lost: LoadFile(p.Was.Id), p.Now)).Where(p => p.Lost is not null)
            .Select(p => (Lost: p.Lost!, Found: p.Lost! with { Id = 0, Role = p.Now.Role, Type = (long)p.Now.Type, Version = p.Now.VersionId }))
            .OrderByDescending(p => p.Lost.FirstSeenAt).ThenByDescending(p => p.Lost.Id).ToList();     // of several that leave an item, the oldest is last and takes it along
        Apply(moves, found.Versions.Select(c => c.Was.Item.Id));
    }

    /// <summary>Recounts items and everything above them.</summary>
    public void Recount(IEnumerable<long> items)
    {
        _changedItems.Clear();
        _changedItems.UnionWith(items.Where(Exists));
        Recount();
    }

    private void Apply(List<(FileFacts Lost, FileFacts Found)> moves, IEnumerable<long>? extraItems = null)
    {
        _preservedVersions.Clear();
        _changedItems.Clear();
        _changedItems.UnionWith(extraItems ?? []);
        FindPreservedVersions(moves);
        moves.ForEach(p => MoveFile(p.Lost, p.Found));
        foreach (var (fresh, preserved) in _preservedVersions)
        {
            ReplaceVersion(fresh, preserved);
        }

        moves.DistinctBy(p => p.Lost.Version).ToList().ForEach(p => RemoveLeftovers(p.Lost));
        RenameParents();
        moves.ForEach(p => PreserveFirstSeen(p.Lost));
        Recount();
    }

    public void Dispose() => _statements.Dispose();

    private bool IsRedetection => firstItem is not null;

    private FileFacts? LoadFile(long id)
    {
        var row = Prepare($"""
            SELECT f.source_id, f.folder_id, f.name, f.modified_at, f.system_id, f.role, f.media_type, f.version_id, f.first_seen_at, f.presence, {FilePath.Sql}, f.item_id
            FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.id = ?1
            """).Bind(1, id);
        if (!row.Read())
        {
            return null;
        }

        var facts = new FileFacts(
            id, row.Int64(0), row.Int64(1), row.Text(2), row.Int64(3), row.Int64OrNull(4), (FileRole)row.Int32(5), row.Int64(6), row.Int64OrNull(7), row.Int64(8),
            (Presence)row.Int32(9), row.Text(10), row.Int64OrNull(11));
        row.Reset();
        return facts;
    }

    /// <summary>An old version is preserved in the new location when all its files moved there together and no other files joined them.</summary>
    private void FindPreservedVersions(IEnumerable<(FileFacts Lost, FileFacts Found)> moves)
    {
        var media = moves.Where(p => p.Lost is { Version: not null, Role: not FileRole.Sidecar } && p.Found is { Version: not null, Role: not FileRole.Sidecar });
        foreach (var copy in media.GroupBy(p => p.Lost.Version!.Value))
        {
            var places = copy.Select(p => p.Found.Version!.Value).Distinct().ToList();
            if (places is [var fresh] && fresh != copy.Key && !_preservedVersions.ContainsKey(fresh) && CountFiles(copy.Key) == copy.Count()
                && (IsRedetection ? !HasFiles(fresh) : CountFiles(fresh) == copy.Count()))
            {
                _preservedVersions.Add(fresh, copy.Key);
            }
        }
    }

    private void MoveFile(FileFacts lost, FileFacts found)
    {
        AddedByScan += found.SourceId == scan.SourceId && found.FirstSeenAt >= scan.StartedAt ? 1 : 0;
        var version = found.Version is { } fresh ? _preservedVersions.GetValueOrDefault(fresh, fresh) : (long?)null;
        if (IsRedetection)
        {
            Prepare("UPDATE files SET role = ?2, media_type = ?3, version_id = ?4, item_id = NULL WHERE id = ?1").Bind(1, lost.Id).Bind(2, (long)found.Role).Bind(3, found.Type).Bind(4, version).Run();
            TrackMovedVersion(lost, found);
            return;
        }

        Prepare("DELETE FROM files WHERE id = ?1").Bind(1, found.Id).Run();
        Prepare("""
            UPDATE files SET source_id = ?2, folder_id = ?3, name = ?4, modified_at = ?5, system_id = ?6, role = ?7, media_type = ?8, version_id = ?9,
              first_seen_at = min(first_seen_at, ?10), presence = 0, item_id = ?11 WHERE id = ?1
            """).Bind(1, lost.Id).Bind(2, found.SourceId).Bind(3, found.Folder).Bind(4, found.Name).Bind(5, found.ModifiedAt).Bind(6, found.SystemId)
            .Bind(7, (long)found.Role).Bind(8, found.Type).Bind(9, version)
            .Bind(10, found.FirstSeenAt).Bind(11, found.Item).Run();
        Prepare("DELETE FROM scan_losses WHERE file_id = ?1").Bind(1, lost.Id).Run();
        presence.MarkFile(lost.Id, lost.Presence, Presence.Present);
    }

    /// <summary>Marks the version that a file moved to for an update, and its item as a possible new name of the old one.</summary>
    private void TrackMovedVersion(FileFacts lost, FileFacts found)
    {
        if (found.Version is not { } fresh)
        {
            return;
        }

        presence.MarkVersion(_preservedVersions.GetValueOrDefault(fresh, fresh));
        var item = FindItem(fresh);
        _changedItems.Add(item);
        if (lost is { Version: { } old, Role: not FileRole.Sidecar } && FindItem(old) is > 0 and var before && before != item)
        {
            _renamed.Add((before, item));
        }
    }

    /// <summary>The old version replaces the new one; values that came from the name are taken from the new name.</summary>
    private void ReplaceVersion(long fresh, long preserved)
    {
        var (oldItem, newItem) = (FindItem(preserved), FindItem(fresh));
        Prepare("""
            UPDATE media_versions SET (source_id, identity, label, confidence) = (SELECT source_id, identity, label, confidence FROM media_versions WHERE id = ?2) WHERE id = ?1
            """).Bind(1, preserved).Bind(2, fresh).Run();
        Prepare($"""
            UPDATE media_versions SET (resolution, video_codec, audio_codec, audio_channels, hdr, overall_score)
              = (SELECT resolution, video_codec, audio_codec, audio_channels, hdr, overall_score FROM media_versions WHERE id = ?2)
            WHERE id = ?1 AND quality_from = {(int)QualityOrigin.Name}
            """).Bind(1, preserved).Bind(2, fresh).Run();
        Prepare("UPDATE files SET version_id = ?2 WHERE version_id = ?1").Bind(1, fresh).Bind(2, preserved).Run();
        DeleteVersion(fresh);
        if (IsRedetection)
        {
            Prepare("""
                UPDATE media_versions SET size = (SELECT sum(size) FROM files WHERE version_id = ?1 AND role <> 1),
                  duration_seconds = CASE WHEN (SELECT count(*) FROM files WHERE version_id = ?1 AND role <> 1) = 1 THEN duration_seconds END WHERE id = ?1
                """).Bind(1, preserved).Run();
        }

        _changedItems.Add(oldItem);
        _changedItems.Add(newItem);
        if (oldItem == newItem || (!IsRedetection && IsPinnedByMerge(preserved, oldItem)))
        {
            return;
        }

        if (IsEmpty(newItem) && IsNewItem(newItem) && IsSameKind(oldItem, newItem) && Count("SELECT count(*) FROM media_versions WHERE item_id = ?1", oldItem) == 1)
        {
            RenameItem(oldItem, newItem);
        }
        else if (IsRedetection || !HasManualChanges(oldItem) || IsToldApart(oldItem, newItem))
        {
            Prepare("UPDATE media_versions SET item_id = ?2 WHERE id = ?1").Bind(1, preserved).Bind(2, newItem).Run();
        }
    }

    /// <summary>
    /// Whether the version stays with this item under any name, because a user assigned it. A version of a merged item is assigned here as well,
    /// with a row of its own.
    /// </summary>
    private bool IsPinnedByMerge(long version, long item)
    {
        if (Count("SELECT count(*) FROM work_joins WHERE version_id = ?1", version) > 0)
        {
            return true;
        }

        Prepare($"""
            INSERT INTO work_joins (kind, from_item, version_id, to_item, part_of, title, decided_by, decided_at)
            SELECT {(int)MergeKind.Split}, from_item, ?1, ?2, coalesce(part_of, id), title, decided_by, decided_at FROM work_joins
            WHERE to_item = ?2 AND kind = {(int)MergeKind.Merge} ORDER BY id LIMIT 1
            """).Bind(1, version).Bind(2, item).Run();
        return Count("SELECT count(*) FROM work_joins WHERE version_id = ?1", version) > 0;
    }

    /// <summary>Deletes the version that the moved file left without files. The item is marked for a recount, which deletes it when empty.</summary>
    private void RemoveLeftovers(FileFacts lost)
    {
        if (lost.Version is not { } version || FindItem(version) is not (> 0 and var item))
        {
            return;
        }

        _changedItems.Add(item);
        if (!HasFiles(version))
        {
            DeleteVersion(version);
        }
        else
        {
            Prepare("UPDATE media_versions SET size = (SELECT sum(size) FROM files WHERE version_id = ?1 AND role <> 1) WHERE id = ?1").Bind(1, version).Run();
            presence.MarkVersion(version);
        }
    }

    /// <summary>Gives the old item the identity and names of the new one, and deletes the new one.</summary>
    private void RenameItem(long old, long fresh)
    {
        var (oldParent, newParent) = (FindParent(old), FindParent(fresh));
        var row = Prepare("SELECT identity, identity_hash, title, year, season, episode, episode_to, parent_id FROM media_items WHERE id = ?1").Bind(1, fresh);
        row.Read();
        var (identity, hash, title, year, season, episode, last, parent) = (
            row.Text(0), row.Int64(1), row.TextOrNull(2), row.Int64OrNull(3), row.Int64OrNull(4), row.Int64OrNull(5), row.Int64OrNull(6), row.Int64OrNull(7));
        row.Reset();
        Prepare("UPDATE media_items SET parent_id = ?2 WHERE parent_id = ?1").Bind(1, fresh).Bind(2, old).Run();
        Prepare("UPDATE media_versions SET item_id = ?2 WHERE item_id = ?1").Bind(1, fresh).Bind(2, old).Run();
        Prepare("UPDATE files SET item_id = ?2 WHERE item_id = ?1").Bind(1, fresh).Bind(2, old).Run();
        DeleteItem(fresh);
        Prepare("UPDATE media_items SET identity = ?2, identity_hash = ?3, season = ?4, episode = ?5, episode_to = ?6, parent_id = ?7, updated_at = ?8 WHERE id = ?1")
            .Bind(1, old).Bind(2, identity).Bind(3, hash).Bind(4, season).Bind(5, episode).Bind(6, last).Bind(7, parent).Bind(8, now).Run();
        SetDetectedValue(old, "title", title);
        SetDetectedValue(old, "year", year?.ToString(CultureInfo.InvariantCulture));
        _changedItems.Remove(fresh);
        _changedItems.Add(old);
        if (oldParent is { } above && newParent is { } below && above != below)
        {
            _renamed.Add((above, below));
        }
    }

    /// <summary>
    /// Sets a detected value, which ranks below the match, the files' own metadata and edits. An item without a certain match is looked up again
    /// by its new name.
    /// </summary>
    private void SetDetectedValue(long item, string field, string? value)
    {
        Prepare("UPDATE media_matches SET state = 'None', checked_at = 0 WHERE item_id = ?1 AND state IN ('None', 'Doubtful')").Bind(1, item).Run();
        Prepare($"UPDATE media_matches SET name_{field} = ?2 WHERE item_id = ?1").Bind(1, item).Bind(2, value).Run();
        if (Count($"""
            SELECT count(*) FROM media_matches m JOIN external_metadata e ON e.item_id = m.item_id AND e.provider IN (m.provider, {EmbeddedMetadata.LayerNamesSql})
            WHERE m.item_id = ?1 AND nullif(json_extract(e.payload, '$.{(field == "title" ? "Title" : "Year")}'), '') IS NOT NULL
            """, item) > 0)
        {
            return;
        }

        if (Count($"SELECT count(*) FROM item_edits WHERE item_id = ?1 AND field = '{field}'", item) > 0)
        {
            Prepare("UPDATE item_edits SET base_value = ?3 WHERE item_id = ?1 AND field = ?2").Bind(1, item).Bind(2, field).Bind(3, value).Run();
        }
        else if (field == "title")
        {
            Prepare("UPDATE media_items SET title = ?2, sort_title = ?3, updated_at = ?4 WHERE id = ?1 AND title IS NOT ?2")
                .Bind(1, item).Bind(2, value).Bind(3, value is null ? null : TextNormalizer.ToSortTitle(value)).Bind(4, now).Run();
        }
        else
        {
            Prepare("UPDATE media_items SET year = CAST(?2 AS INTEGER), updated_at = ?3 WHERE id = ?1 AND year IS NOT CAST(?2 AS INTEGER)").Bind(1, item).Bind(2, value).Bind(3, now).Run();
        }
    }

    /// <summary>Renames a season or series all of whose parts moved below a new one, level by level.</summary>
    private void RenameParents()
    {
        while (_renamed.Count > 0)
        {
            var level = _renamed.ToList();
            _renamed.Clear();
            foreach (var (old, fresh) in IsRedetection ? level.OrderByDescending(p => HasManualChanges(p.Old)).ThenBy(p => p.Old) : level.AsEnumerable())
            {
                if (IsRedetection && (!Exists(old) || !Exists(fresh)))
                {
                    continue;
                }

                _changedItems.Add(old);
                _changedItems.Add(fresh);
                var one = IsRedetection || (level.Count(p => p.Old == old) == 1 && level.Count(p => p.New == fresh) == 1 && !HasVersions(fresh));
                if (one && IsEmpty(old) && IsNewItem(fresh) && IsSameKind(old, fresh))
                {
                    RenameItem(old, fresh);
                }
            }
        }
    }

    /// <summary>An item created for a file that was known before is as old as that file.</summary>
    private void PreserveFirstSeen(FileFacts lost)
    {
        if (!IsRedetection || ReadNumber("SELECT v.item_id FROM files f JOIN media_versions v ON v.id = f.version_id WHERE f.id = ?1", lost.Id) is not { } item)
        {
            return;
        }

        for (long? current = item; current >= firstItem; current = FindParent(current.Value))
        {
            Prepare("UPDATE media_items SET first_seen_at = ?2 WHERE id = ?1 AND first_seen_at > ?2").Bind(1, current.Value).Bind(2, lost.FirstSeenAt).Run();
        }
    }

    /// <summary>Recounts the changed items and everything above them, parts first; deletes empty ones without users' changes.</summary>
    private void Recount()
    {
        var level = new HashSet<long>(_changedItems);
        foreach (var item in _changedItems)
        {
            for (var above = FindParent(item); above is { } id && level.Add(id); above = FindParent(id))
            {
            }
        }

        foreach (var item in level.OrderByDescending(GetDepth).ToList())
        {
            var parent = FindParent(item);
            if (IsEmpty(item) && !HasManualChanges(item))
            {
                DeleteItem(item);
                continue;
            }

            Prepare($"""
                UPDATE media_items SET updated_at = ?2, (version_count, part_count) = ({ItemCounts.CountsSql("?1")}), (best_resolution, best_codec, best_score) = ({ItemCounts.BestSql("?1")})
                WHERE id = ?1
                """).Bind(1, item).Bind(2, now).Run();
            presence.MarkItem(item);
            if (parent is { } id)
            {
                presence.MarkItem(id);
            }
        }
    }

    private int GetDepth(long item)
    {
        var depth = 0;
        for (var above = FindParent(item); above is { } id; above = FindParent(id))
        {
            depth++;
        }

        return depth;
    }

    private long? FindParent(long item) => ReadNumber("SELECT parent_id FROM media_items WHERE id = ?1", item);

    private long FindItem(long version) => ReadNumber("SELECT item_id FROM media_versions WHERE id = ?1", version) ?? 0;

    /// <summary>Of a disc or game, empty files do not count, because they are never taken for moved, and neither do those that went before.</summary>
    private long CountFiles(long version) => Count(
        $"SELECT count(*) FROM files WHERE version_id = ?1 AND role <> 1 AND NOT (role = {(int)FileRole.FolderPart} AND (size = 0 OR presence IN ({(int)Presence.Missing}, {(int)Presence.Retired}) AND id NOT IN (SELECT file_id FROM scan_losses)))", version);

    private bool HasFiles(long version) => Count("SELECT EXISTS (SELECT 1 FROM files WHERE version_id = ?1 AND role <> 1)", version) == 1;

    private bool HasVersions(long item) => Count("SELECT count(*) FROM media_versions WHERE item_id = ?1", item) > 0;

    /// <summary>Whether the item has neither versions nor parts.</summary>
    private bool IsEmpty(long item) => Count("SELECT count(*) FROM media_items WHERE parent_id = ?1", item) == 0 && !HasVersions(item);

    private bool Exists(long item) => Count("SELECT count(*) FROM media_items WHERE id = ?1", item) > 0;

    private bool IsNewItem(long item) =>
        (firstItem is { } first ? item >= first : ReadNumber("SELECT first_seen_at FROM media_items WHERE id = ?1", item) >= scan.Since) && !HasManualChanges(item);

    /// <summary>Whether only a mark, such as an id, tells the items apart: the new name says on purpose that it is not the item which a user edited.</summary>
    private bool IsToldApart(long a, long b) => ReadIdentity(a) is { } one && ReadIdentity(b) is { } other && ItemIdentity.AreToldApart(one, other);

    private string? ReadIdentity(long item)
    {
        var row = Prepare("SELECT identity FROM media_items WHERE id = ?1").Bind(1, item);
        var identity = row.Read() ? row.TextOrNull(0) : null;
        row.Reset();
        return identity;
    }

    private bool IsSameKind(long a, long b) => ReadNumber("SELECT kind FROM media_items WHERE id = ?1", a) == ReadNumber("SELECT kind FROM media_items WHERE id = ?1", b);

    /// <summary>Whether a user edited the item, decided on its match, or merged or moved something into it.</summary>
    private bool HasManualChanges(long item) =>
        Count("SELECT count(*) FROM item_edits WHERE item_id = ?1", item) > 0
        || Count("SELECT count(*) FROM media_matches WHERE item_id = ?1 AND state IN ('Pinned', 'LeftAlone')", item) > 0
        || Count("SELECT count(*) FROM work_joins WHERE to_item = ?1", item) > 0;

    private void DeleteItem(long item)
    {
        Prepare("DELETE FROM media_items WHERE id = ?1").Bind(1, item).Run();
        Prepare("DELETE FROM media_matches WHERE item_id = ?1").Bind(1, item).Run();
        Prepare("DELETE FROM external_metadata WHERE item_id = ?1").Bind(1, item).Run();
        Prepare("DELETE FROM item_pictures WHERE item_id = ?1").Bind(1, item).Run();
    }

    private void DeleteVersion(long version)
    {
        Prepare("UPDATE files SET version_id = NULL WHERE version_id = ?1").Bind(1, version).Run();    // its sidecars find another owner
        Prepare("DELETE FROM media_versions WHERE id = ?1").Bind(1, version).Run();
        Prepare("DELETE FROM version_analyses WHERE version_id = ?1").Bind(1, version).Run();
        Prepare("DELETE FROM work_joins WHERE version_id = ?1").Bind(1, version).Run();
    }

    private long Count(string sql, long id) => ReadNumber(sql, id) ?? 0;

    private long? ReadNumber(string sql, long id)
    {
        var row = Prepare(sql).Bind(1, id);
        var value = row.Read() ? row.Int64OrNull(0) : null;
        row.Reset();
        return value;
    }

    private Statement Prepare(string sql) => _statements.Get(sql);

    private sealed record FileFacts(
        long Id, long SourceId, long Folder, string Name, long ModifiedAt, long? SystemId, FileRole Role, long Type, long? Version, long FirstSeenAt, Presence Presence, string Path, long? Item);
}
