using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads the versions of an item with their files: available ones before the others, and the best ones first.</summary>
internal static class VersionRows
{
    public static List<MediaVersion> Read(ReadSession session, AvailabilitySnapshot availability, long itemId)
    {
        using var rows = session.Prepare($"""
            SELECT v.id, source_id, presence, resolution, video_codec, bitrate, audio_codec, audio_channels, hdr, duration_seconds, overall_score, quality_from, label, size, confidence, has_stream_bitrate
            FROM media_versions v JOIN sources s ON s.id = v.source_id AND {SourceRows.IsInCatalog("s")}
            WHERE item_id = ?1 ORDER BY s.standing, {VersionRanking.OrderBySql("overall_score", "resolution", "video_codec")}, bitrate DESC, size DESC, v.id LIMIT 1000
            """);
        rows.Bind(1, itemId);
        using var files = session.Prepare($"""
            SELECT f.id, {FilePath.Sql} AS path, f.size, f.modified_at, f.first_seen_at, f.presence, f.role, f.fingerprint
            FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.version_id = ?1 ORDER BY f.role = 1, {MainFile.OrderSql("f")}, path LIMIT 1000
            """);
        var versions = new List<MediaVersion>();
        while (rows.Read())
        {
            versions.Add(ReadVersion(rows, files, availability));
        }

        var isAvailable = versions.Exists(v => v.Presence == Presence.Present);
        return [.. versions.OrderBy(v => v.Presence).Select(v => v.Presence == Presence.Unknown ? v with { Absence = availability.CreateAbsence([v.SourceId], isAvailable) } : v)];
    }

    private static MediaVersion ReadVersion(Statement row, Statement fileRows, AvailabilitySnapshot availability)
    {
        var (id, source) = (row.Int64(0), row.Int64(1));
        var files = new List<MediaFile>();
        byte[]? fingerprint = null;
        fileRows.Bind(1, id);
        while (fileRows.Read())
        {
            fingerprint ??= fileRows.BytesOrNull(7);
            files.Add(new MediaFile(
                fileRows.Int64(0), fileRows.Text(1), fileRows.Int64(2), DateTimeOffset.FromUnixTimeMilliseconds(fileRows.Int64(3)),
                DateTimeOffset.FromUnixTimeMilliseconds(fileRows.Int64(4)), availability.GetEffectivePresence(source, (Presence)fileRows.Int32(5)), fileRows.Int32(6) == 1));
        }

        return new MediaVersion(
            id, source, availability.SourceNames.GetValueOrDefault(source, ""),
            files.Count > 0 ? files[0].Path : "", row.Int64(13), files.Count > 0 ? files[0].ModifiedAt : default,
            availability.GetEffectivePresence(source, (Presence)row.Int32(2)),
            row.TextOrNull(3), row.TextOrNull(4), row.Int64OrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8), row.DoubleOrNull(9), row.Double(10),
            ((QualityOrigin)row.Int32(11)).ToString().ToLowerInvariant(), fingerprint is null ? null : Convert.ToHexStringLower(fingerprint), row.TextOrNull(12), row.Double(14), files)
        {
            BitrateIsEstimate = !row.IsNull(5) && row.Int32(15) == 0,
        };
    }
}
