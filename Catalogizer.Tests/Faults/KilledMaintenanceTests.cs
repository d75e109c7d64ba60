using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed while it migrates the schema, or rebuilds the search index and counters.</summary>
[Trait("Category", "Server")]
public sealed class KilledMaintenanceTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task Migration_Killed_LeavesTheSchemaOfAVersion()
    {
        using var old = new TemporaryFolder();
        var whole = CreateOldDatabase(old);
        using var measured = CopyHome(old);
        var writes = await KillRun.CountWritesAsync(measured, "doctor");
        List<string> expected;
        await using (var undisturbed = new TestCatalog())
        {
            expected = ReadSchema(undisturbed);
        }

        await LoopAsync(
            8,
            writes,
            old,
            ["doctor"],
            async (copy, _) =>
            {
                Compare(expected, ReadSchema(copy));
                copy.Write("A (2001).mkv");
                await copy.ScanAsync((await copy.AddSourceAsync()).Id);
                CheckInvariants(copy);
            },
            raw: file =>
            {
                var tables = ReadSchemaNames(file);
                if (!whole.Contains(tables))
                {
                    Totals.FailedChecks++;
                    Totals.Problems.Add($"In the middle of a migration: {tables}");
                }
            });
    }

    [Fact]
    public async Task Rebuild_Killed_LeavesIndexAndCountersTrue()
    {
        using var before = await CreateScannedHomeAsync();
        using var measured = CopyHome(before);
        var writes = await KillRun.CountWritesAsync(measured, "doctor", "--repair");

        await LoopAsync(8, writes, before, ["doctor", "--repair"], (copy, _) =>
        {
            CheckInvariants(copy);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Redetection_Killed_GoesOn()
    {
        using var before = await CreateScannedHomeAsync();
        await using (var spoilt = new TestCatalog(home: before))
        {
            spoilt.Execute("UPDATE media_items SET title = 'Spoilt ' || id, sort_title = 'spoilt'");
        }

        using var measured = CopyHome(before);
        var writes = await KillRun.CountWritesAsync(measured, "redetect");

        await LoopAsync(5, writes, before, ["redetect"], async (copy, _) =>
        {
            CheckInvariants(copy);
            await copy.Services.GetRequiredService<Redetection>().RunAsync(null, false, new Progress<ProgressUpdate>(), default);
            CheckInvariants(copy);
            Totals.UnequalCatalogs += (int)copy.Count("SELECT count(*) FROM media_items WHERE title LIKE 'Spoilt%'");
        });
    }

    /// <summary>Creates a database as the first release left it; returns the schema of each version's database, including that of the first.</summary>
    private static HashSet<string> CreateOldDatabase(TemporaryFolder home)
    {
        Directory.CreateDirectory(home.PathOf("data"));
        using var now = new TemporaryFolder();
        using var newest = SqliteFile.Open(now.PathOf("new.db"), TestCatalog.Key);
        using var oldest = SqliteFile.Open(home.PathOf("data/catalogizer.db"), TestCatalog.Key);
        using var old = CreateContext(oldest);
        using var db = CreateContext(newest);
        old.GetService<IMigrator>().Migrate(old.Database.GetMigrations().First());
        var schemas = new HashSet<string>();
        foreach (var migration in db.Database.GetMigrations())
        {
            db.GetService<IMigrator>().Migrate(migration);
            schemas.Add(ReadSchemaNames(newest.Path));
        }

        return schemas;
    }

    private static CatalogDbContext CreateContext(SqliteFile file) =>
        new(new DbContextOptionsBuilder<CatalogDbContext>().UseSqlite(file.CreateConnection(), contextOwnsConnection: true).Options);

    /// <summary>The names of all tables, indexes and triggers, without EF's own lock and migration history.</summary>
    private static string ReadSchemaNames(string database)
    {
        using var file = SqliteFile.Open(database, TestCatalog.Key);
        using var connection = file.OpenConnection();
        return string.Join(' ', QueryTexts(connection, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_\\_EFMigrations%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name"));
    }

    private static List<string> ReadSchema(TestCatalog catalog) =>
        [.. catalog.QueryRows("SELECT type, name, sql FROM sqlite_master WHERE name <> '__EFMigrationsLock' ORDER BY type, name"), .. catalog.QueryRows("SELECT * FROM __EFMigrationsHistory")];
}
