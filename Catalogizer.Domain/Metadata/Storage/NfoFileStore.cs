using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Metadata.Storage;

/// <summary>Finds NFO files among all known files.</summary>
internal sealed class NfoFileStore(SqliteFile file) : INfoFileStore
{
    private const string InFolderSql = "folders d JOIN files f ON f.folder_id = d.id JOIN media_versions v ON v.id = f.version_id JOIN media_items e ON e.id = v.item_id";

    // Paths below a folder are a contiguous range of the index, with a few others: "Lost (2004)" sorts between "Lost" and "Lost/".
    private const string IsBelowSql = "d.source_id = ?1 AND d.path >= ?2 AND d.path < ?3 AND (?2 = '' OR d.path = ?2 OR substr(d.path, 1, length(?2) + 1) = ?2 || '/')";

    public Task<IReadOnlyList<NfoFile>?> NextAsync(long after, int count, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            if (AvailabilitySnapshot.IsLoadingIn(session))
            {
                return null;
            }

            using var rows = session.Prepare($"""
                SELECT f.id, f.source_id, d.path, f.name, f.size, f.modified_at, v.item_id, e.external_id
                FROM files f JOIN folders d ON d.id = f.folder_id JOIN sources s ON s.id = f.source_id AND {SourceRows.IsActive("s")}
                LEFT JOIN media_versions v ON v.id = f.version_id
                LEFT JOIN external_metadata e ON e.item_id = v.item_id AND e.provider = '{NfoLayer.Name}'
                WHERE f.id > ?1 AND f.role = {(int)FileRole.Sidecar} AND f.presence = {(int)Presence.Present} AND f.name LIKE '%.nfo'
                  AND (lower(f.name) = 'tvshow.nfo' OR (v.item_id IS NULL AND lower(f.name) = 'movie.nfo') OR (v.item_id IS NOT NULL AND e.external_id IS NOT f.id || ':' || f.size || ':' || f.modified_at))
                ORDER BY f.id LIMIT ?2
                """);
            rows.Bind(1, after).Bind(2, (long)count);
            var nfoFiles = new List<NfoFile>();
            while (rows.Read())
            {
                nfoFiles.Add(new NfoFile(rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Text(3), rows.Int64(4), rows.Int64(5), rows.Int64OrNull(6), rows.TextOrNull(7)));
            }

            return (IReadOnlyList<NfoFile>?)nfoFiles;
        },
        cancellation);

    public Task<long?> FindSeriesAsync(long sourceId, string folder, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            using var row = session.Prepare($"""
                SELECT DISTINCT s.parent_id FROM {InFolderSql} JOIN media_items s ON s.id = e.parent_id
                WHERE {IsBelowSql} AND e.kind = {(int)MediaKind.Episode} AND s.kind = {(int)MediaKind.Season} LIMIT 2
                """);
            return ReadSingle(row, sourceId, folder);
        },
        cancellation);

    public Task<long?> FindFilmAsync(long sourceId, string folder, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            using var row = session.Prepare($"SELECT DISTINCT e.id FROM {InFolderSql} WHERE {IsBelowSql} AND f.role IN ({(int)FileRole.Media}, {(int)FileRole.FolderPart}) AND e.kind = {(int)MediaKind.Film} LIMIT 2");
            return ReadSingle(row, sourceId, folder);
        },
        cancellation);

    public Task<bool> IsPresentAsync(string stamp, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            using var row = session.Prepare($"SELECT 1 FROM files WHERE id = ?1 AND presence = {(int)Presence.Present}");
            return long.TryParse(stamp.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && row.Bind(1, id).Read();
        },
        cancellation);

    public Task<long> LastFileIdAsync(CancellationToken cancellation) => ReadAsync(
        session =>
        {
            using var row = session.Prepare("SELECT coalesce(max(id), 0) FROM files");
            return row.Read() ? row.Int64(0) : 0;
        },
        cancellation);

    /// <summary>The only result; null for several, because any choice would be a guess.</summary>
    private static long? ReadSingle(Statement row, long sourceId, string folder)
    {
        row.Bind(1, sourceId).Bind(2, folder).Bind(3, folder.Length == 0 ? "\U0010FFFF" : folder + "0");
        var one = row.Read() ? row.Int64OrNull(0) : null;
        return one is not null && !row.Read() ? one : null;
    }

    private Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file, 4 * 1024);
            return read(session);
        },
        cancellation);
}
