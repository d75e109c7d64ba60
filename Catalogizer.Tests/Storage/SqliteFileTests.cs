using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Tests.Storage;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DatabasePath => _folder.PathOf("catalogizer.db");

    [Fact]
    public void Open_WrongKey_StopsAndLeavesEveryFileAsItIs()
    {
        CreateDatabase("the right key", "CREATE TABLE things (id INTEGER PRIMARY KEY); INSERT INTO things VALUES (1), (2)");
        var before = HashFiles();

        var refused = Assert.Throws<StartupException>(() => SqliteFile.Open(DatabasePath, "a wrong key"));

        Assert.Contains("does not open with this key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, HashFiles());
        using var file = SqliteFile.Open(DatabasePath, "the right key");
        Assert.Equal(2L, QueryScalar(file, "SELECT count(*) FROM things"));
    }

    [Fact]
    public void Open_WrongKeyAfterAPowerCut_LeavesWhatWasNotYetInTheFile()
    {
        using (var file = SqliteFile.Open(_folder.PathOf("running.db"), "the right key"))
        using (var connection = file.OpenConnection())
        {
            SqlCipher.Execute(connection, "CREATE TABLE things (id INTEGER PRIMARY KEY); INSERT INTO things VALUES (1), (2)");
            File.Copy(_folder.PathOf("running.db"), DatabasePath);
            File.Copy(_folder.PathOf("running.db-wal"), DatabasePath + "-wal");
        }

        Assert.NotEqual(0, new FileInfo(DatabasePath + "-wal").Length);
        var before = HashFiles();

        Assert.Throws<StartupException>(() => SqliteFile.Open(DatabasePath, "a wrong key"));

        Assert.Equal(before, HashFiles());
        using var again = SqliteFile.Open(DatabasePath, "the right key");
        Assert.Equal(2L, QueryScalar(again, "SELECT count(*) FROM things"));
    }

    [Fact]
    public void Open_NotADatabase_StopsAndLeavesIt()
    {
        _folder.Write("catalogizer.db", new string('x', 10_000));
        var before = HashFiles();

        Assert.Throws<StartupException>(() => SqliteFile.Open(DatabasePath, "a key"));

        Assert.Equal(before, HashFiles());
    }

    [Fact]
    public void Open_NewFile_IsTheUsersAlone()
    {
        CreateDatabase("a key", "CREATE TABLE things (id INTEGER PRIMARY KEY)");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DatabasePath));
    }

    [Fact]
    public async Task OpenConnection_TwentyFiveAreOpen_WaitsForOneToBeGivenBack()
    {
        using var file = SqliteFile.Open(DatabasePath, "a key");
        var open = Enumerable.Range(0, SqliteFile.MaxConnections).Select(_ => file.OpenConnection()).ToList();
        Assert.Equal(SqliteFile.MaxConnections, file.OpenConnections);

        var next = Task.Factory.StartNew(() => file.OpenConnection(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(next.IsCompleted);
        open[0].Dispose();
        open[0].Dispose();
        using (await next)
        {
            Assert.Equal(SqliteFile.MaxConnections, file.OpenConnections);
        }

        open.ForEach(connection => connection.Dispose());
        Assert.Equal(0, file.OpenConnections);
    }

    [Fact]
    public void OpenConnection_ReadOnly_RefusesToWrite()
    {
        CreateDatabase("a key", "CREATE TABLE things (id INTEGER PRIMARY KEY)");
        using var file = SqliteFile.Open(DatabasePath, "a key");
        using var connection = file.OpenConnection(readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO things VALUES (1)";

        Assert.Equal(8, Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).SqliteErrorCode);
    }

    [Fact]
    public void Open_RawKey_IsUsedAsItIs()
    {
        const string key = "x'00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF'";
        CreateDatabase(key, "CREATE TABLE things AS SELECT 42 AS id");

        using var connection = new SqliteConnection($"Data Source={DatabasePath};Mode=ReadOnly;Pooling=False");
        connection.Open();
        SqlCipher.Execute(connection, $"PRAGMA key = \"{key}\"");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM things";

        Assert.Equal(42L, command.ExecuteScalar());
    }

    [Theory]
    [InlineData("x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeef'")]
    [InlineData("x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg'")]
    [InlineData("x\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"")]
    public void Open_AlmostARawKey_IsAPassphrase(string key)
    {
        CreateDatabase(key, "CREATE TABLE things AS SELECT 42 AS id");

        using var file = SqliteFile.Open(DatabasePath, key);

        Assert.Equal(42L, QueryScalar(file, "SELECT id FROM things"));
    }

    public void Dispose() => _folder.Dispose();

    private void CreateDatabase(string key, string sql)
    {
        using var file = SqliteFile.Open(DatabasePath, key);
        using var connection = file.OpenConnection();
        SqlCipher.Execute(connection, sql);
    }

    private static object? QueryScalar(SqliteFile file, string sql)
    {
        using var connection = file.OpenConnection(readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Everything that contains data; the shared-memory index of a WAL is rebuilt whenever the file is opened.</summary>
    private List<string> HashFiles() =>
    [
        .. Directory.GetFiles(_folder.Path).Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];
}
