using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Reads folders and the files in them.</summary>
internal static class FolderRows
{
    private const int CandidatesPerSample = 4;

    public static StoredFolder? Find(ReadSession session, long sourceId, string path)
    {
        using var row = session.Prepare("SELECT id, listed_at, error FROM folders WHERE source_id = ?1 AND path = ?2");
        return row.Bind(1, sourceId).Bind(2, path).Read() ? new StoredFolder(row.Int64(0), sourceId, path, ToTime(row.Int64OrNull(1)), row.TextOrNull(2)) : null;
    }

    public static FolderWindow ReadWindow(ReadSession session, AvailabilitySnapshot availability, StoredFolder folder, int start, int count, FolderOrder order)
    {
        var entries = new List<FolderEntry>(Math.Min(count, 500));
        foreach (var id in order.Folders.Skip(start).Take(count))
        {
            if (ReadFolder(session, availability, folder, id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        foreach (var id in order.Files.Skip(Math.Max(0, start - order.Folders.Length)).Take(count - entries.Count))
        {
            if (ReadFile(session, availability, folder, id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new FolderWindow(folder.ListedAt, folder.Problem, order.Folders.Length, order.Files.Length, entries);
    }

    /// <summary>Samples files from folders spread evenly over the source.</summary>
    public static (long Known, IReadOnlyList<FileSample> Samples) ReadSamples(ReadSession session, long sourceId, int folders, int filesOfEach)
    {
        var ids = new List<long>();
        using var all = session.Prepare("SELECT id FROM folders WHERE source_id = ?1 ORDER BY path");
        all.Bind(1, sourceId);
        while (all.Read())
        {
            ids.Add(all.Int64(0));
        }

        var samples = new List<FileSample>();
        var step = Math.Max(1, ids.Count / (folders * CandidatesPerSample));
        for (var i = 0; i < ids.Count && samples.Count < folders * CandidatesPerSample; i += step)
        {
            if (ReadSample(session, ids[i], filesOfEach) is { Files.Count: > 0 } sample)
            {
                samples.Add(sample);
            }
        }

        var every = Math.Max(1, (samples.Count + folders - 1) / folders);
        return (CountKnownFiles(session, sourceId), [.. samples.Where((_, i) => i % every == 0)]);
    }

    private static FolderEntry? ReadFolder(ReadSession session, AvailabilitySnapshot availability, StoredFolder parent, long id)
    {
        using var row = session.Prepare($"""
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
        var isMissing = folders == 0 && files > 0 && row.Int64(4) == 0;
        return new FolderEntry(
            parent.Path.Length == 0 ? path : path[(parent.Path.Length + 1)..], path, true, 0, folders + files, null,
            isMissing ? availability.GetEffectivePresence(parent.SourceId, Presence.Missing) : null, MediaType.Other, null, row.TextOrNull(1));
    }

    private static FolderEntry? ReadFile(ReadSession session, AvailabilitySnapshot availability, StoredFolder folder, long id)
    {
        using var row = session.Prepare("""
            SELECT f.name, f.size, f.modified_at, f.presence, f.media_type, coalesce(v.item_id, f.item_id)
            FROM files f LEFT JOIN media_versions v ON v.id = f.version_id WHERE f.id = ?1
            """);
        if (!row.Bind(1, id).Read())
        {
            return null;
        }

        var name = row.Text(0);
        return new FolderEntry(
            name, folder.Path.Length == 0 ? name : $"{folder.Path}/{name}", false, row.Int64(1), 0, ToTime(row.Int64(2)),
            availability.GetEffectivePresence(folder.SourceId, (Presence)row.Int32(3)), (MediaType)row.Int32(4), row.Int64OrNull(5), null);
    }

    private static FileSample? ReadSample(ReadSession session, long folderId, int max)
    {
        using var path = session.Prepare("SELECT path FROM folders WHERE id = ?1");
        if (!path.Bind(1, folderId).Read())
        {
            return null;
        }

        using var rows = session.Prepare($"SELECT name, size FROM files WHERE folder_id = ?1 AND presence <= {(int)Presence.Unknown} LIMIT ?2");
        rows.Bind(1, folderId).Bind(2, max);
        var files = new List<(string, long)>();
        while (rows.Read())
        {
            files.Add((rows.Text(0), rows.Int64(1)));
        }

        return new FileSample(path.Text(0), files);
    }

    private static long CountKnownFiles(ReadSession session, long sourceId)
    {
        using var row = session.Prepare($"SELECT coalesce(sum(files), 0) FROM file_counts WHERE source_id = ?1 AND presence <= {(int)Presence.Unknown}");
        return row.Bind(1, sourceId).Read() ? row.Int64(0) : 0;
    }

    private static DateTimeOffset? ToTime(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>A folder as stored in the catalogue.</summary>
    internal sealed record StoredFolder(long Id, long SourceId, string Path, DateTimeOffset? ListedAt, string? Problem);
}
