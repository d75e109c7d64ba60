using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Storage;

public sealed class WrongKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DatabasePath => _folder.PathOf("catalogizer.db");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_WrongKey_SaysSoAndLeavesEveryByte(bool stoppedUncleanly)
    {
        CreateDatabase(stoppedUncleanly);
        var before = File.ReadAllBytes(DatabasePath);

        var refused = Assert.Throws<StartupException>(() => SqliteFile.Open(DatabasePath, "another passphrase"));

        Assert.Contains("does not open with this key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(DatabasePath));
        Assert.Equal(1, CountThings());
    }

    [Theory]
    [InlineData("the passphrase")]
    [InlineData("another passphrase")]
    public void Open_KilledBeforeItWasInWalMode_GoesBackToWhatStood(string triedFirst)
    {
        CreateDatabase(stoppedUncleanly: false);
        using (var file = SqliteFile.Open(DatabasePath, "the passphrase"))
        {
            using var connection = file.OpenConnection();
            foreach (var sql in new[] { "PRAGMA journal_mode = DELETE", "PRAGMA cache_size = 2", "BEGIN", "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n LIMIT 9999) INSERT INTO things SELECT i FROM n" })
            {
                SqlCipher.Execute(connection, sql);
            }

            File.Copy(DatabasePath, DatabasePath + ".kept");
            File.Copy(DatabasePath + "-journal", DatabasePath + "-journal.kept");
            SqlCipher.Execute(connection, "ROLLBACK");
        }

        File.Move(DatabasePath + ".kept", DatabasePath, overwrite: true);
        File.Move(DatabasePath + "-journal.kept", DatabasePath + "-journal", overwrite: true);
        _ = Record.Exception(() => SqliteFile.Open(DatabasePath, triedFirst).Dispose());

        Assert.Equal(1, CountThings());
    }

    [Fact]
    public void Open_NoDatabaseAtAll_SaysSo()
    {
        _folder.Write("catalogizer.db", new string('x', 8192));

        Assert.Throws<StartupException>(() => SqliteFile.Open(DatabasePath, "the passphrase"));
    }

    public void Dispose() => _folder.Dispose();

    private long CountThings()
    {
        using var file = SqliteFile.Open(DatabasePath, "the passphrase");
        using var connection = file.OpenConnection(readOnly: true);
        using var count = new Statement(connection, "SELECT count(*) FROM things");
        Assert.True(count.Read());
        return count.Int64(0);
    }

    private void CreateDatabase(bool stoppedUncleanly)
    {
        using var file = SqliteFile.Open(DatabasePath, "the passphrase");
        using (var connection = file.OpenConnection())
        {
            SqlCipher.Execute(connection, "CREATE TABLE things (id INTEGER PRIMARY KEY)");
            SqlCipher.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            SqlCipher.Execute(connection, "INSERT INTO things VALUES (1)");
            if (stoppedUncleanly)
            {
                // What a killed process leaves: the file and its WAL in their current state.
                File.Copy(DatabasePath, DatabasePath + ".kept");
                File.Copy(DatabasePath + "-wal", DatabasePath + "-wal.kept");
            }
        }

        file.Dispose();
        if (stoppedUncleanly)
        {
            File.Move(DatabasePath + ".kept", DatabasePath, overwrite: true);
            File.Move(DatabasePath + "-wal.kept", DatabasePath + "-wal", overwrite: true);
        }
    }
}
