using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;

namespace Catalogizer.Bench.Comparing;

/// <summary>Compares two builds of the app, measured in the order old, new, new, old.</summary>
internal static class Comparison
{
    private const int PairCount = 6;

    /// <summary>The costs by the names that <c>--only</c> accepts for comparisons.</summary>
    public static IReadOnlyDictionary<string, IBuildCost> All { get; } =
        new IBuildCost[] { new FirstScanCost(), new RescanCost(), new StartCost(), new PageCost(), new BrowserCost(), new CircuitCost(), new MemoryCost() }.ToDictionary(c => c.Name);

    /// <returns>Whether no cost got worse.</returns>
    public static async Task<bool> RunAsync(Build older, Build newer, IEnumerable<string> names, bool quick)
    {
        var busy = await Machine.MeasureBusyShareAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{newer.Name} against {older.Name}, {Machine.Describe()}; {busy:P0} busy by others"));
        var lines = new List<CostComparison>();
        foreach (var compared in names.Select(name => All[name]))
        {
            await Console.Error.WriteLineAsync($"{compared.Name} …");
            foreach (var line in await MeasureAsync(() => compared.MeasureAsync(older, quick), () => compared.MeasureAsync(newer, quick), quick ? 2 : PairCount))
            {
                lines.Add(line);
                Console.WriteLine(Format(line));
            }
        }

        var worse = lines.Count(line => line.IsWorse);
        Console.WriteLine(worse == 0 ? "Nothing got worse by more than the spread." : string.Create(CultureInfo.InvariantCulture, $"{worse} of {lines.Count} got worse by more than the spread."));
        return worse == 0;
    }

    /// <summary>Runs rounds until every cost has enough pairs, but at most three times the wanted number.</summary>
    internal static async Task<IReadOnlyList<CostComparison>> MeasureAsync(Func<Task<IReadOnlyList<Cost>>> older, Func<Task<IReadOnlyList<Cost>>> newer, int wanted)
    {
        var rounds = new List<(IReadOnlyList<Cost> FirstOld, IReadOnlyList<Cost> FirstNew, IReadOnlyList<Cost> SecondNew, IReadOnlyList<Cost> SecondOld)>();
        IReadOnlyList<CostComparison> lines;
        do
        {
            rounds.Add((await older(), await newer(), await newer(), await older()));
            lines = [.. rounds[0].FirstOld.Select((cost, at) => new CostComparison(cost.Description, cost.Unit,
                [.. rounds.Select(r => new ComparisonRound(r.FirstOld[at].Amount, r.FirstNew[at].Amount, r.SecondNew[at].Amount, r.SecondOld[at].Amount))]))];
        }
        while (lines.Any(line => line.Pairs < wanted) && 2 * rounds.Count < PairedRuns.MaxTries * wanted);

        return lines;
    }

    private static string Format(CostComparison line) => line.Ratio is not { } ratio
        ? string.Create(CultureInfo.InvariantCulture, $"?       {line.Description}: too noisy, {line.Dropped} pairs dropped")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(line.IsWorse ? "WORSE" : line.IsBetter ? "better" : "same"),-7} {line.Description}: {ResultFormatter.Format(ratio)}, {line.Pairs} pairs{(line.Dropped > 0 ? $", {line.Dropped} dropped" : "")}: {FormatAmount(line.NewMedian, line.Unit)} against {FormatAmount(line.OldMedian, line.Unit)}");

    private static string FormatAmount(double amount, string unit) => unit == "s" ? ResultFormatter.FormatSeconds(amount) : string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {unit}");
}
