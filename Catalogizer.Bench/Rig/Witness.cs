using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Bench.Rig;

/// <summary>Sees what a scan by another process writes: every row of the catalogue's tables, and the bytes of the WAL.</summary>
internal sealed class Witness : IDisposable
{
    private readonly string _database;
    private readonly SqliteFile _file;
    private readonly KeyedSqliteConnection _open;

    private Witness(string database)
    {
        _database = database;
        _file = SqliteFile.Open(database, PublishedApp.Passphrase);

        // While a connection is open, another process that leaves does not clear the WAL away.
        _open = _file.OpenConnection();
        SqlCipher.Execute(_open, "PRAGMA wal_checkpoint(TRUNCATE); SELECT count(*) FROM sqlite_master");
    }

    /// <summary>Bytes that were written to the WAL since the witness came.</summary>
    public long WalBytes => new FileInfo($"{_database}-wal") is { Exists: true } wal ? wal.Length : 0;

    public static Witness Of(string data) => new(Path.Combine(data, "catalogizer.db"));

    /// <summary>The rows that scans write, as a file to hold against a later one.</summary>
    public static async Task<string> RowsAsync(string data, string name)
    {
        var rows = BenchFolder.WorkPathOf(name);
        await Tool.RunAsync(
            await NativeTools.RowsAsync(), ["dump", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, rows, .. RowLoader.Tables]);
        return rows;
    }

    public static async Task<bool> AreSameAsync(string before, string after) =>
        new FileInfo(before).Length == new FileInfo(after).Length
        && Convert.ToHexString(await HashAsync(before)) == Convert.ToHexString(await HashAsync(after));

    public void Dispose()
    {
        _open.Dispose();
        _file.Dispose();
    }

    private static async Task<byte[]> HashAsync(string file)
    {
        await using var content = File.OpenRead(file);
        return await System.Security.Cryptography.SHA256.HashDataAsync(content);
    }
}
