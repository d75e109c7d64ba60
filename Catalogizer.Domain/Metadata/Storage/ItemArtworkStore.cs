using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Metadata.Storage;

/// <summary>Stores the artwork of items by layer and shows the highest one.</summary>
internal static class ArtworkRows
{
    /// <param name="address">Null when there is none, so that it is not searched for again.</param>
    public static void Save(SqliteConnection connection, long item, ArtworkOrigin layer, string? address, long? file, string? stamp, long now)
    {
        using (var row = new Statement(connection, """
            INSERT OR REPLACE INTO item_pictures (item_id, layer, address, file_id, stamp) SELECT id, ?2, ?3, ?4, ?5 FROM media_items WHERE id = ?1
            """))
        {
            row.Bind(1, item).Bind(2, (long)layer).Bind(3, address).Bind(4, file).Bind(5, stamp).Run();
        }

        UpdatePoster(connection, item, now);
    }

    public static void UpdatePoster(SqliteConnection connection, long item, long now)
    {
        const string best = "(SELECT address FROM item_pictures WHERE item_id = ?1 AND address IS NOT NULL ORDER BY layer DESC LIMIT 1)";
        using var update = new Statement(connection, $"UPDATE media_items SET poster = {best}, updated_at = ?2 WHERE id = ?1 AND poster IS NOT {best}");
        update.Bind(1, item).Bind(2, now).Run();
    }
}

/// <summary>Finds artwork in steps over files and versions, so that no read keeps the write-ahead log from being cleared.</summary>
internal sealed class ItemArtworkStore(SqliteFile file, WriterQueue writer, TimeProvider time) : IItemArtworkStore
{
    private const long Step = 5000;
    private const double MaxFrameSeconds = 300;

    public Task<IReadOnlyList<ArtworkFile>?> NextSidecarsAsync(long after, int count, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            if (AvailabilitySnapshot.IsLoadingIn(session))
            {
                return null;
            }

            using var rows = session.Prepare($"""
                SELECT f.id, f.source_id, d.path, f.name, f.size, f.modified_at, CASE m.kind WHEN {(int)MediaKind.Track} THEN m.parent_id ELSE m.id END, m.kind
                FROM files f JOIN folders d ON d.id = f.folder_id JOIN sources s ON s.id = f.source_id AND {SourceRows.IsActive("s")}
                LEFT JOIN media_versions v ON v.id = f.version_id
                LEFT JOIN media_items m ON m.id = v.item_id
                WHERE f.id > ?1 AND f.role = {(int)FileRole.Sidecar} AND f.presence = {(int)Presence.Present} AND f.size > 0
                  AND (f.name LIKE '%.jpg' OR f.name LIKE '%.jpeg' OR f.name LIKE '%.png' OR f.name LIKE '%.webp')
                  AND NOT EXISTS (SELECT 1 FROM item_pictures p WHERE p.file_id = f.id AND p.stamp = f.size || ':' || f.modified_at)
                ORDER BY f.id LIMIT ?2
                """);
            rows.Bind(1, after).Bind(2, (long)count);
            var found = new List<ArtworkFile>();
            while (rows.Read())
            {
                found.Add(new ArtworkFile(
                    rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Text(3), rows.Int64(4), rows.Int64(5), rows.Int64OrNull(6), rows.Int32OrNull(7) is { } kind ? (MediaKind)kind : null));
            }

            return (IReadOnlyList<ArtworkFile>?)found;
        },
        cancellation);

    public Task<long> LastFileIdAsync(CancellationToken cancellation) => ReadAsync(session => ReadNumber(session, "SELECT coalesce(max(id), 0) FROM files") ?? 0, cancellation);

    public Task<FolderItem?> ItemInAsync(long sourceId, string folder, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            var items = FindBelow(session, sourceId, folder, $"CASE WHEN m.kind = {(int)MediaKind.Track} THEN m.parent_id WHEN m.kind = {(int)MediaKind.Episode} THEN CASE p.kind WHEN {(int)MediaKind.Season} THEN p.parent_id ELSE p.id END ELSE m.id END");
            if (items is [{ } one])
            {
                var seasons = FindBelow(session, sourceId, folder, $"CASE WHEN p.kind = {(int)MediaKind.Season} THEN p.id END");
                return ReadFolderItem(session, one, seasons is [{ } season] ? season : null);
            }

            return items.Count > 1 && FindBelow(session, sourceId, folder, $"CASE WHEN m.kind = {(int)MediaKind.Track} THEN p.parent_id END") is [{ } artist] ? ReadFolderItem(session, artist, null) : null;
        },
        cancellation);

    public Task<long?> FindSeasonAsync(long series, int season, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            using var row = session.Prepare($"SELECT id FROM media_items WHERE parent_id = ?1 AND kind = {(int)MediaKind.Season} AND season = ?2");
            return row.Bind(1, series).Bind(2, (long)season).Read() ? row.Int64(0) : (long?)null;
        },
        cancellation);

    public Task<ArtworkBatch?> NextEmbeddedAsync(long before, long analyzedSince, int count, CancellationToken cancellation) => ReadAsync(
        session =>
        {
            if (AvailabilitySnapshot.IsLoadingIn(session))
            {
                return null;
            }

            before = Math.Min(before, (ReadNumber(session, "SELECT max(version_id) FROM version_analyses") ?? 0) + 1);
            using var rows = session.Prepare($"""
                WITH looked AS (
                  SELECT a.version_id, a.has_picture, a.contents, v.source_id, v.duration_seconds, m.kind,
                    CASE WHEN m.kind = {(int)MediaKind.Track} THEN m.parent_id WHEN m.kind = {(int)MediaKind.Episode} THEN CASE p.kind WHEN {(int)MediaKind.Season} THEN p.parent_id ELSE p.id END ELSE m.id END AS item
                  FROM version_analyses a JOIN media_versions v ON v.id = a.version_id AND v.presence = {(int)Presence.Present}
                  JOIN sources s ON s.id = v.source_id AND {SourceRows.IsReadable("s")}
                  JOIN media_items m ON m.id = v.item_id LEFT JOIN media_items p ON p.id = m.parent_id
                  WHERE a.version_id < ?1 AND a.version_id >= ?2 AND a.at >= ?3 AND a.error IS NULL AND a.look = {AnalysisState.CurrentRevision}
                    AND (a.has_picture = 1 OR (a.width IS NOT NULL AND m.kind IN ({(int)MediaKind.Film}, {(int)MediaKind.Episode}))))
                SELECT l.version_id, l.item, l.source_id, {FilePath.Sql}, l.has_picture, l.contents, l.duration_seconds
                FROM looked l
                JOIN files f ON f.id = {MainFile.IdSql("l.version_id")}
                JOIN folders d ON d.id = f.folder_id
                WHERE CASE WHEN l.has_picture = 1
                  THEN NOT EXISTS (SELECT 1 FROM item_pictures o WHERE o.item_id = l.item AND o.layer = {(int)ArtworkOrigin.Within})
                  ELSE NOT EXISTS (SELECT 1 FROM item_pictures o WHERE o.item_id = l.item AND (o.address IS NOT NULL OR o.layer = {(int)ArtworkOrigin.Frame})) END
                ORDER BY l.version_id DESC LIMIT ?4
                """);
            rows.Bind(1, before).Bind(2, before - Step).Bind(3, analyzedSince).Bind(4, (long)count);
            var (found, last) = (new List<ArtworkCandidate>(), 0L);
            while (rows.Read())
            {
                last = rows.Int64(0);
                var isEmbedded = rows.Int32(4) == 1;
                var cover = rows.TextOrNull(5) is { } contents ? JsonSerializer.Deserialize<FileContents>(contents)?.Cover : null;
                found.Add(new ArtworkCandidate(rows.Int64(1), rows.Int64(2), rows.Text(3), cover, isEmbedded ? null : Math.Min(MaxFrameSeconds, (rows.DoubleOrNull(6) ?? 0) / 10)));
            }

            return new ArtworkBatch(found, found.Count == count ? last : Math.Max(0, before - Step));
        },
        cancellation);

    public Task SaveAsync(ItemArtwork artwork, CancellationToken cancellation) => writer.RunAsync(
        connection => ArtworkRows.Save(connection, artwork.ItemId, artwork.Layer, artwork.Address, artwork.FileId, artwork.Stamp, time.GetUtcNow().ToUnixTimeMilliseconds()),
        durable: false,
        cancellation);

    public async Task RemoveAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellation)
    {
        foreach (var chunk in addresses.Chunk(500))
        {
            await writer.RunAsync(connection => RemoveAddresses(connection, chunk), durable: false, cancellation);
        }
    }

    private void RemoveAddresses(SqliteConnection connection, IEnumerable<string> addresses)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var shown = new Statement(connection, "SELECT item_id FROM item_pictures WHERE address = ?1");
        using var record = new Statement(connection, $"UPDATE external_metadata SET expires_at = 0 WHERE item_id = ?1 AND provider NOT IN ({EmbeddedMetadata.LayerNamesSql})");
        using var gone = new Statement(connection, "DELETE FROM item_pictures WHERE item_id = ?1 AND address = ?2");
        foreach (var address in addresses)
        {
            var items = new List<long>();
            shown.Bind(1, address);
            while (shown.Read())
            {
                items.Add(shown.Int64(0));
            }

            shown.Reset();
            foreach (var item in items)
            {
                record.Bind(1, item).Run();
                gone.Bind(1, item).Bind(2, address).Run();
                ArtworkRows.UpdatePoster(connection, item, now);
            }
        }
    }

    private static FolderItem? ReadFolderItem(ReadSession session, long item, long? season)
    {
        using var row = session.Prepare("SELECT kind FROM media_items WHERE id = ?1");
        return row.Bind(1, item).Read() ? new FolderItem(item, (MediaKind)row.Int32(0), season) : null;
    }

    /// <summary>The items, as selected by <paramref name="what"/>, of files in a folder or below it: none, one, or two for several.</summary>
    private static List<long?> FindBelow(ReadSession session, long sourceId, string folder, string what)
    {
        // Paths below a folder are a contiguous range of the index, with a few others: "Lost (2004)" sorts between "Lost" and "Lost/".
        using var rows = session.Prepare($"""
            SELECT DISTINCT {what} FROM folders d JOIN files f ON f.folder_id = d.id JOIN media_versions v ON v.id = f.version_id
            JOIN media_items m ON m.id = v.item_id LEFT JOIN media_items p ON p.id = m.parent_id
            WHERE d.source_id = ?1 AND d.path >= ?2 AND d.path < ?3 AND (?2 = '' OR d.path = ?2 OR substr(d.path, 1, length(?2) + 1) = ?2 || '/') AND f.role IN ({(int)FileRole.Media}, {(int)FileRole.FolderPart}) LIMIT 2
            """);
        rows.Bind(1, sourceId).Bind(2, folder).Bind(3, folder.Length == 0 ? "\U0010FFFF" : folder + "0");
        var found = new List<long?>();
        while (rows.Read())
        {
            found.Add(rows.Int64OrNull(0));
        }

        return found;
    }

    private static long? ReadNumber(ReadSession session, string sql)
    {
        using var row = session.Prepare(sql);
        return row.Read() ? row.Int64OrNull(0) : null;
    }

    private Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file, 4 * 1024);
            return read(session);
        },
        cancellation);
}
