using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed while it changes the schema, or builds search index and counters anew.</summary>
[Trait("Category", "Server")]
public sealed class KilledUpkeepTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task Migration_Killed_LeavesTheOldOrTheNewSchema()
    {
        using var old = new TemporaryFolder();
        var (first, last) = MakeOldDatabase(old);
        using var measured = CopyOf(old);
        var writes = await KillRun.CountWritesAsync(measured, "doctor");
        List<string> expected;
        await using (var undisturbed = new TestCatalogue())
        {
            expected = Schema(undisturbed);
        }

        await LoopAsync(
            7,
            writes,
            old,
            ["doctor"],
            async (copy, _) =>
            {
                Compare(expected, Schema(copy));
                copy.Write("A (2001).mkv");
                await copy.ScanAsync((await copy.AddSourceAsync()).Id);
                CheckTruth(copy);
            },
            raw: file =>
            {
                var tables = Tables(file);
                if (tables != first && tables != last)
                {
                    Totals.FailedChecks++;
                    Totals.Problems.Add($"Between two schemas: {tables}");
                }
            });
    }

    [Fact]
    public async Task Rebuild_Killed_LeavesIndexAndCountersTrue()
    {
        using var before = await ScannedAsync();
        using var measured = CopyOf(before);
        var writes = await KillRun.CountWritesAsync(measured, "doctor", "--repair");

        await LoopAsync(7, writes, before, ["doctor", "--repair"], (copy, _) =>
        {
            CheckTruth(copy);
            return Task.CompletedTask;
        });
    }

    /// <summary>A database as the first released program left it, where there has been more than one schema; else none.</summary>
    private static (string First, string Last) MakeOldDatabase(TemporaryFolder home)
    {
        Directory.CreateDirectory(home.PathOf("data"));
        var path = home.PathOf("data/catalogizer.db");
        using (var file = SqliteFile.Open(path, TestCatalogue.Key))
        {
            using var db = new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>().UseSqlite(file.CreateConnection(), contextOwnsConnection: true).Options);
            if (db.Database.GetMigrations().ToList() is [var oldest, _, ..])
            {
                db.GetService<IMigrator>().Migrate(oldest);
            }
        }

        using var now = new TemporaryFolder();
        using var newest = SqliteFile.Open(now.PathOf("new.db"), TestCatalogue.Key);
        CatalogueDatabase.Migrate(newest);
        return (Tables(path), Tables(newest.Path));
    }

    /// <summary>The names of all tables, indexes and triggers with what was applied; EF's own lock and list of migrations say nothing.</summary>
    private static string Tables(string database)
    {
        using var file = SqliteFile.Open(database, TestCatalogue.Key);
        using var connection = file.OpenConnection();
        return string.Join(' ', Ask(connection, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_\\_EFMigrations%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name"));
    }

    private static List<string> Schema(TestCatalogue catalogue) =>
        [.. catalogue.Rows("SELECT type, name, sql FROM sqlite_master WHERE name <> '__EFMigrationsLock' ORDER BY type, name"), .. catalogue.Rows("SELECT * FROM __EFMigrationsHistory")];
}
