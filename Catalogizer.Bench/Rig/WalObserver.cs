using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Bench.Rig;

/// <summary>Observes what a scan in another process writes: every row of the catalogue's tables, and the bytes of the WAL.</summary>
internal sealed class WalObserver : IDisposable
{
    private readonly string _database;
    private readonly SqliteFile _file;
    private readonly KeyedSqliteConnection _connection;

    private WalObserver(string database)
    {
        _database = database;
        _file = SqliteFile.Open(database, PublishedApp.Passphrase);

        // While this connection is open, another process that closes the database does not delete the WAL.
        _connection = _file.OpenConnection();
        SqlCipher.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE); SELECT count(*) FROM sqlite_master");
    }

    /// <summary>Bytes written to the WAL since this observer was created.</summary>
    public long WalBytes => new FileInfo($"{_database}-wal") is { Exists: true } wal ? wal.Length : 0;

    public static WalObserver Create(string data) => new(Path.Combine(data, "catalogizer.db"));

    /// <summary>Dumps the rows that scans write to a file, for comparison with a later dump.</summary>
    public static async Task<string> DumpRowsAsync(string data, string name)
    {
        var rows = BenchFolder.WorkPathOf(name);
        await ProcessRunner.RunAsync(
            await NativeTools.CompileRowToolAsync(), ["dump", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, rows, .. RowLoader.Tables]);
        return rows;
    }

    public static async Task<bool> HaveSameContentAsync(string before, string after) =>
        new FileInfo(before).Length == new FileInfo(after).Length
        && Convert.ToHexString(await HashAsync(before)) == Convert.ToHexString(await HashAsync(after));

    public void Dispose()
    {
        _connection.Dispose();
        _file.Dispose();
    }

    private static async Task<byte[]> HashAsync(string file)
    {
        await using var content = File.OpenRead(file);
        return await System.Security.Cryptography.SHA256.HashDataAsync(content);
    }
}
