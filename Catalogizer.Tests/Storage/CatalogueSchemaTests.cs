using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Storage;

public sealed class CatalogueSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Model_AgainstMigrations_HasNothingPending()
    {
        using var db = new DesignTimeContextFactory().CreateDbContext([]);

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Migrate_NewFile_IsEncryptedWithTheBriefsSettings()
    {
        using var file = SqliteFile.Open(_folder.PathOf("catalogizer.db"), "a passphrase");
        CatalogueDatabase.Migrate(file);

        using var connection = file.OpenConnection();
        Assert.Equal("4096", Read("PRAGMA cipher_page_size"));
        Assert.Equal("64000", Read("PRAGMA kdf_iter"));
        Assert.Equal("HMAC_SHA512", Read("PRAGMA cipher_hmac_algorithm"));
        Assert.Equal("PBKDF2_HMAC_SHA512", Read("PRAGMA cipher_kdf_algorithm"));
        Assert.Equal("wal", Read("PRAGMA journal_mode"));
        Assert.Equal("1", Read("PRAGMA foreign_keys"));
        Assert.NotEqual("SQLite format 3\0"u8.ToArray(), File.ReadAllBytes(file.Path)[..16]);

        string Read(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
        }
    }

    public void Dispose() => _folder.Dispose();
}
