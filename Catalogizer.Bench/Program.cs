using System.CommandLine;
using System.Globalization;
using Catalogizer.Bench.Comparing;
using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Parts;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench;

internal static class Program
{
    private const int RegressionExitCode = 1;
    private const int InvalidInputExitCode = 2;
    private static readonly string[] Names = [.. AllScenarios.Names, MicrobenchmarkRunner.Name];

    private static async Task<int> Main(string[] arguments)
    {
        var quick = new Option<bool>("--quick") { Description = "Fewer repetitions: for a look, not for a judgement. Nothing is written." };
        var only = new Option<string[]>("--only") { Description = "Only these.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong(Names);
        var against = new Option<string>("--against")
        {
            Description = $"Compares this build with that of a commit and writes nothing; ends with {RegressionExitCode} when something got worse by more than the spread. Figures: {string.Join(", ", Comparison.All.Keys)}.",
            HelpName = "COMMIT",
        };
        var soak = new Option<TimeSpan?>("--soak")
        {
            Description = "Hours of everything at once: for two hours, or as long as is said (10m, 24h).",
            HelpName = "DURATION",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0 || Duration.Parse(result.Tokens[0].Value) is { } duration && duration >= Duration.MinSoak)
                {
                    return result.Tokens.Count == 0 ? Duration.DefaultSoak : Duration.Parse(result.Tokens[0].Value);
                }

                result.AddError($"'{result.Tokens[0].Value}' is not a duration of at least a minute, such as 10m or 2h.");
                return null;
            },
        };
        var root = new RootCommand("Measures Catalogizer and writes docs/bench-results.json and the tables in docs/performance.md.") { quick, only, against, soak };
        root.SetAction(async parsed =>
        {
            var names = parsed.GetValue(only) ?? [];
            if (parsed.GetValue(against) is { } commit)
            {
                return await CompareAsync(commit, names, parsed.GetValue(quick));
            }

            IEnumerable<IScenario> scenarios = parsed.GetValue(soak) is { } duration ? [new SoakScenario(duration)] : AllScenarios.Select(names.Length > 0 ? names : Names);
            await RunAsync(scenarios, names.Length == 0 ? parsed.GetValue(soak) is null : names.Contains(MicrobenchmarkRunner.Name), parsed.GetValue(quick));
            return 0;
        });
        var parsed = root.Parse(arguments);
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? InvalidInputExitCode : exitCode;
    }

    private static async Task RunAsync(IEnumerable<IScenario> scenarios, bool parts, bool quick)
    {
        var commit = (await ProcessRunner.RunAsync("git", ["describe", "--always", "--dirty", "--exclude=*"])).Trim();
        foreach (var scenario in scenarios)
        {
            await Console.Error.WriteLineAsync($"{scenario.Name} …");
            var on = new RunEnvironment(DateOnly.FromDateTime(DateTime.UtcNow), await Machine.MeasureBusyShareAsync(), commit, Machine.Describe());
            var rows = await scenario.MeasureAsync(quick);
            foreach (var row in rows)
            {
                Console.WriteLine($"{row.Id}: {row.What}\n    against {row.Against}\n    {row.Measured}\n    {row.Verdict}");
            }

            // Saves after each scenario, so that its results remain whatever happens to the next one.
            if (!quick)
            {
                SaveResults(results => results.With(scenario.Name, on, rows));
            }
        }

        if (parts)
        {
            var rows = MicrobenchmarkRunner.Run();
            if (!quick)
            {
                SaveResults(results => results.With(rows));
            }
        }
    }

    private static void SaveResults(Func<BenchResults, BenchResults> change)
    {
        var (data, document) = (Path.Combine(BenchFolder.Repository, "docs", "bench-results.json"), Path.Combine(BenchFolder.Repository, "docs", "performance.md"));
        var results = change(BenchResults.Parse(File.ReadAllText(data)));
        File.WriteAllText(data, results.ToJson());
        File.WriteAllText(document, PerformanceTable.Update(File.ReadAllText(document), results));
    }

    private static async Task<int> CompareAsync(string commit, string[] names, bool quick)
    {
        if (names.Except(Comparison.All.Keys).ToList() is { Count: > 0 } other)
        {
            await Console.Error.WriteLineAsync($"{string.Join(", ", other)} cannot be compared with another commit; what can: {string.Join(", ", Comparison.All.Keys)}.");
            return InvalidInputExitCode;
        }

        if (await Build.FindAsync(commit) is not { } hash)
        {
            await Console.Error.WriteLineAsync($"There is no commit “{commit}” here.");
            return InvalidInputExitCode;
        }

        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Building {hash[..7]} and this tree …"));
        var (older, newer) = (await Build.PublishAsync(hash), new Build("this", await PublishedApp.BuildAsync()));
        return await Comparison.RunAsync(older, newer, names.Length > 0 ? names : Comparison.All.Keys, quick) ? 0 : RegressionExitCode;
    }
}
