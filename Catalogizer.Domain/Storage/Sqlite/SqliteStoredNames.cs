using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Reads stored files with their copies and works, slice by slice in the order of folders' ids.</summary>
internal sealed class SqliteStoredNames : IStoredNames
{
    private const int MostPaths = 500;

    private readonly SqliteConnection? _connection;
    private readonly Statement _folder;
    private readonly Statement _folderAt;
    private readonly Statement _files;
    private readonly Statement _copy;
    private readonly Statement _work;
    private readonly Statement _paths;
    private readonly Statement _find;
    private readonly Lazy<WorkJoins> _joins;
    private readonly Dictionary<long, StoredCopy?> _copies = [];
    private readonly Dictionary<long, StoredWork?> _works = [];

    /// <param name="owns">Closes the connection at its end.</param>
    public SqliteStoredNames(SqliteConnection connection, bool owns)
    {
        _connection = owns ? connection : null;
        _joins = new Lazy<WorkJoins>(() => JoinRows.Load(connection));
        _folder = new Statement(connection, $"""
            SELECT d.id, d.source_id, d.path FROM folders d JOIN sources s ON s.id = d.source_id AND {SourceRows.IsInCatalogue("s")}
            WHERE d.id > ?1 AND (?2 IS NULL OR d.source_id = ?2) ORDER BY d.id LIMIT 1
            """);
        _folderAt = new Statement(connection, "SELECT id, source_id, path FROM folders WHERE id = ?1");
        _files = new Statement(connection, """
            SELECT id, name, size, modified_at, system_id, role, media_type, version_id FROM files
            WHERE folder_id = ?1 AND name > ?2 AND (?3 IS NULL OR name <= ?3) ORDER BY name
            """);
        _copy = new Statement(connection, """
            SELECT identity, label, confidence, quality_from, resolution, video_codec, audio_codec, audio_channels, hdr, overall_score, size, item_id FROM media_versions WHERE id = ?1
            """);
        _work = new Statement(connection, """
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
        _paths = new Statement(connection, $"""
            WITH RECURSIVE below(id) AS (SELECT ?1 UNION ALL SELECT p.id FROM below b JOIN media_items p ON p.parent_id = b.id)
            SELECT f.source_id, {FilePath.Sql} FROM below b JOIN media_versions v ON v.item_id = b.id JOIN files f ON f.version_id = v.id AND f.role <> 1 JOIN folders d ON d.id = f.folder_id
            LIMIT {MostPaths}
            """);
        _find = new Statement(connection, "SELECT id FROM media_items WHERE identity_hash = ?1 AND identity = ?2");
    }

    public WorkJoins Joins => _joins.Value;

    public StoredSlice? Next(SlicePlace place, long? sourceId)
    {
        if (place.Folder > 0 && At(place.Folder) is { } same && Slice(same, place.Name, null) is { } more)
        {
            return more;
        }

        for (var folder = place.Folder; _folder.Bind(1, folder).Bind(2, sourceId).Read();)
        {
            var next = (Id: _folder.Int64(0), Source: _folder.Int64(1), Path: _folder.Text(2));
            _folder.Reset();
            if (Slice(next, "", null) is { } slice)
            {
                return slice;
            }

            folder = next.Id;
        }

        return null;
    }

    /// <summary>The same slice as it is now; null when nothing of it is left.</summary>
    public StoredSlice? Again(StoredSlice slice) => At(slice.FolderId) is { } folder && Slice(folder, slice.After, slice.Files[^1].Name) is { } now ? now with { IsWhole = slice.IsWhole } : null;

    public IEnumerable<(long SourceId, string Path)> PathsOf(long workId)
    {
        var found = new List<(long, string)>();
        _paths.Bind(1, workId);
        while (_paths.Read())
        {
            found.Add((_paths.Int64(0), _paths.Text(1)));
        }

        return found;
    }

    public long? Find(string identity)
    {
        var found = _find.Bind(1, TextNormalizer.ComputeHash(identity)).Bind(2, identity).Read() ? _find.Int64(0) : (long?)null;
        _find.Reset();
        return found;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_folder, _folderAt, _files, _copy, _work, _paths, _find])
        {
            statement.Dispose();
        }

        _connection?.Dispose();
    }

    private (long Id, long Source, string Path)? At(long folder)
    {
        (long, long, string)? found = _folderAt.Bind(1, folder).Read() ? (_folderAt.Int64(0), _folderAt.Int64(1), _folderAt.Text(2)) : null;
        _folderAt.Reset();
        return found;
    }

    private StoredSlice? Slice((long Id, long Source, string Path) folder, string after, string? last)
    {
        _copies.Clear();
        _works.Clear();
        var files = new List<StoredFile>();
        var isWhole = after.Length == 0;
        _files.Bind(1, folder.Id).Bind(2, after).Bind(3, last);
        while (_files.Read())
        {
            var name = _files.Text(1);
            if (files.Count >= CompareFolder.Slice && FileRoles.Stem(name) != FileRoles.Stem(files[^1].Name))
            {
                isWhole = false;
                _files.Reset();
                break;
            }

            files.Add(new StoredFile(
                _files.Int64(0), name, _files.Int64(2), _files.Int64(3), _files.Int64OrNull(4), (FileRole)_files.Int32(5), (MediaType)_files.Int32(6),
                _files.Int64OrNull(7) is { } copy ? Copy(copy) : null));
        }

        return files.Count == 0 ? null : new StoredSlice(folder.Id, folder.Source, folder.Path, after, isWhole, files);
    }

    private StoredCopy? Copy(long id)
    {
        if (_copies.TryGetValue(id, out var known))
        {
            return known;
        }

        StoredCopy? copy = null;
        if (_copy.Bind(1, id).Read())
        {
            var quality = (QualityOrigin)_copy.Int32(3) == QualityOrigin.Name
                ? new QualityMetrics(_copy.TextOrNull(4), _copy.TextOrNull(5), _copy.TextOrNull(6), _copy.TextOrNull(7), _copy.TextOrNull(8), _copy.Int64(10), _copy.Double(9))
                : null;
            var (identity, label, confidence, item) = (_copy.TextOrNull(0), _copy.TextOrNull(1), _copy.Double(2), _copy.Int64(11));
            _copy.Reset();
            copy = Work(item) is { } work ? new StoredCopy(id, identity, label, confidence, quality, work) : null;
        }

        return _copies[id] = copy;
    }

    private StoredWork? Work(long id)
    {
        if (_works.TryGetValue(id, out var known))
        {
            return known;
        }

        StoredWork? work = null;
        if (_work.Bind(1, id).Read())
        {
            var parent = _work.Int64OrNull(3);
            work = new StoredWork(
                id, (MediaKind)_work.Int32(0), (MediaType)_work.Int32(1), _work.Text(2), _work.TextOrNull(6), _work.Int32OrNull(7), _work.Int32OrNull(4), _work.Int32OrNull(5),
                _work.Int32(8) == 1, _work.Int32(9) == 1, null);
            _work.Reset();
            work = parent is { } above ? work with { Parent = Work(above) } : work;
        }

        return _works[id] = work;
    }
}
