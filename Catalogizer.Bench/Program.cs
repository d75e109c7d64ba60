using System.CommandLine;
using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Parts;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench;

internal static class Program
{
    private static readonly string[] Names = [.. AllFigures.Names, PartBenchmarks.Name];

    private static Task<int> Main(string[] arguments)
    {
        var quick = new Option<bool>("--quick") { Description = "Fewer repetitions: for a look, not for a judgement." };
        var only = new Option<string[]>("--only") { Description = "Only these.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong(Names);
        var root = new RootCommand("Measures Catalogizer and writes the tables in docs/performance.md.") { quick, only };
        root.SetAction(parsed => RunAsync(parsed.GetValue(only) is { Length: > 0 } chosen ? chosen : Names, parsed.GetValue(quick)));
        return root.Parse(arguments).InvokeAsync();
    }

    private static async Task RunAsync(string[] chosen, bool quick)
    {
        var table = new PerformanceTable(Path.Combine(BenchFolder.Repository, "docs", "performance.md"));
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        foreach (var figure in AllFigures.Chosen(chosen))
        {
            await Console.Error.WriteLineAsync($"{figure.Name} …");
            var circumstances = $"{today:O}{(quick ? ", quick" : "")}{await Machine.OthersAtWorkAsync()}";
            var rows = await figure.MeasureAsync(quick);
            foreach (var row in rows)
            {
                Console.WriteLine($"{row.Id}: {row.What}\n    against {row.Against}\n    {row.Measured}\n    {row.Judgement}");
            }

            // After each figure, so that what was measured stays whatever becomes of the next.
            table.Put(rows, circumstances);
            table.PutMachine(Machine.InOneLine(today));
        }

        if (chosen.Contains(PartBenchmarks.Name))
        {
            table.Put(PartBenchmarks.Run());
        }
    }
}
