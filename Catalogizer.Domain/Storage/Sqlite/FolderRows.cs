using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Reads folders and the files in them.</summary>
internal static class FolderRows
{
    private const int Tries = 4;

    public static FoundFolder? Find(ReadSession session, long sourceId, string path)
    {
        using var row = session.Prepared("SELECT id, listed_at, error FROM folders WHERE source_id = ?1 AND path = ?2");
        return row.Bind(1, sourceId).Bind(2, path).Read() ? new FoundFolder(row.Int64(0), sourceId, path, Time(row.Int64OrNull(1)), row.TextOrNull(2)) : null;
    }

    public static FolderWindow Window(ReadSession session, CatalogueScope scope, FoundFolder folder, int start, int count, FolderOrder order)
    {
        var entries = new List<FolderEntry>(Math.Min(count, 500));
        foreach (var id in order.Folders.Skip(start).Take(count))
        {
            if (FolderOf(session, scope, folder, id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        foreach (var id in order.Files.Skip(Math.Max(0, start - order.Folders.Length)).Take(count - entries.Count))
        {
            if (FileOf(session, scope, folder, id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new FolderWindow(folder.ListedAt, folder.Problem, order.Folders.Length, order.Files.Length, entries);
    }

    /// <summary>Some files of folders that lie evenly among all.</summary>
    public static (long Known, IReadOnlyList<FileSample> Samples) Sample(ReadSession session, long sourceId, int folders, int filesOfEach)
    {
        var ids = new List<long>();
        using var all = session.Prepared("SELECT id FROM folders WHERE source_id = ?1 ORDER BY path");
        all.Bind(1, sourceId);
        while (all.Read())
        {
            ids.Add(all.Int64(0));
        }

        var samples = new List<FileSample>();
        var step = Math.Max(1, ids.Count / (folders * Tries));
        for (var i = 0; i < ids.Count && samples.Count < folders * Tries; i += step)
        {
            if (SampleOf(session, ids[i], filesOfEach) is { Files.Count: > 0 } sample)
            {
                samples.Add(sample);
            }
        }

        var every = Math.Max(1, (samples.Count + folders - 1) / folders);
        return (Known(session, sourceId), [.. samples.Where((_, i) => i % every == 0)]);
    }

    private static FolderEntry? FolderOf(ReadSession session, CatalogueScope scope, FoundFolder parent, long id)
    {
        using var row = session.Prepared($"""
            SELECT path, error,
              (SELECT count(*) FROM folders WHERE parent_id = ?1),
              (SELECT count(*) FROM files WHERE folder_id = ?1),
              EXISTS (SELECT 1 FROM files WHERE folder_id = ?1 AND presence <> {(int)Presence.Missing})
            FROM folders WHERE id = ?1
            """);
        if (!row.Bind(1, id).Read())
        {
            return null;
        }

        var (path, folders, files) = (row.Text(0), row.Int64(2), row.Int64(3));
        var isGone = folders == 0 && files > 0 && row.Int64(4) == 0;
        return new FolderEntry(
            parent.Path.Length == 0 ? path : path[(parent.Path.Length + 1)..], path, true, 0, folders + files, null,
            isGone ? scope.Effective(parent.SourceId, Presence.Missing) : null, MediaType.Other, null, row.TextOrNull(1));
    }

    private static FolderEntry? FileOf(ReadSession session, CatalogueScope scope, FoundFolder folder, long id)
    {
        using var row = session.Prepared("""
            SELECT f.name, f.size, f.modified_at, f.presence, f.media_type, v.item_id
            FROM files f LEFT JOIN media_versions v ON v.id = f.version_id WHERE f.id = ?1
            """);
        if (!row.Bind(1, id).Read())
        {
            return null;
        }

        var name = row.Text(0);
        return new FolderEntry(
            name, folder.Path.Length == 0 ? name : $"{folder.Path}/{name}", false, row.Int64(1), 0, Time(row.Int64(2)),
            scope.Effective(folder.SourceId, (Presence)row.Int32(3)), (MediaType)row.Int32(4), row.Int64OrNull(5), null);
    }

    private static FileSample? SampleOf(ReadSession session, long folderId, int most)
    {
        using var path = session.Prepared("SELECT path FROM folders WHERE id = ?1");
        if (!path.Bind(1, folderId).Read())
        {
            return null;
        }

        using var rows = session.Prepared($"SELECT name, size FROM files WHERE folder_id = ?1 AND presence <= {(int)Presence.Unknown} LIMIT ?2");
        rows.Bind(1, folderId).Bind(2, most);
        var files = new List<(string, long)>();
        while (rows.Read())
        {
            files.Add((rows.Text(0), rows.Int64(1)));
        }

        return new FileSample(path.Text(0), files);
    }

    private static long Known(ReadSession session, long sourceId)
    {
        using var row = session.Prepared($"SELECT coalesce(sum(files), 0) FROM file_counts WHERE source_id = ?1 AND presence <= {(int)Presence.Unknown}");
        return row.Bind(1, sourceId).Read() ? row.Int64(0) : 0;
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>A folder that the catalogue knows.</summary>
    internal sealed record FoundFolder(long Id, long SourceId, string Path, DateTimeOffset? ListedAt, string? Problem);
}
