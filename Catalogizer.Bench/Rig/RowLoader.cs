using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Bench.Rig;

/// <summary>
/// A minimal loader in C for the rows of a finished catalogue: the same rows into the same tables with the same library, without the work
/// that produced them. Loads bare tables first, then builds the same indexes, search tables and counters in one go.
/// </summary>
internal sealed class RowLoader
{
    /// <summary>The tables whose rows are written by scans.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["folders", "files", "media_items", "media_versions", "file_events", "holdings"];

    private readonly string _program;
    private readonly string _rowsFile;
    private readonly string _deferredSqlFile;

    private RowLoader(string program, string rows, string late) => (_program, _rowsFile, _deferredSqlFile) = (program, rows, late);

    /// <summary>Dumps the rows of a catalogue that no process has open.</summary>
    public static async Task<RowLoader> CreateAsync(string data)
    {
        var database = Path.Combine(data, "catalogizer.db");
        var folder = BenchFolder.CreateEmpty("loader");
        var loader = new RowLoader(await NativeTools.CompileRowToolAsync(), Path.Combine(folder, "rows"), Path.Combine(folder, "late.sql"));
        await File.WriteAllTextAsync(loader._deferredSqlFile, CreateDeferredSql(database));
        await ProcessRunner.RunAsync(loader._program, ["dump", database, PublishedApp.PassphraseLiteral, loader._rowsFile, .. Tables]);
        return loader;
    }

    /// <summary>Loads the rows into a new database.</summary>
    public Task<Sample> LoadAsync(bool encrypted = true)
    {
        // A raw key, as the app passes it to SQLCipher, so that no key derivation is measured.
        var key = encrypted ? "\"x'" + new string('5', 96) + "'\"" : "";
        var database = Path.Combine(BenchFolder.CreateEmpty("loaded"), "rows.db");
        return ProcessRunner.MeasureAsync(BenchFolder.WorkPathOf("loader.txt"), _program, ["load", database, key, _rowsFile, _deferredSqlFile]);
    }

    private static string CreateDeferredSql(string database)
    {
        using var file = SqliteFile.Open(database, PublishedApp.Passphrase);
        using var connection = file.OpenConnection(readOnly: true);
        var tables = string.Join(", ", Tables.Select(t => $"'{t}'"));
        var indexes = ReadTexts(connection, $"SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})");
        var searches = ReadTexts(connection, "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %'");
        var rebuilds = ReadTexts(connection, "SELECT 'INSERT INTO ' || name || '(' || name || ') VALUES (''rebuild'')' FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %'");
        var counters = ReadTexts(connection, "SELECT sql FROM sqlite_master WHERE name IN ('facet_counts', 'file_counts')");
        var items = CatalogSchema.ItemFacets.Select(f => CountSql(f.Facet, f.Column, "media_items WHERE is_work = 1"));
        var versions = CatalogSchema.VersionFacets.Select(f => CountSql(f.Facet, f.Column, "media_versions"));
        const string Files = "INSERT INTO file_counts SELECT source_id, presence, count(*), sum(size) FROM files GROUP BY 1, 2";
        return string.Join(";\n", [.. indexes, .. searches, .. rebuilds, .. counters, .. items, .. versions, Files]) + ";\n";
    }

    private static string CountSql(int facet, string column, string rows) => string.Create(
        CultureInfo.InvariantCulture, $"INSERT INTO facet_counts SELECT {facet}, coalesce({column}, ''), count(*) FROM {rows} GROUP BY 2");

    private static List<string> ReadTexts(KeyedSqliteConnection connection, string sql)
    {
        using var rows = new Statement(connection, sql);
        var read = new List<string>();
        while (rows.Read())
        {
            read.Add(rows.Text(0));
        }

        return read;
    }
}
