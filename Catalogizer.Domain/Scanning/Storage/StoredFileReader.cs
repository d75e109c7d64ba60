using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Reads stored files with their versions and items, in batches ordered by folder id.</summary>
internal sealed class StoredFileReader : IStoredFileReader
{
    private const int MaxPaths = 500;

    private readonly SqliteConnection? _connection;
    private readonly Statement _selectNextFolder;
    private readonly Statement _selectFolder;
    private readonly Statement _selectFiles;
    private readonly Statement _selectVersion;
    private readonly Statement _selectItem;
    private readonly Statement _selectPaths;
    private readonly Statement _selectItems;
    private readonly Statement _selectDecided;
    private readonly Lazy<ItemMerges> _merges;
    private readonly Dictionary<long, StoredVersion?> _versions = [];
    private readonly Dictionary<long, StoredItem?> _items = [];

    /// <param name="ownsConnection">Whether to close the connection on disposal.</param>
    public StoredFileReader(SqliteConnection connection, bool ownsConnection)
    {
        _connection = ownsConnection ? connection : null;
        _merges = new Lazy<ItemMerges>(() => ItemMergeRows.Load(connection));
        _selectNextFolder = new Statement(connection, $"""
            SELECT d.id, d.source_id, d.path FROM folders d JOIN sources s ON s.id = d.source_id AND {SourceRows.IsInCatalog("s")}
            WHERE d.id > ?1 AND (?2 IS NULL OR d.source_id = ?2) ORDER BY d.id LIMIT 1
            """);
        _selectFolder = new Statement(connection, "SELECT id, source_id, path FROM folders WHERE id = ?1");
        _selectFiles = new Statement(connection, """
            SELECT id, name, size, modified_at, system_id, role, media_type, version_id FROM files
            WHERE folder_id = ?1 AND name > ?2 AND (?3 IS NULL OR name <= ?3) ORDER BY name
            """);
        _selectVersion = new Statement(connection, """
            SELECT identity, label, confidence, quality_from, resolution, video_codec, audio_codec, audio_channels, hdr, overall_score, size, item_id FROM media_versions WHERE id = ?1
            """);
        _selectItem = new Statement(connection, """
            SELECT i.kind, i.media_type, i.identity, i.parent_id, i.season, i.episode,
              CASE WHEN m.provider IS NOT NULL THEN m.name_title WHEN t.item_id IS NOT NULL THEN t.base_value ELSE i.title END,
              CASE WHEN m.provider IS NOT NULL THEN m.name_year WHEN y.item_id IS NOT NULL THEN CAST(y.base_value AS INTEGER) ELSE i.year END,
              m.provider IS NOT NULL,
              EXISTS (SELECT 1 FROM item_edits e WHERE e.item_id = i.id) OR coalesce(m.state IN ('Pinned', 'LeftAlone'), 0)
                OR EXISTS (SELECT 1 FROM work_joins j WHERE j.to_item = i.id)
            FROM media_items i LEFT JOIN media_matches m ON m.item_id = i.id
              LEFT JOIN item_edits t ON t.item_id = i.id AND t.field = 'title' LEFT JOIN item_edits y ON y.item_id = i.id AND y.field = 'year'
            WHERE i.id = ?1
            """);
        _selectPaths = new Statement(connection, $"""
            WITH RECURSIVE below(id) AS (SELECT ?1 UNION ALL SELECT p.id FROM below b JOIN media_items p ON p.parent_id = b.id)
            SELECT f.source_id, {FilePath.Sql} FROM below b JOIN media_versions v ON v.item_id = b.id JOIN files f ON f.version_id = v.id AND f.role <> 1 JOIN folders d ON d.id = f.folder_id
            ORDER BY f.first_seen_at, f.id LIMIT {MaxPaths}
            """);
        _selectItems = new Statement(connection, "SELECT id, identity FROM media_items WHERE identity_hash = ?1 ORDER BY id");
        _selectDecided = new Statement(connection, """
            SELECT CASE WHEN e.item_id IS NOT NULL THEN e.value WHEN m.item_id IS NOT NULL THEN i.year END, m.provider, m.external_id
            FROM media_items i LEFT JOIN item_edits e ON e.item_id = i.id AND e.field = 'year' LEFT JOIN media_matches m ON m.item_id = i.id AND m.state = 'Pinned'
            WHERE i.id = ?1
            """);
    }

    public ItemMerges Merges => _merges.Value;

    public StoredFileBatch? ReadNext(BatchPosition position, long? sourceId)
    {
        if (position.Folder > 0 && FindFolder(position.Folder) is { } same && ReadBatch(same, position.Name, null) is { } more)
        {
            return more;
        }

        for (var folder = position.Folder; _selectNextFolder.Bind(1, folder).Bind(2, sourceId).Read();)
        {
            var next = (Id: _selectNextFolder.Int64(0), Source: _selectNextFolder.Int64(1), Path: _selectNextFolder.Text(2));
            _selectNextFolder.Reset();
            if (ReadBatch(next, "", null) is { } fileBatch)
            {
                return fileBatch;
            }

            folder = next.Id;
        }

        return null;
    }

    /// <summary>The same batch in its current state; null when nothing of it is left.</summary>
    public StoredFileBatch? Reload(StoredFileBatch fileBatch) => FindFolder(fileBatch.FolderId) is { } folder && ReadBatch(folder, fileBatch.After, fileBatch.Files[^1].Name) is { } now ? now with { IsComplete = fileBatch.IsComplete } : null;

    public IEnumerable<(long SourceId, string Path)> FindPaths(long itemId)
    {
        var found = new List<(long, string)>();
        _selectPaths.Bind(1, itemId);
        while (_selectPaths.Read())
        {
            found.Add((_selectPaths.Int64(0), _selectPaths.Text(1)));
        }

        return found;
    }

    public long? FindItem(ItemNode node) => Find(node)?.Id;

    public bool HasItem(string identity) => ReadItems(identity).Exists(item => item.Identity == identity);

    public ItemMarks ReadDecidedMarks(long itemId)
    {
        var marks = default(ItemMarks);
        if (_selectDecided.Bind(1, itemId).Read())
        {
            var (year, provider, id) = (_selectDecided.TextOrNull(0), _selectDecided.TextOrNull(1), _selectDecided.TextOrNull(2));
            _selectDecided.Reset();
            var number = ParseNumber(id);
            marks = new ItemMarks(ParseNumber(year), provider is "imdb" or "omdb" ? id : null, provider == "tmdb" ? number : null, provider == "tvdb" ? number : null);
        }

        return marks;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)
            [_selectNextFolder, _selectFolder, _selectFiles, _selectVersion, _selectItem, _selectPaths, _selectItems, _selectDecided])
        {
            statement.Dispose();
        }

        _connection?.Dispose();
    }

    private static int? ParseNumber(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private (long Id, string Identity)? Find(ItemNode node)
    {
        var above = node.Parent is { } parent && !ItemIdentity.HasMarks(node.Kind) ? Find(parent) : null;
        var identity = above is { } known ? ItemMerges.RebaseIdentity(node.Identity, node.Parent!.Identity, known.Identity) : node.Identity;
        var items = ReadItems(identity);
        return ItemIdentity.Choose(identity, items.ConvertAll(item => item.Identity)) is { } chosen ? items[chosen] : null;
    }

    private List<(long Id, string Identity)> ReadItems(string identity)
    {
        var items = new List<(long, string)>();
        _selectItems.Bind(1, ItemIdentity.ComputeHash(identity));
        while (_selectItems.Read())
        {
            items.Add((_selectItems.Int64(0), _selectItems.Text(1)));
        }

        return items;
    }

    private (long Id, long Source, string Path)? FindFolder(long folder)
    {
        (long, long, string)? found = _selectFolder.Bind(1, folder).Read() ? (_selectFolder.Int64(0), _selectFolder.Int64(1), _selectFolder.Text(2)) : null;
        _selectFolder.Reset();
        return found;
    }

    private StoredFileBatch? ReadBatch((long Id, long Source, string Path) folder, string after, string? last)
    {
        _versions.Clear();
        _items.Clear();
        var files = new List<StoredFile>();
        var isComplete = after.Length == 0;
        _selectFiles.Bind(1, folder.Id).Bind(2, after).Bind(3, last);
        while (_selectFiles.Read())
        {
            var name = _selectFiles.Text(1);
            if (files.Count >= FolderComparer.MaxBatchFiles && FileRoles.GetOwnerStem(name) != FileRoles.GetOwnerStem(files[^1].Name))
            {
                isComplete = false;
                _selectFiles.Reset();
                break;
            }

            files.Add(new StoredFile(
                _selectFiles.Int64(0), name, _selectFiles.Int64(2), _selectFiles.Int64(3), _selectFiles.Int64OrNull(4), (FileRole)_selectFiles.Int32(5), (MediaType)_selectFiles.Int32(6),
                _selectFiles.Int64OrNull(7) is { } copy ? ReadVersion(copy) : null));
        }

        return files.Count == 0 ? null : new StoredFileBatch(folder.Id, folder.Source, folder.Path, after, isComplete, files);
    }

    private StoredVersion? ReadVersion(long id)
    {
        if (_versions.TryGetValue(id, out var known))
        {
            return known;
        }

        StoredVersion? copy = null;
        if (_selectVersion.Bind(1, id).Read())
        {
            var quality = (QualityOrigin)_selectVersion.Int32(3) == QualityOrigin.Name
                ? new QualityMetrics(_selectVersion.TextOrNull(4), _selectVersion.TextOrNull(5), _selectVersion.TextOrNull(6), _selectVersion.TextOrNull(7), _selectVersion.TextOrNull(8), _selectVersion.Int64(10), _selectVersion.Double(9))
                : null;
            var (identity, label, confidence, item) = (_selectVersion.TextOrNull(0), _selectVersion.TextOrNull(1), _selectVersion.Double(2), _selectVersion.Int64(11));
            _selectVersion.Reset();
            copy = ReadItem(item) is { } storedItem ? new StoredVersion(id, identity, label, confidence, quality, storedItem) : null;
        }

        return _versions[id] = copy;
    }

    private StoredItem? ReadItem(long id)
    {
        if (_items.TryGetValue(id, out var known))
        {
            return known;
        }

        StoredItem? storedItem = null;
        if (_selectItem.Bind(1, id).Read())
        {
            var parent = _selectItem.Int64OrNull(3);
            storedItem = new StoredItem(
                id, (MediaKind)_selectItem.Int32(0), (MediaType)_selectItem.Int32(1), _selectItem.Text(2), _selectItem.TextOrNull(6), _selectItem.Int32OrNull(7), _selectItem.Int32OrNull(4), _selectItem.Int32OrNull(5),
                _selectItem.Int32(8) == 1, _selectItem.Int32(9) == 1, null);
            _selectItem.Reset();
            storedItem = parent is { } above ? storedItem with { Parent = ReadItem(above) } : storedItem;
        }

        return _items[id] = storedItem;
    }
}
