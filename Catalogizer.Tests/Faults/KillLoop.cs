using System.Globalization;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Catalogizer.Tests.Faults;

/// <summary>
/// Kills the program without warning at random moments: nothing acknowledged is lost, nothing is damaged, and a resumed run ends with the
/// same result as an undisturbed one. 15 kills in all, 60 with <c>./test --all</c>; <c>build/kill-loop.sh</c> makes a thousand.
/// </summary>
public abstract class KillLoop(ITestOutputHelper output) : IDisposable
{
    private protected const int FilmCount = 300;
    private static readonly int TotalKills =
        Environment.GetEnvironmentVariable("CATALOGIZER_KILLS") is { } kills ? int.Parse(kills, CultureInfo.InvariantCulture) : TestRun.Repetitions(15, 60);

    private protected Random Random { get; } = new(TestRun.Seed);

    private protected TemporaryFolder Tree { get; } = new();

    private protected KillTotals Totals { get; } = new();

    private protected string MediaPath => Tree.PathOf("media");

    /// <summary>Kills the command repeatedly, up to three times on the same catalogue, and checks a copy after each kill.</summary>
    /// <param name="writes">Approximate number of writes of an undisturbed run.</param>
    /// <param name="check">Checks a copy; the flag says whether to continue as a server does or as a command.</param>
    private protected async Task LoopAsync(
        int share, int writes, TemporaryFolder? start, string[] verb, Func<TestCatalog, bool, Task> check, Action<string>? raw = null, [CallerMemberName] string what = "")
    {
        var killPoints = PickWrites(CalculateKills(share), writes);
        for (var attempt = 0; Totals.Kills < killPoints.Length && attempt < killPoints.Length * 3; attempt++)
        {
            using var home = CopyHome(start);
            for (var again = Random.Next(3); again >= 0 && Totals.Kills < killPoints.Length; again--)
            {
                if (!await KillRun.KillAsync(home, killPoints[Totals.Kills], verb))
                {
                    // It ended first: the remaining work takes fewer writes, or this run did.
                    killPoints[Totals.Kills] = Random.Next(1, killPoints[Totals.Kills] + 1);
                    break;
                }

                Totals.Kills++;
                await CheckCopyAsync(home, Random.Next(2) == 0, check, raw);
            }
        }

        ReportTotals(what);
    }

    /// <summary>The writes to kill at: a random one in each of <paramref name="kills"/> equal parts of a run, in random order.</summary>
    private int[] PickWrites(int kills, int writes)
    {
        var killPoints = Enumerable.Range(0, kills).Select(part => 1 + (int)((part + Random.NextDouble()) * (writes - 1) / kills)).ToArray();
        Random.Shuffle(killPoints);
        return killPoints;
    }

    /// <summary>Reports the totals, and fails if anything was lost.</summary>
    private protected void ReportTotals([CallerMemberName] string what = "")
    {
        output.WriteLine($"{what}: {Totals}");
        Totals.AssertNone();
    }

    private protected async Task CheckCopyAsync(TemporaryFolder home, bool asServer, Func<TestCatalog, bool, Task> check, Action<string>? raw)
    {
        using var copy = CopyHome(home);
        var database = copy.PathOf("data/catalogizer.db");
        if (File.Exists(database))
        {
            var problems = FindIntegrityProblems(database);
            Totals.FailedChecks += problems.Count;
            Totals.Problems.AddRange(problems);
            raw?.Invoke(database);
        }

        await using var catalog = new TestCatalog(home: copy);
        await check(catalog, asServer);
    }

    /// <summary>The integrity checks of SQLite, SQLCipher and the search tables.</summary>
    private static List<string> FindIntegrityProblems(string database)
    {
        using var file = SqliteFile.Open(database, TestCatalog.Key);
        using var connection = file.OpenConnection();
        var problems = QueryTexts(connection, "PRAGMA integrity_check").Where(r => r != "ok").Concat(QueryTexts(connection, "PRAGMA cipher_integrity_check")).ToList();
        foreach (var table in QueryTexts(connection, "SELECT name FROM sqlite_master WHERE name IN ('media_search', 'media_titles')"))
        {
            try
            {
                QueryTexts(connection, $"INSERT INTO {table}({table}) VALUES ('integrity-check')");
            }
            catch (SqliteException exception)
            {
                problems.Add($"{table}: {exception.Message}");
            }
        }

        return problems;
    }

    private protected static List<string> QueryTexts(SqliteConnection connection, string sql)
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

    private protected void CheckInvariants(TestCatalog catalog)
    {
        try
        {
            CatalogInvariants.Check(catalog);
        }
        catch (Exception exception) when (exception is XunitException or SqliteException)
        {
            Totals.WrongCounters++;
            Totals.Problems.Add(exception.Message);
        }
    }

    private protected void Compare(List<string> expected, List<string> actual)
    {
        if (CatalogSnapshot.FindDifferences(expected, actual) is { Length: > 0 } differences)
        {
            Totals.UnequalCatalogs++;
            Totals.Problems.Add(differences);
        }
    }

    /// <summary>Continues as the next start would: a server resumes the interrupted scan, a command starts over.</summary>
    private protected async Task FinishAsync(TestCatalog catalog, bool asServer)
    {
        await ResumeAsync(catalog, asServer);
        if (await catalog.Scans.LatestAsync(Actor.System, 1, 1, default) is var ended && ended is not [{ State: ScanState.Completed }])
        {
            Totals.UnequalCatalogs++;
            Totals.Problems.Add($"The scan that went on ended {string.Join(", ", ended.Select(s => $"{s.State}: {s.Reason}"))}");
        }
    }

    private async Task ResumeAsync(TestCatalog catalog, bool asServer)
    {
        var source = (await catalog.Sources.ListAsync(Actor.System, default) is [var known, ..] ? known : null)?.Id ?? (await catalog.AddSourceAsync("media", MediaPath)).Id;
        if (asServer)
        {
            await catalog.Scans.RecoverAsync(default);
            if (catalog.Scans.FindRunning(source) is { } left)
            {
                await catalog.Scans.WaitAsync(left.Id, default);
                return;
            }
        }
        else
        {
            await catalog.Services.GetRequiredService<IScanStore>().EndBulkLoadAsync(default);
        }

        await catalog.ScanAsync(source, null);
    }

    private protected async Task<TemporaryFolder> CreateScannedHomeAsync()
    {
        SampleTree.Create(Tree, FilmCount);
        var home = new TemporaryFolder();
        await using var catalog = new TestCatalog(home: home);
        await FinishAsync(catalog, asServer: false);
        return home;
    }

    /// <summary>Changes the tree, and returns the result of an undisturbed scan of it.</summary>
    private protected async Task<(Dictionary<string, string> Names, List<string> Picture)> RescanUndisturbedAsync(TemporaryFolder before)
    {
        SampleTree.ApplyChanges(Tree, FilmCount);
        using var home = CopyHome(before);
        await using var catalog = new TestCatalog(home: home);
        var names = CatalogSnapshot.ReadNames(catalog);
        await FinishAsync(catalog, asServer: false);
        Assert.Equal(ScanState.Completed, Assert.Single(await catalog.Scans.LatestAsync(Actor.System, 1, 1, default)).State);
        return (names, CatalogSnapshot.Capture(catalog, names));
    }

    private protected static TemporaryFolder CopyHome(TemporaryFolder? home)
    {
        var copy = new TemporaryFolder();
        Directory.CreateDirectory(copy.PathOf("data"));
        foreach (var file in home is null ? [] : Directory.GetFiles(home.PathOf("data")))
        {
            File.Copy(file, copy.PathOf($"data/{Path.GetFileName(file)}"));
        }

        return copy;
    }

    private protected static int CalculateKills(int ofSixty) => Math.Max(1, ofSixty * TotalKills / 60);

    public void Dispose()
    {
        Tree.Dispose();
        GC.SuppressFinalize(this);
    }
}
