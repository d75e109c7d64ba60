using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>
/// The content of a catalogue without the ids and times that differ between runs: two catalogues with the same history have equal
/// snapshots. Rows from a catalogue with which both started are named by what they were then, so that a lost identity shows.
/// </summary>
internal static class CatalogSnapshot
{
    /// <summary>The name of each file, version and item of a catalogue, by its id.</summary>
    public static Dictionary<string, string> ReadNames(TestCatalog catalog) => catalog.QueryRows("""
        SELECT 'f' || f.id, d.path || '/' || f.name FROM files f JOIN folders d ON d.id = f.folder_id
        UNION ALL SELECT 'v' || id, item_id || coalesce(identity, '') || coalesce(label, '') FROM media_versions
        UNION ALL SELECT 'i' || id, identity FROM media_items
        """).Select(r => r.Split('|', 2)).ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);

    /// <param name="before">The names in the catalogue with which this one started; null when it started empty.</param>
    public static List<string> Capture(TestCatalog catalog, Dictionary<string, string>? before)
    {
        var lines = new List<string>();
        foreach (var row in catalog.QueryRows("""
            SELECT 'f' || f.id, 'v' || coalesce(v.id, 0), 'file', d.path || '/' || f.name, f.size, f.presence, f.role, f.media_type, f.modified_at,
              substr(v.identity, instr(v.identity, '/') + 1), v.label, v.resolution, v.video_codec, v.audio_codec, v.overall_score, v.size, v.presence, v.confidence, i.identity
            FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN media_versions v ON v.id = f.version_id LEFT JOIN media_items i ON i.id = coalesce(v.item_id, f.item_id)
            UNION ALL SELECT 'i' || i.id, '', 'item', i.identity, i.kind, i.media_type, i.is_work, i.title, i.sort_title, i.year, i.season, i.episode, i.episode_to,
              (SELECT identity FROM media_items p WHERE p.id = i.parent_id), (SELECT pattern FROM holdings h WHERE h.id = i.holding_id), i.version_count, i.part_count, i.best_score, ''
            FROM media_items i
            """))
        {
            var parts = row.Split('|', 3);
            lines.Add($"{parts[2]}|{NameBefore(before, parts[0])}|{NameBefore(before, parts[1])}");
        }

        lines.AddRange(catalog.QueryRows("SELECT 'folder', path, coalesce(error, '') FROM folders"));
        lines.AddRange(catalog.QueryRows("""
            SELECT 'event', d.path || '/' || f.name, e.kind, e.detail FROM file_events e JOIN files f ON f.id = e.file_id JOIN folders d ON d.id = f.folder_id
            """));
        lines.AddRange(catalog.QueryRows("SELECT 'source', name, availability FROM sources"));
        lines.AddRange(catalog.QueryRows("SELECT 'loss', count(*) FROM scan_losses"));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The first few lines that only one of two snapshots has; empty when they are equal.</summary>
    public static string FindDifferences(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var missing = expected.Except(actual).Take(5).Select(l => $"  - {l}");
        var added = actual.Except(expected).Take(5).Select(l => $"  + {l}");
        var differences = string.Join('\n', missing.Concat(added));
        return differences.Length > 0 || expected.Count == actual.Count ? differences : $"  {expected.Count} lines, and {actual.Count}";
    }

    private static string NameBefore(Dictionary<string, string>? before, string number) => before?.GetValueOrDefault(number) ?? "";
}
