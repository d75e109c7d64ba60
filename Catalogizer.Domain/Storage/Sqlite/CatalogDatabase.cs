using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Migrates the database to the program's schema.</summary>
internal static class CatalogDatabase
{
    /// <summary>Applies the pending migrations; each runs in a transaction, so a failed one leaves the file as it was.</summary>
    /// <exception cref="StartupException">The file was written by a newer version of the program, or a migration failed.</exception>
    public static void Migrate(SqliteFile file)
    {
        try
        {
            ApplyMissing(file);
        }
        catch (SqliteException exception)
        {
            throw new StartupException($"The database {file.Path} could not be brought to this version's schema. {StorageErrors.Describe(exception)}", exception);
        }
    }

    private static void ApplyMissing(SqliteFile file)
    {
        using var db = new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>()
            .UseSqlite(file.CreateConnection(), contextOwnsConnection: true)
            .Options);
        var known = db.Database.GetMigrations().ToHashSet();
        if (db.Database.GetAppliedMigrations().FirstOrDefault(m => !known.Contains(m)) is { } newer)
        {
            throw new StartupException($"The database {file.Path} was written by a newer Catalogizer (it has '{newer}'). Start that version, or restore a backup made by this one.");
        }

        if (db.Database.GetPendingMigrations().Any())
        {
            // A process killed during a migration leaves EF's lock behind, and EF would wait for it for ever. This process holds the data
            // folder's lock, so no other one can be migrating.
            db.Database.ExecuteSqlRaw("DROP TABLE IF EXISTS __EFMigrationsLock");
            db.Database.Migrate();
        }

        using var connection = file.OpenConnection();
        SourceLifecycleChange.AlignArchivedSources(connection);
    }
}
