using Catalogizer.Domain.Scanning.Storage;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>
/// The part of the schema that is specific to SQLite: the full-text tables, the facet counters and the triggers that update them.
/// <para>
/// A row is <i>followed</i> when its id is at or below its table's mark in <c>catalogue_marks</c>; triggers act only on followed rows.
/// Normally the marks are at the maximum and every row is followed at once. During the bulk load of a first scan they stay behind, and
/// <see cref="DeferredIndexes"/> moves them up in steps, which costs a fraction of a trigger per row. A mark moves in the same transaction
/// as the index and counter rows it covers, so a crash loses nothing.
/// </para>
/// </summary>
internal static class CatalogSchema
{
    /// <summary>The mark when every row is followed at once.</summary>
    public const long Everything = long.MaxValue;

    /// <summary>The facets of items and versions, as stored in <c>facet_counts</c>.</summary>
    public static class Facet
    {
        public const int ItemType = 0;
        public const int ItemYear = 1;
        public const int ItemResolution = 2;
        public const int ItemCodec = 3;
        public const int ItemPresenceSet = 4;
        public const int VersionResolution = 5;
        public const int VersionCodec = 6;
        public const int ItemCell = 7;
    }

    public const string Create = """
        CREATE TABLE catalogue_marks (one INTEGER PRIMARY KEY CHECK (one = 1), items INTEGER NOT NULL, files INTEGER NOT NULL, versions INTEGER NOT NULL);
        INSERT INTO catalogue_marks VALUES (1, 9223372036854775807, 9223372036854775807, 9223372036854775807);
        CREATE TABLE late_indexes (name TEXT PRIMARY KEY, sql TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE facet_counts (facet INTEGER NOT NULL, value, n INTEGER NOT NULL, PRIMARY KEY (facet, value)) WITHOUT ROWID;
        CREATE TABLE file_counts (source_id INTEGER NOT NULL, presence INTEGER NOT NULL, files INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (source_id, presence)) WITHOUT ROWID;

        CREATE VIRTUAL TABLE media_search USING fts5(title, description, content='media_items', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
        CREATE VIRTUAL TABLE media_titles USING fts5(title, content='media_items', content_rowid='id', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
        """;

    /// <summary>Drops what <see cref="Create"/> created; the triggers are dropped with their tables.</summary>
    public const string Drop = """
        DROP TABLE media_titles;
        DROP TABLE media_search;
        DROP TABLE file_counts;
        DROP TABLE facet_counts;
        DROP TABLE late_indexes;
        DROP TABLE catalogue_marks;
        """;

    public static string Triggers => $"""
        CREATE TRIGGER media_items_added AFTER INSERT ON media_items WHEN new.id <= (SELECT items FROM catalogue_marks) BEGIN
          INSERT INTO media_search(rowid, title, description) VALUES (new.id, new.title, new.description);
          INSERT INTO media_titles(rowid, title) VALUES (new.id, new.title);
          {CountItem("new", 1)}
        END;
        CREATE TRIGGER media_items_removed AFTER DELETE ON media_items WHEN old.id <= (SELECT items FROM catalogue_marks) BEGIN
          INSERT INTO media_search(media_search, rowid, title, description) VALUES ('delete', old.id, old.title, old.description);
          INSERT INTO media_titles(media_titles, rowid, title) VALUES ('delete', old.id, old.title);
          {CountItem("old", -1)}
        END;
        CREATE TRIGGER media_items_renamed AFTER UPDATE OF title, description ON media_items
          WHEN old.id <= (SELECT items FROM catalogue_marks) AND (old.title IS NOT new.title OR old.description IS NOT new.description) BEGIN
          INSERT INTO media_search(media_search, rowid, title, description) VALUES ('delete', old.id, old.title, old.description);
          INSERT INTO media_search(rowid, title, description) VALUES (new.id, new.title, new.description);
          INSERT INTO media_titles(media_titles, rowid, title) VALUES ('delete', old.id, old.title);
          INSERT INTO media_titles(rowid, title) VALUES (new.id, new.title);
        END;
        CREATE TRIGGER media_items_counted AFTER UPDATE OF media_type, year, best_resolution, best_codec, holding_id ON media_items
          WHEN old.is_work = 1 AND old.id <= (SELECT items FROM catalogue_marks)
           AND (old.media_type, old.year, old.best_resolution, old.best_codec, old.holding_id) IS NOT (new.media_type, new.year, new.best_resolution, new.best_codec, new.holding_id) BEGIN
          {CountItem("old", -1)}
          {CountItem("new", 1)}
        END;

        {VersionTriggers}

        CREATE TRIGGER files_added AFTER INSERT ON files WHEN new.id <= (SELECT files FROM catalogue_marks) BEGIN
          {CountFile("new", 1)}
        END;
        CREATE TRIGGER files_removed AFTER DELETE ON files WHEN old.id <= (SELECT files FROM catalogue_marks) BEGIN
          {CountFile("old", -1)}
        END;
        CREATE TRIGGER files_counted AFTER UPDATE OF source_id, presence, size ON files
          WHEN old.id <= (SELECT files FROM catalogue_marks) AND (old.source_id, old.presence, old.size) IS NOT (new.source_id, new.presence, new.size) BEGIN
          {CountFile("old", -1)}
          {CountFile("new", 1)}
        END;
        """;

    private static string VersionTriggers => $"""
        CREATE TRIGGER media_versions_added AFTER INSERT ON media_versions WHEN new.id <= (SELECT versions FROM catalogue_marks) BEGIN
          {CountVersion("new", 1)}
        END;
        CREATE TRIGGER media_versions_removed AFTER DELETE ON media_versions WHEN old.id <= (SELECT versions FROM catalogue_marks) BEGIN
          {CountVersion("old", -1)}
        END;
        CREATE TRIGGER media_versions_counted AFTER UPDATE OF source_id, resolution, video_codec ON media_versions
          WHEN old.id <= (SELECT versions FROM catalogue_marks) AND (old.source_id, old.resolution, old.video_codec) IS NOT (new.source_id, new.resolution, new.video_codec) BEGIN
          {CountVersion("old", -1)}
          {CountVersion("new", 1)}
        END;
        """;

    /// <summary>The item facets and the column that each counts; the last one counts items with equal values in all of them.</summary>
    public static IReadOnlyList<(int Facet, string Column)> ItemFacets { get; } =
    [
        (Facet.ItemType, "media_type"),
        (Facet.ItemYear, "year"),
        (Facet.ItemResolution, "best_resolution"),
        (Facet.ItemCodec, "best_codec"),
        (Facet.ItemPresenceSet, "holding_id"),
        (Facet.ItemCell, FormatCell("")),
    ];

    /// <summary>The version facets and the column that each counts, by source: "3|1080p". A version without a value counts under "3|".</summary>
    public static IReadOnlyList<(int Facet, string Column)> VersionFacets { get; } =
    [
        (Facet.VersionResolution, PrefixWithSource("", "resolution")),
        (Facet.VersionCodec, PrefixWithSource("", "video_codec")),
    ];

    /// <summary>The sidecars of a deleted item have no owner until the next scan finds one.</summary>
    public const string ReleaseSidecars = """
        CREATE TRIGGER media_items_left AFTER DELETE ON media_items BEGIN
          UPDATE files SET item_id = NULL WHERE item_id = old.id;
        END;
        """;

    /// <summary>Migrates the version counters to counts by source, which they did not have before.</summary>
    public static string CountVersionsBySource => $"""
        DROP TRIGGER IF EXISTS media_versions_added;
        DROP TRIGGER IF EXISTS media_versions_removed;
        DROP TRIGGER IF EXISTS media_versions_counted;
        {VersionTriggers}
        DELETE FROM late_indexes WHERE name = 'media_versions_added';
        DELETE FROM facet_counts WHERE facet IN ({Facet.VersionResolution}, {Facet.VersionCodec});
        {string.Join("\n", VersionFacets.Select(f => $"INSERT INTO facet_counts SELECT {f.Facet}, {f.Column}, count(*) FROM media_versions WHERE id <= (SELECT versions FROM catalogue_marks) GROUP BY 2;"))}
        """;

    /// <summary>All columns that filters use except the rating, as one text; see <see cref="FacetCell"/>.</summary>
    private static string FormatCell(string row) =>
        $"{row}media_type || '|' || coalesce({row}year, '') || '|' || coalesce({row}best_resolution, '') || '|' || coalesce({row}best_codec, '') || '|' || {row}holding_id";

    private static string CountItem(string row, int step) => Count(
        ItemFacets.Select(f => (f.Facet, f.Facet == Facet.ItemCell ? FormatCell(row + ".") : $"{row}.{f.Column}")), step, $" WHERE {row}.is_work = 1");

    private static string CountVersion(string row, int step) => Count(
        [(Facet.VersionResolution, PrefixWithSource(row + ".", "resolution")), (Facet.VersionCodec, PrefixWithSource(row + ".", "video_codec"))], step, " WHERE true");

    private static string Count(IEnumerable<(int Facet, string Value)> facets, int step, string when) =>
        string.Join("\n  ", facets.Select(f => $"INSERT INTO facet_counts SELECT {f.Facet}, coalesce({f.Value}, ''), {step}{when} ON CONFLICT DO UPDATE SET n = n + {step};"));

    private static string PrefixWithSource(string row, string column) => $"{row}source_id || '|' || coalesce({row}{column}, '')";

    private static string CountFile(string row, int step) =>
        $"INSERT INTO file_counts SELECT {row}.source_id, {row}.presence, {step}, {row}.size * {step} WHERE true ON CONFLICT DO UPDATE SET files = files + {step}, bytes = bytes + {row}.size * {step};";
}
