using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Brings the database to the program's schema.</summary>
internal static class CatalogueDatabase
{
    /// <summary>Applies the migrations that are missing; each runs in a transaction, so a failed one leaves the file as it was.</summary>
    /// <exception cref="StartupException">The file was written by a newer program, or a migration failed.</exception>
    public static void Migrate(SqliteFile file)
    {
        using var db = new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>()
            .UseSqlite(file.CreateConnection(), contextOwnsConnection: true)
            .Options);
        var known = db.Database.GetMigrations().ToHashSet();
        if (db.Database.GetAppliedMigrations().FirstOrDefault(m => !known.Contains(m)) is { } newer)
        {
            throw new StartupException($"The database {file.Path} was written by a newer Catalogizer (it has '{newer}'). Start that version, or restore a backup made by this one.");
        }

        db.Database.Migrate();
    }
}
