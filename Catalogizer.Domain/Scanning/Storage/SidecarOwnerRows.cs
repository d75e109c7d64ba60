using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>A folder with sidecars to assign.</summary>
/// <param name="IsChanged">Whether its media files changed, so that sidecars with an owner are compared again.</param>
internal readonly record struct SidecarFolder(long SourceId, long FolderId, string Path, bool IsChanged);

/// <summary>
/// Assigns sidecars and extras to versions and items by all that the catalogue knows, also of folders near: nothing depends on the order in
/// which folders were listed. A second run changes nothing.
/// </summary>
internal sealed class SidecarOwnerRows(SqliteConnection connection) : IDisposable
{
    /// <summary>A folder with more media files than this has no owner, and neither have its sidecars beyond those found when they were listed.</summary>
    private const int MaxFiles = 10_000;

    private const int MaxSteps = 6;

    /// <summary>A folder with more folders below it is a shelf.</summary>
    private const int MaxFoldersBelow = 1000;

    private readonly StatementCache _statements = new(connection);
    private readonly Dictionary<(long Source, string Path), FolderOwners?> _owners = [];
    private readonly Dictionary<long, OwnerItem?> _items = [];

    /// <summary>The folders with sidecars that have no owner yet, by path.</summary>
    public static List<SidecarFolder> FindUnowned(SqliteConnection connection, long? sourceId)
    {
        using var rows = new Statement(connection, $"""
            SELECT d.source_id, d.id, d.path FROM (SELECT DISTINCT source_id, folder_id FROM files WHERE {LibraryModel.UnownedSidecarsSql} AND (?1 IS NULL OR source_id = ?1)) f
            JOIN folders d ON d.id = f.folder_id ORDER BY d.source_id, d.path
            """);
        rows.Bind(1, sourceId);
        var folders = new List<SidecarFolder>();
        while (rows.Read())
        {
            folders.Add(new SidecarFolder(rows.Int64(0), rows.Int64(1), rows.Text(2), false));
        }

        return folders;
    }

    /// <summary>Returns how many sidecars got another owner.</summary>
    public int Assign(IEnumerable<SidecarFolder> folders)
    {
        var assigned = 0;
        foreach (var folder in folders)
        {
            var sidecars = ReadSidecars(folder);
            if (sidecars.Count == 0 || FindOwners(folder) is not ({ } owners, var byFolder, var isBelow))
            {
                continue;
            }

            foreach (var (file, name, current) in sidecars)
            {
                if (owners.Find(name, byFolder, isBelow) is { } owner && owner != current)
                {
                    Prepare("UPDATE files SET version_id = ?2, item_id = ?3 WHERE id = ?1").Bind(1, file).Bind(2, owner.VersionId).Bind(3, owner.ItemId).Run();
                    assigned++;
                }
            }
        }

        return assigned;
    }

    public void Dispose() => _statements.Dispose();

    private List<(long File, string Name, SidecarOwner Current)> ReadSidecars(SidecarFolder folder)
    {
        var rows = Prepare($"SELECT id, name, version_id, item_id FROM files WHERE folder_id = ?1 AND {(folder.IsChanged ? "role = 1" : LibraryModel.UnownedSidecarsSql)}").Bind(1, folder.FolderId);
        var found = new List<(long, string, SidecarOwner)>();
        while (rows.Read())
        {
            found.Add((rows.Int64(0), rows.Text(1), new SidecarOwner(rows.Int64OrNull(2), rows.Int64OrNull(3))));
        }

        return found;
    }

    /// <summary>The owners in the nearest folder at or above the sidecar's that has media files in or below it.</summary>
    private (FolderOwners Owners, bool ByFolder, bool IsBelow)? FindOwners(SidecarFolder folder)
    {
        var (path, child) = (DiscFolder.Find(folder.Path)?.Path ?? folder.Path, (string?)null);
        for (var step = 0; step < MaxSteps; step++)
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (GetOwners(folder.SourceId, path, name) is { } owners)
            {
                return (owners, child is null || (FolderOwners.IsSidecarFolder(child) ? !IsShelf(name) : owners.IsNamedForItem), child is not null);
            }

            if (path.Length == 0 || (step > 0 && IsShelf(name)))
            {
                return null;
            }

            (path, child) = (path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "", name);
        }

        return null;
    }

    /// <summary>Whether a folder holds the folders of many items, so that none of them owns what lies in it.</summary>
    private static bool IsShelf(string name) => name.Length == 0 || (LibraryFolders.IsLibraryFolder(name, out _) && !FolderOwners.IsSidecarFolder(name));

    private FolderOwners? GetOwners(long source, string path, string name)
    {
        if (_owners.TryGetValue((source, path), out var known))
        {
            return known;
        }

        var files = ReadFiles($"""
            SELECT f.name, v.id, v.item_id FROM folders d JOIN files f ON f.folder_id = d.id JOIN media_versions v ON v.id = f.version_id
            WHERE d.source_id = ?1 AND d.path = ?2 AND f.role IN ({(int)FileRole.Media}, {(int)FileRole.FolderPart}) LIMIT ?3
            """, source, path);
        var areBelow = files.Count == 0;
        if (areBelow && !IsShelf(name) && !HasManyBelow(source, path))
        {
            // The first and the last file of each folder show whether all are of one item.
            files = ReadFiles($"""
                SELECT f.name, v.id, v.item_id
                FROM (SELECT id, source_id, path FROM folders WHERE source_id = ?1 AND path > ?2 || '/' AND path < ?2 || '0' LIMIT {MaxFoldersBelow}) d
                JOIN files f ON f.id IN ({EdgeSql("ASC")}, {EdgeSql("DESC")}) JOIN media_versions v ON v.id = f.version_id LIMIT ?3
                """, source, path);
        }

        return _owners[(source, path)] = files.Count == 0 ? null : new FolderOwners(name, files.Count > MaxFiles ? [] : files, areBelow);
    }

    private bool HasManyBelow(long source, string path)
    {
        var row = Prepare($"SELECT count(*) FROM (SELECT 1 FROM folders WHERE source_id = ?1 AND path > ?2 || '/' AND path < ?2 || '0' LIMIT {MaxFoldersBelow + 1})").Bind(1, source).Bind(2, path);
        var isMany = row.Read() && row.Int64(0) > MaxFoldersBelow;
        row.Reset();
        return isMany;
    }

    private static string EdgeSql(string order) =>
        $"(SELECT n.id FROM files n WHERE n.folder_id = d.id AND n.role IN ({(int)FileRole.Media}, {(int)FileRole.FolderPart}) AND n.version_id IS NOT NULL ORDER BY n.name {order} LIMIT 1)";

    private List<OwnerFile> ReadFiles(string sql, long source, string path)
    {
        var rows = Prepare(sql).Bind(1, source).Bind(2, path).Bind(3, MaxFiles + 1L);
        var found = new List<(string Name, long Version, long Item)>();
        while (rows.Read())
        {
            found.Add((rows.Text(0), rows.Int64(1), rows.Int64(2)));
        }

        var files = new List<OwnerFile>(found.Count);
        foreach (var (name, version, item) in found)
        {
            if (ReadItem(item) is { } owner)
            {
                files.Add(new OwnerFile(FileRoles.GetOwnerStem(name), version, owner));
            }
        }

        return files;
    }

    private OwnerItem? ReadItem(long id)
    {
        if (_items.TryGetValue(id, out var known))
        {
            return known;
        }

        OwnerItem? item = null;
        var row = Prepare("SELECT kind, identity, year, parent_id FROM media_items WHERE id = ?1").Bind(1, id);
        if (row.Read())
        {
            var (kind, identity, year, parent) = ((MediaKind)row.Int32(0), row.Text(1), row.Int32OrNull(2), row.Int64OrNull(3));
            row.Reset();
            item = new OwnerItem(id, kind, identity, year, parent is { } above ? ReadItem(above) : null);
        }

        return _items[id] = item;
    }

    private Statement Prepare(string sql) => _statements.Get(sql);
}
