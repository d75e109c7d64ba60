using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Catalogizer.Tests.Storage;

public sealed class CatalogSchemaTests : IDisposable
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
        CatalogDatabase.Migrate(file);

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

    [Fact]
    public void Migrate_FromTheFirstSchemaInTheMiddleOfABulkLoad_CountsAndIndexesAll()
    {
        using var file = SqliteFile.Open(_folder.PathOf("catalogizer.db"), "a passphrase");
        using (var db = new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>().UseSqlite(file.CreateConnection(), contextOwnsConnection: true).Options))
        {
            db.GetService<IMigrator>().Migrate("20261122163503_Foundation");
        }

        using var connection = file.OpenConnection();
        SyntheticCatalog.Fill(connection, 300);
        DeferredIndexes.Suspend(connection);
        SqlCipher.Execute(connection, "DELETE FROM facet_counts WHERE facet = 7");

        CatalogDatabase.Migrate(file);
        DeferredIndexes.Resume(connection);
        while (DeferredIndexes.BuildNext(connection))
        {
            // Until none is left.
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT sum(n) FROM facet_counts WHERE facet = 7) || ' ' || group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'media_items' AND sql IS NOT NULL ORDER BY 1)";
        Assert.Equal(
            "300 idx_media_rating_desc idx_media_type_year idx_media_updated_desc idx_work_added idx_work_rating idx_work_title idx_work_updated idx_work_year ix_media_items_identity_hash ix_media_items_parent_id",
            command.ExecuteScalar());
    }

    public void Dispose() => _folder.Dispose();
}
