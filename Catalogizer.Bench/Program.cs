using System.CommandLine;
using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Parts;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

var names = AllFigures.Names.Append(PartBenchmarks.Name).ToArray();
var quick = new Option<bool>("--quick") { Description = "Fewer repetitions: for a look, not for a judgement." };
var only = new Option<string[]>("--only") { Description = "Only these.", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong(names);
var root = new RootCommand("Measures Catalogizer and writes the tables in docs/performance.md.") { quick, only };
root.SetAction(async parsed =>
{
    var chosen = parsed.GetValue(only) is { Length: > 0 } some ? some : names;
    var table = new PerformanceTable(Path.Combine(BenchFolder.Repository, "docs", "performance.md"));
    var today = DateOnly.FromDateTime(DateTime.UtcNow);
    foreach (var figure in AllFigures.Chosen(chosen))
    {
        Console.Error.WriteLine($"{figure.Name} …");
        var rows = await figure.MeasureAsync(parsed.GetValue(quick));
        foreach (var row in rows)
        {
            Console.WriteLine($"{row.Id}: {row.What}\n    against {row.Against}\n    {row.Measured}\n    CPU {row.Cpu}, must {row.Must}, goal {row.Goal}: {row.Reached}");
        }

        table.Put(rows, today);
        table.PutMachine(Machine.InOneLine(today));
    }

    if (chosen.Contains(PartBenchmarks.Name))
    {
        table.Put(PartBenchmarks.Run());
    }
});
return await root.Parse(args).InvokeAsync();
