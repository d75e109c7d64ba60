using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Reads the files that may have moved and finds the pairs, grouped by item.</summary>
internal sealed class MoveCandidateReader(SqliteConnection connection, ScanContext scan)
{
    private const string Columns = "f.id, f.source_id, f.folder_id, f.name, f.size, f.modified_at, f.system_id";

    /// <summary>Nothing moves from or to an uncounted source.</summary>
    private static readonly string OnCountedSource = $"f.source_id IN (SELECT s.id FROM sources s WHERE {SourceRows.IsCounted("s")})";

    /// <summary>Maximum number of earlier files to search: a move that the previous scan saw in both places is among the last files it added.</summary>
    private const long MaxPreviousFiles = 50_000;

    private readonly Dictionary<long, string> _folderPaths = [];

    /// <summary>Groups of missing and found files; each group must be saved together.</summary>
    public List<List<(long Lost, long Found)>> FindGroups()
    {
        var lost = Read($"SELECT {Columns} FROM scan_losses l JOIN files f ON f.id = l.file_id WHERE l.scan_id = ?1", scan.ScanId);
        var elsewhere = IsAnyMissing()
            ? Read($"SELECT {Columns} FROM files f WHERE (f.presence = {(int)Presence.Missing} OR f.id IN (SELECT file_id FROM scan_losses WHERE scan_id <> ?1)) AND {OnCountedSource}", scan.ScanId)
            : [];
        if (lost.Count + elsewhere.Count == 0)
        {
            return [];
        }

        var added = Read(
            $"SELECT {Columns} FROM files f WHERE f.id >= ?2 AND f.source_id = ?1 AND f.first_seen_at >= ?3 AND f.presence = 0", scan.SourceId, scan.FirstFileId ?? 0, scan.Since);
        using var path = new Statement(connection, "SELECT path FROM folders WHERE id = ?1");
        var match = new MoveFinder(folder => FindPath(path, folder));
        var pairs = match.FindMoves(lost, added);
        var (unmatched, unmatchedAdded) = (Exclude(lost, pairs.Select(p => p.Lost)), Exclude(added, pairs.Select(p => p.Found)));
        pairs.AddRange(match.FindMoves(elsewhere, unmatchedAdded));
        if (unmatched.Count > 0)
        {
            var seenTwice = MoveFinder.FindSeenTwice(unmatched, FindInPreviousScan(unmatched));
            pairs.AddRange(seenTwice);
            unmatched = Exclude(unmatched, seenTwice.Select(p => p.Lost));
        }

        if (unmatched.Count > 0)
        {
            pairs.AddRange(match.FindMoves(unmatched, AddedElsewhere()));
        }

        return GroupByItem(pairs);
    }

    /// <summary>Files that the previous scan added to this source and that have the inode number of a missing file.</summary>
    private List<MoveCandidate> FindInPreviousScan(List<MoveCandidate> lost)
    {
        var numbers = lost.Select(l => l.SystemId).OfType<long>().ToHashSet();
        using var last = new Statement(connection, """
            SELECT started_at FROM scans WHERE source_id = ?1 AND id < ?2 AND state IN ('Completed', 'Held') AND started_at IS NOT NULL ORDER BY id DESC LIMIT 1
            """);
        if (numbers.Count == 0 || !last.Bind(1, scan.SourceId).Bind(2, scan.ScanId).Read())
        {
            return [];
        }

        var since = last.Int64(0);
        last.Reset();
        using var latest = new Statement(connection, $"SELECT {Columns}, f.first_seen_at, f.presence FROM files f WHERE f.id < ?1 ORDER BY f.id DESC LIMIT ?2");
        latest.Bind(1, scan.FirstFileId ?? 0).Bind(2, MaxPreviousFiles);
        var candidates = new List<MoveCandidate>();
        while (latest.Read() && latest.Int64(7) >= since)
        {
            if (latest.Int64(1) == scan.SourceId && latest.Int32(8) == (int)Presence.Present && latest.Int64OrNull(6) is { } number && numbers.Contains(number))
            {
                candidates.Add(ReadCandidate(latest));
            }
        }

        scan.Since = Math.Min(scan.Since, candidates.Count > 0 ? since : scan.Since);     // items created for them then are as new as those created now
        return candidates;
    }

    /// <summary>
    /// Files added to other sources since this one was last scanned completely: one that was there before is a copy, not a move.
    /// </summary>
    private List<MoveCandidate> AddedElsewhere()
    {
        using var last = new Statement(connection, "SELECT max(finished_at) FROM scans WHERE source_id = ?1 AND id < ?2 AND state IN ('Completed', 'Held')");
        if (!last.Bind(1, scan.SourceId).Bind(2, scan.ScanId).Read() || last.IsNull(0))
        {
            return [];
        }

        var since = last.Int64(0);
        last.Reset();
        using var any = new Statement(connection, "SELECT EXISTS (SELECT 1 FROM scans WHERE source_id <> ?1 AND added > 0 AND coalesce(finished_at, ?2) >= ?2)");
        if (!any.Bind(1, scan.SourceId).Bind(2, since).Read() || any.Int64(0) == 0)
        {
            return [];
        }

        return Read($"SELECT {Columns} FROM files f WHERE f.source_id <> ?1 AND f.first_seen_at >= ?2 AND f.presence = 0 AND {OnCountedSource}", scan.SourceId, since);
    }

    private bool IsAnyMissing()
    {
        using var any = new Statement(connection, $"SELECT EXISTS (SELECT 1 FROM file_counts WHERE presence = {(int)Presence.Missing} AND files > 0) OR EXISTS (SELECT 1 FROM scan_losses WHERE scan_id <> ?1)");
        return any.Bind(1, scan.ScanId).Read() && any.Int64(0) == 1;
    }

    private List<MoveCandidate> Read(string sql, params ReadOnlySpan<long> values)
    {
        using var rows = new Statement(connection, sql);
        for (var i = 0; i < values.Length; i++)
        {
            rows.Bind(i + 1, values[i]);
        }

        var candidates = new List<MoveCandidate>();
        while (rows.Read())
        {
            candidates.Add(ReadCandidate(rows));
        }

        return candidates;
    }

    private static MoveCandidate ReadCandidate(Statement row) =>
        new(row.Int64(0), row.Int64(1), row.Int64(2), row.Text(3), row.Int64(4), row.Int64(5), row.Int64OrNull(6));

    private static List<MoveCandidate> Exclude(List<MoveCandidate> candidates, IEnumerable<MoveCandidate> excluded)
    {
        var ids = excluded.Select(t => t.Id).ToHashSet();
        return candidates.FindAll(e => !ids.Contains(e.Id));
    }

    private string FindPath(Statement path, long folder)
    {
        if (!_folderPaths.TryGetValue(folder, out var known))
        {
            known = path.Bind(1, folder).Read() ? path.Text(0) : "";
            path.Reset();
            _folderPaths.Add(folder, known);
        }

        return known;
    }

    /// <summary>Groups the pairs by item: whether it got a new name shows only when all its parts are seen together.</summary>
    private List<List<(long Lost, long Found)>> GroupByItem(List<(MoveCandidate Lost, MoveCandidate Found)> pairs)
    {
        using var top = new Statement(connection, """
            WITH RECURSIVE above(id, parent_id) AS (
              SELECT m.id, m.parent_id FROM files f JOIN media_versions v ON v.id = f.version_id JOIN media_items m ON m.id = v.item_id WHERE f.id = ?1
              UNION ALL SELECT m.id, m.parent_id FROM above a JOIN media_items m ON m.id = a.parent_id)
            SELECT id FROM above WHERE parent_id IS NULL
            """);
        var groups = new Dictionary<long, List<(long, long)>>();
        foreach (var (lost, found) in pairs)
        {
            var item = top.Bind(1, lost.Id).Read() ? top.Int64(0) : -lost.FolderId;
            top.Reset();
            (groups.TryGetValue(item, out var group) ? group : groups[item] = []).Add((lost.Id, found.Id));
        }

        return [.. groups.Values];
    }
}
