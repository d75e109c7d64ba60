using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Catalogizer.Tests.Faults;

/// <summary>
/// The program killed without warning at random moments of its work: nothing acknowledged is lost, nothing is damaged, and whoever goes on
/// arrives where an undisturbed run does. <c>build/kill-loop.sh</c> does the same a thousand times.
/// </summary>
[Trait("Category", "Server")]
public sealed class KillLoopTests(ITestOutputHelper output) : IDisposable
{
    private const int Films = 400;
    private static readonly int Factor = int.Parse(Environment.GetEnvironmentVariable("CATALOGIZER_KILLS") ?? "50", CultureInfo.InvariantCulture);
    private readonly int _seed = int.Parse(Environment.GetEnvironmentVariable("CATALOGIZER_KILL_SEED") ?? "1", CultureInfo.InvariantCulture);
    private readonly TemporaryFolder _tree = new();
    private readonly KillTotals _totals = new();

    private string Media => _tree.PathOf("media");

    [Fact]
    public async Task FirstScan_Killed_GoesOnToTheSameCatalogue()
    {
        FaultTree.Make(_tree, Films);
        List<string> expected;
        await using (var undisturbed = new TestCatalogue())
        {
            await FinishAsync(undisturbed, asServer: false);
            expected = CataloguePicture.Take(undisturbed, null);
        }

        using var measured = new TemporaryFolder();
        var writes = await KillRun.CountWritesAsync(measured, "scan", Media, "--json");

        await LoopAsync(14, writes, null, ["scan", Media, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckTruth(copy);
            Compare(expected, CataloguePicture.Take(copy, null));
            if (copy.Count("SELECT sum(added) FROM scans") != copy.Count("SELECT count(*) FROM files"))
            {
                _totals.CountersOff++;
                _totals.Problems.Add("The scans' tallies are not the files.");
            }
        });
    }

    [Fact]
    public async Task Rescan_Killed_GoesOnToTheSameCatalogue()
    {
        using var before = await ScannedAsync();
        var (names, expected) = await UndisturbedRescanAsync(before);
        using var measured = CopyOf(before);
        var writes = await KillRun.CountWritesAsync(measured, "scan", Media, "--json");

        await LoopAsync(14, writes, before, ["scan", Media, "--json"], async (copy, asServer) =>
        {
            await FinishAsync(copy, asServer);
            CheckTruth(copy);
            Compare(expected, CataloguePicture.Take(copy, names));
        });
    }

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
                    _totals.FailedChecks++;
                    _totals.Problems.Add($"Between two schemas: {tables}");
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

    [Fact]
    public async Task EditsWhileScanning_Killed_KeepEveryAcknowledgedOne()
    {
        using var before = await ScannedAsync();
        var (names, expected) = await UndisturbedRescanAsync(before);
        var items = Untouched(names, expected);
        var random = new Random(_seed);
        var wanted = Share(8);
        while (_totals.Kills < wanted)
        {
            using var home = CopyOf(before);
            var said = new Dictionary<long, (int Acknowledged, int Sent)>();
            for (var again = random.Next(3); again >= 0 && _totals.Kills < wanted; again--)
            {
                await EditUntilKilledAsync(home, items, said, random.Next(1, 80), random.Next(40));
                _totals.Kills++;
                await ExamineAsync(
                    home,
                    asServer: true,
                    async (copy, asServer) =>
                    {
                        CheckEdits(copy, said);
                        await FinishAsync(copy, asServer);
                        CheckEdits(copy, said);
                        CheckTruth(copy);
                        Compare(expected, CataloguePicture.Take(copy, names));
                    },
                    raw: null);
            }
        }

        output.WriteLine(_totals.ToString());
        _totals.AssertNone();
    }

    public void Dispose() => _tree.Dispose();

    private static int Share(int ofFifty) => Math.Max(1, ofFifty * Factor / 50);

    /// <summary>The items that the changes of the tree leave what they are, by their numbers.</summary>
    private static List<long> Untouched(Dictionary<string, string> names, List<string> picture)
    {
        var still = picture.Where(l => l.StartsWith("item|film|", StringComparison.Ordinal)).ToList();
        return [.. names.Where(n => n.Key[0] == 'i' && still.Exists(l => l.StartsWith($"item|{n.Value}|", StringComparison.Ordinal) && l.EndsWith($"|{n.Value}|", StringComparison.Ordinal)))
            .Select(n => long.Parse(n.Key[1..], CultureInfo.InvariantCulture))];
    }

    /// <summary>Four people edit while a scan runs; the server is killed once so many edits are acknowledged.</summary>
    private static async Task EditUntilKilledAsync(
        TemporaryFolder home, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> said, int acknowledged, int after)
    {
        await using var server = ProcessClient.Server(home);
        await server.StartAsync();
        using var client = await ProcessClient.SignInAsync(server);
        await client.PostAsync("sources/1/scan", new { });
        var left = acknowledged;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var editors = Enumerable.Range(0, 4).Select(editor => EditAsync(client, [.. items.Where((_, i) => i % 4 == editor)], said, () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                enough.SetResult();
            }
        })).ToList();
        await Task.WhenAny(enough.Task, Task.WhenAll(editors));
        await Task.Delay(after);
        await server.KillAsync();
        await Task.WhenAll(editors);
    }

    /// <summary>One person, one edit after the other, until the server is gone.</summary>
    private static async Task EditAsync(ProcessClient client, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> said, Action acknowledged)
    {
        try
        {
            for (var serial = 1; ; serial++)
            {
                var item = items[serial % Math.Min(items.Count, 25)];
                int next;
                lock (said)
                {
                    var was = said.GetValueOrDefault(item);
                    next = was.Sent + 1;
                    said[item] = (was.Acknowledged, next);
                }

                using var answer = await client.EditAsync(item, new { description = next.ToString(CultureInfo.InvariantCulture), rating = next % 10 });
                Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                lock (said)
                {
                    said[item] = (next, next);
                }

                acknowledged();
            }
        }
        catch (HttpRequestException)
        {
            return;     // killed
        }
    }

    private void CheckEdits(TestCatalogue catalogue, Dictionary<long, (int Acknowledged, int Sent)> said)
    {
        var kept = catalogue.Rows("SELECT e.item_id, e.value, m.description FROM item_edits e JOIN media_items m ON m.id = e.item_id WHERE e.field = 'description'")
            .Select(r => r.Split('|')).ToDictionary(r => long.Parse(r[0], CultureInfo.InvariantCulture), r => (Edit: int.Parse(r[1], CultureInfo.InvariantCulture), Shown: r[2]));
        foreach (var (item, (acknowledged, sent)) in said.Where(s => s.Value.Acknowledged > 0))
        {
            if (!kept.TryGetValue(item, out var now) || now.Edit < acknowledged || now.Edit > sent || now.Shown != now.Edit.ToString(CultureInfo.InvariantCulture))
            {
                _totals.RowsLost++;
                _totals.Problems.Add($"Item {item}: edit {acknowledged} was acknowledged, {now} is there.");
            }
        }
    }

    /// <summary>Kills the verb again and again, up to three times on the same catalogue, and looks at a copy after each.</summary>
    /// <param name="writes">About how many writes an undisturbed run makes.</param>
    /// <param name="check">What must hold of a copy; told whether to go on as a server does or as a verb.</param>
    private async Task LoopAsync(
        int share, int writes, TemporaryFolder? start, string[] verb, Func<TestCatalogue, bool, Task> check, Action<string>? raw = null)
    {
        var random = new Random(_seed);
        var wanted = Share(share);
        for (var attempt = 0; _totals.Kills < wanted && attempt < wanted * 3; attempt++)
        {
            using var home = CopyOf(start);
            for (var again = random.Next(3); again >= 0 && _totals.Kills < wanted; again--)
            {
                var after = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(60) : 0);
                if (!await KillRun.KillAsync(home, random.Next(1, writes), after, verb))
                {
                    break;
                }

                _totals.Kills++;
                await ExamineAsync(home, random.Next(2) == 0, check, raw);
            }

        }

        output.WriteLine(_totals.ToString());
        _totals.AssertNone();
    }

    private async Task ExamineAsync(TemporaryFolder home, bool asServer, Func<TestCatalogue, bool, Task> check, Action<string>? raw)
    {
        using var copy = CopyOf(home);
        var database = copy.PathOf("data/catalogizer.db");
        if (File.Exists(database))
        {
            var problems = Integrity(database);
            _totals.FailedChecks += problems.Count;
            _totals.Problems.AddRange(problems);
            raw?.Invoke(database);
        }

        await using var catalogue = new TestCatalogue(home: copy);
        await check(catalogue, asServer);
    }

    /// <summary>SQLite's, SQLCipher's and the search tables' own checks.</summary>
    private static List<string> Integrity(string database)
    {
        using var file = SqliteFile.Open(database, TestCatalogue.Key);
        using var connection = file.OpenConnection();
        var problems = Ask(connection, "PRAGMA integrity_check").Where(r => r != "ok").Concat(Ask(connection, "PRAGMA cipher_integrity_check")).ToList();
        foreach (var table in Ask(connection, "SELECT name FROM sqlite_master WHERE name IN ('media_search', 'media_titles')"))
        {
            try
            {
                Ask(connection, $"INSERT INTO {table}({table}) VALUES ('integrity-check')");
            }
            catch (SqliteException exception)
            {
                problems.Add($"{table}: {exception.Message}");
            }
        }

        return problems;
    }

    private static List<string> Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private void CheckTruth(TestCatalogue catalogue)
    {
        try
        {
            CatalogueTruth.Check(catalogue);
        }
        catch (Exception exception) when (exception is XunitException or SqliteException)
        {
            _totals.CountersOff++;
            _totals.Problems.Add(exception.Message);
        }
    }

    private void Compare(List<string> expected, List<string> actual)
    {
        if (CataloguePicture.Differences(expected, actual) is { Length: > 0 } apart)
        {
            _totals.Unequal++;
            _totals.Problems.Add(apart);
        }
    }

    /// <summary>Goes on as the next start would: the server takes up what was left, a verb starts anew.</summary>
    private async Task FinishAsync(TestCatalogue catalogue, bool asServer)
    {
        var source = (await catalogue.Sources.ListAsync(Actor.System, default) is [var known, ..] ? known : null)?.Id ?? (await catalogue.AddSourceAsync("media", Media)).Id;
        if (asServer)
        {
            await catalogue.Scans.RecoverAsync(default);
            if (catalogue.Scans.UnderWay(source) is { } left)
            {
                await catalogue.Scans.WaitAsync(left.Id, default);
                return;
            }
        }
        else
        {
            await catalogue.Services.GetRequiredService<IScanStore>().EndBulkAsync(default);
        }

        await catalogue.ScanAsync(source, null);
    }

    private async Task<TemporaryFolder> ScannedAsync()
    {
        FaultTree.Make(_tree, Films);
        var home = new TemporaryFolder();
        await using var catalogue = new TestCatalogue(home: home);
        await FinishAsync(catalogue, asServer: false);
        return home;
    }

    /// <summary>Changes the tree, and tells what a scan makes of it.</summary>
    private async Task<(Dictionary<string, string> Names, List<string> Picture)> UndisturbedRescanAsync(TemporaryFolder before)
    {
        FaultTree.Change(_tree, Films);
        using var home = CopyOf(before);
        await using var catalogue = new TestCatalogue(home: home);
        var names = CataloguePicture.Names(catalogue);
        await FinishAsync(catalogue, asServer: false);
        Assert.Equal(ScanState.Completed, Assert.Single(await catalogue.Scans.LatestAsync(Actor.System, 1, 1, default)).State);
        return (names, CataloguePicture.Take(catalogue, names));
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

    private static TemporaryFolder CopyOf(TemporaryFolder? home)
    {
        var copy = new TemporaryFolder();
        Directory.CreateDirectory(copy.PathOf("data"));
        foreach (var file in home is null ? [] : Directory.GetFiles(home.PathOf("data")))
        {
            File.Copy(file, copy.PathOf($"data/{Path.GetFileName(file)}"));
        }

        return copy;
    }
}
