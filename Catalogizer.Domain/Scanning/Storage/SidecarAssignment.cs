using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Gives sidecars and extras their owners at the end of a scan or redetection, when all folders are known.</summary>
internal sealed class SidecarAssignment(SqliteFile file, ScanStore scans)
{
    private const int FoldersPerWrite = 20;

    /// <param name="sourceId">Null for all sources.</param>
    /// <param name="changedFolders">Folders with new files, and whether they were known before; null to look at all sidecars without an owner.</param>
    /// <param name="resumedSince">When the scan that this one resumes started, in Unix milliseconds: its changed folders are found by their files. Otherwise null.</param>
    /// <returns>How many sidecars got another owner.</returns>
    public async Task<int> AssignAsync(long? sourceId, IReadOnlyDictionary<string, bool>? changedFolders, long? resumedSince, CancellationToken cancellation)
    {
        if (changedFolders is { Count: 0 })
        {
            return 0;
        }

        return await WriteAsync(await Task.Run(() => FindFolders(sourceId, changedFolders, resumedSince), cancellation), cancellation);
    }

    /// <summary>Compares all sidecars in these folders and in those for extras in them, because versions there changed their items.</summary>
    public async Task<int> AssignAsync(IReadOnlyCollection<long> folders, CancellationToken cancellation)
    {
        var found = await Task.Run(
            () =>
            {
                using var connection = file.OpenConnection(readOnly: true);
                return folders.SelectMany(folder => FindAtAndBelow(connection, folder)).ToList();
            },
            cancellation);
        return await WriteAsync(found, cancellation);
    }

    private async Task<int> WriteAsync(List<SidecarFolder> folders, CancellationToken cancellation)
    {
        var assigned = 0;
        var distinct = folders.OrderByDescending(f => f.IsChanged).DistinctBy(f => f.FolderId).OrderBy(f => f.SourceId).ThenBy(f => f.Path, StringComparer.Ordinal);
        foreach (var chunk in distinct.Chunk(FoldersPerWrite))
        {
            assigned += await scans.WriteAsync(
                (connection, _) =>
                {
                    using var rows = new SidecarOwnerRows(connection);
                    return rows.Assign(chunk);
                },
                cancellation);
        }

        return assigned;
    }

    private List<SidecarFolder> FindFolders(long? sourceId, IReadOnlyDictionary<string, bool>? changedFolders, long? resumedSince)
    {
        using var connection = file.OpenConnection(readOnly: true);
        var folders = SidecarOwnerRows.FindUnowned(connection, sourceId);
        if (changedFolders is null || sourceId is not { } source)
        {
            return sourceId is { } resumed && resumedSince is { } since ? [.. folders, .. FindChangedSince(connection, resumed, since).SelectMany(f => FindAtAndBelow(connection, f))] : folders;
        }

        var changes = new ChangedMediaFolders(changedFolders.Keys);
        folders = folders.FindAll(f => changes.MayOwn(f.Path));
        using var row = new Statement(connection, "SELECT id FROM folders WHERE source_id = ?1 AND path = ?2");
        foreach (var (path, _) in changedFolders.Where(c => c.Value))
        {
            var id = row.Bind(1, source).Bind(2, path).Read() ? row.Int64(0) : 0;
            row.Reset();
            folders.AddRange(FindAtAndBelow(connection, id));
        }

        return folders;
    }

    /// <summary>Folders that were known before and got media files since.</summary>
    private static List<long> FindChangedSince(SqliteConnection connection, long source, long since)
    {
        using var rows = new Statement(connection, $"""
            SELECT DISTINCT f.folder_id FROM files f WHERE f.source_id = ?1 AND f.role IN ({(int)FileRole.Media}, {(int)FileRole.FolderPart})
              AND (f.first_seen_at >= ?2 OR f.id IN (SELECT file_id FROM file_events WHERE kind = {(int)FileEventKind.Moved} AND at >= ?2))
              AND EXISTS (SELECT 1 FROM files o WHERE o.folder_id = f.folder_id AND o.first_seen_at < ?2)
            """);
        rows.Bind(1, source).Bind(2, since);
        var found = new List<long>();
        while (rows.Read())
        {
            found.Add(rows.Int64(0));
        }

        return found;
    }

    /// <summary>A folder whose versions changed, and the folders for extras in it: another version may change what belongs to whom.</summary>
    private static List<SidecarFolder> FindAtAndBelow(SqliteConnection connection, long folder)
    {
        using var rows = new Statement(connection, "SELECT source_id, id, path FROM folders WHERE id = ?1 OR parent_id = ?1");
        rows.Bind(1, folder);
        var found = new List<SidecarFolder>();
        while (rows.Read())
        {
            var near = new SidecarFolder(rows.Int64(0), rows.Int64(1), rows.Text(2), true);
            if (near.FolderId == folder || FolderOwners.IsSidecarFolder(near.Path[(near.Path.LastIndexOf('/') + 1)..]))
            {
                found.Add(near);
            }
        }

        return found;
    }
}
