using System.Globalization;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Catalogizer.Tests.Faults;

/// <summary>
/// The program killed without warning at random moments of its work: nothing acknowledged is lost, nothing is damaged, and whoever goes on
/// arrives where an undisturbed run does. Fifteen kills in all, sixty with <c>./test --all</c>; <c>build/kill-loop.sh</c> makes a thousand.
/// </summary>
public abstract class KillLoop(ITestOutputHelper output) : IDisposable
{
    private protected const int Films = 300;
    private static readonly int All =
        Environment.GetEnvironmentVariable("CATALOGIZER_KILLS") is { } kills ? int.Parse(kills, CultureInfo.InvariantCulture) : TestRun.Repetitions(15, 60);

    private protected Random Random { get; } = new(TestRun.Seed);

    private protected TemporaryFolder Tree { get; } = new();

    private protected KillTotals Totals { get; } = new();

    private protected string Media => Tree.PathOf("media");

    /// <summary>Kills the verb again and again, up to three times on the same catalogue, and looks at a copy after each.</summary>
    /// <param name="writes">About how many writes an undisturbed run makes.</param>
    /// <param name="check">What must hold of a copy; told whether to go on as a server does or as a verb.</param>
    private protected async Task LoopAsync(
        int share, int writes, TemporaryFolder? start, string[] verb, Func<TestCatalogue, bool, Task> check, Action<string>? raw = null, [CallerMemberName] string what = "")
    {
        var moments = Moments(Share(share), writes);
        for (var attempt = 0; Totals.Kills < moments.Length && attempt < moments.Length * 3; attempt++)
        {
            using var home = CopyOf(start);
            for (var again = Random.Next(3); again >= 0 && Totals.Kills < moments.Length; again--)
            {
                if (!await KillRun.KillAsync(home, moments[Totals.Kills], verb))
                {
                    // It ended first: what is left to do takes fewer writes, or this run did.
                    moments[Totals.Kills] = Random.Next(1, moments[Totals.Kills] + 1);
                    break;
                }

                Totals.Kills++;
                await ExamineAsync(home, Random.Next(2) == 0, check, raw);
            }
        }

        Conclude(what);
    }

    /// <summary>The writes to kill at: a random one in each of as many equal parts of a run, in random order.</summary>
    private int[] Moments(int kills, int writes)
    {
        var moments = Enumerable.Range(0, kills).Select(part => 1 + (int)((part + Random.NextDouble()) * (writes - 1) / kills)).ToArray();
        Random.Shuffle(moments);
        return moments;
    }

    /// <summary>Tells the totals, and fails unless nothing was lost.</summary>
    private protected void Conclude([CallerMemberName] string what = "")
    {
        output.WriteLine($"{what}: {Totals}");
        Totals.AssertNone();
    }

    private protected async Task ExamineAsync(TemporaryFolder home, bool asServer, Func<TestCatalogue, bool, Task> check, Action<string>? raw)
    {
        using var copy = CopyOf(home);
        var database = copy.PathOf("data/catalogizer.db");
        if (File.Exists(database))
        {
            var problems = Integrity(database);
            Totals.FailedChecks += problems.Count;
            Totals.Problems.AddRange(problems);
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

    private protected static List<string> Ask(SqliteConnection connection, string sql)
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

    private protected void CheckTruth(TestCatalogue catalogue)
    {
        try
        {
            CatalogueTruth.Check(catalogue);
        }
        catch (Exception exception) when (exception is XunitException or SqliteException)
        {
            Totals.CountersOff++;
            Totals.Problems.Add(exception.Message);
        }
    }

    private protected void Compare(List<string> expected, List<string> actual)
    {
        if (CataloguePicture.Differences(expected, actual) is { Length: > 0 } apart)
        {
            Totals.Unequal++;
            Totals.Problems.Add(apart);
        }
    }

    /// <summary>Goes on as the next start would: the server takes up what was left, a verb starts anew.</summary>
    private protected async Task FinishAsync(TestCatalogue catalogue, bool asServer)
    {
        await GoOnAsync(catalogue, asServer);
        if (await catalogue.Scans.LatestAsync(Actor.System, 1, 1, default) is var ended && ended is not [{ State: ScanState.Completed }])
        {
            Totals.Unequal++;
            Totals.Problems.Add($"The scan that went on ended {string.Join(", ", ended.Select(s => $"{s.State}: {s.Reason}"))}");
        }
    }

    private async Task GoOnAsync(TestCatalogue catalogue, bool asServer)
    {
        var source = (await catalogue.Sources.ListAsync(Actor.System, default) is [var known, ..] ? known : null)?.Id ?? (await catalogue.AddSourceAsync("media", Media)).Id;
        if (asServer)
        {
            await catalogue.Scans.RecoverAsync(default);
            if (catalogue.Scans.FindRunning(source) is { } left)
            {
                await catalogue.Scans.WaitAsync(left.Id, default);
                return;
            }
        }
        else
        {
            await catalogue.Services.GetRequiredService<IScanStore>().EndBulkLoadAsync(default);
        }

        await catalogue.ScanAsync(source, null);
    }

    private protected async Task<TemporaryFolder> ScannedAsync()
    {
        FaultTree.Make(Tree, Films);
        var home = new TemporaryFolder();
        await using var catalogue = new TestCatalogue(home: home);
        await FinishAsync(catalogue, asServer: false);
        return home;
    }

    /// <summary>Changes the tree, and tells what a scan makes of it.</summary>
    private protected async Task<(Dictionary<string, string> Names, List<string> Picture)> UndisturbedRescanAsync(TemporaryFolder before)
    {
        FaultTree.Change(Tree, Films);
        using var home = CopyOf(before);
        await using var catalogue = new TestCatalogue(home: home);
        var names = CataloguePicture.Names(catalogue);
        await FinishAsync(catalogue, asServer: false);
        Assert.Equal(ScanState.Completed, Assert.Single(await catalogue.Scans.LatestAsync(Actor.System, 1, 1, default)).State);
        return (names, CataloguePicture.Take(catalogue, names));
    }

    private protected static TemporaryFolder CopyOf(TemporaryFolder? home)
    {
        var copy = new TemporaryFolder();
        Directory.CreateDirectory(copy.PathOf("data"));
        foreach (var file in home is null ? [] : Directory.GetFiles(home.PathOf("data")))
        {
            File.Copy(file, copy.PathOf($"data/{Path.GetFileName(file)}"));
        }

        return copy;
    }

    private protected static int Share(int ofSixty) => Math.Max(1, ofSixty * All / 60);

    public void Dispose()
    {
        Tree.Dispose();
        GC.SuppressFinalize(this);
    }
}
