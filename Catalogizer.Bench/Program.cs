using System.CommandLine;
using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Report;

var quick = new Option<bool>("--quick") { Description = "Fewer repetitions, and nothing that takes minutes by itself." };
var only = new Option<string[]>("--only") { Description = "Only these: " + string.Join(", ", AllFigures.Names), AllowMultipleArgumentsPerToken = true };
var root = new RootCommand("Measures Catalogizer and writes the table in docs/performance.md.") { quick, only };
only.AcceptOnlyFromAmong([.. AllFigures.Names]);
root.SetAction(async parsed =>
{
    foreach (var figure in AllFigures.Chosen(parsed.GetValue(only) ?? []))
    {
        foreach (var row in await figure.MeasureAsync(parsed.GetValue(quick)))
        {
            Console.WriteLine($"{row.Id} {row.What}\n  {row.Measured}\n  CPU {row.Cpu}; must {row.Must}, goal {row.Goal}: {row.Reached}");
        }
    }
});
return await root.Parse(args).InvokeAsync();
