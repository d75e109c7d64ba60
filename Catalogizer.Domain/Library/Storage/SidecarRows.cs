using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads the sidecars and extras that belong to an item and to none of its versions.</summary>
internal static class SidecarRows
{
    private const int MaxFiles = 1000;

    public static List<SidecarFile> Read(ReadSession session, AvailabilitySnapshot availability, long itemId)
    {
        using var rows = session.Prepare($"""
            SELECT f.id, f.source_id, {FilePath.Sql} AS path, f.name, f.size, f.modified_at, f.presence
            FROM files f JOIN folders d ON d.id = f.folder_id JOIN sources s ON s.id = f.source_id AND {SourceRows.IsInCatalog("s")}
            WHERE f.item_id = ?1 ORDER BY s.standing, f.presence, f.source_id, path LIMIT {MaxFiles}
            """);
        rows.Bind(1, itemId);
        var files = new List<SidecarFile>();
        while (rows.Read())
        {
            var source = rows.Int64(1);
            files.Add(new SidecarFile(
                rows.Int64(0), source, availability.SourceNames.GetValueOrDefault(source, ""), rows.Text(2), GetKind(rows.Text(3)), rows.Int64(4),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(5)), availability.GetEffectivePresence(source, (Presence)rows.Int32(6))));
        }

        return files;
    }

    private static string GetKind(string name) => FileKinds.For(name).Kind switch
    {
        FileKind.Subtitle => "subtitle",
        FileKind.Image => "artwork",
        FileKind.Metadata or FileKind.Companion => "metadata",
        FileKind.Video => "video",
        FileKind.Audio => "sound",
        _ => "other",
    };
}
