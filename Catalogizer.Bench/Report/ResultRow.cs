using System.Globalization;
using System.Text.Json.Serialization;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Report;

/// <summary>The limit that a ratio must meet, and the one it should meet.</summary>
internal sealed record Limit(bool IsMinimum, double Must, double Goal)
{
    public static Limit Minimum(double must, double goal) => new(true, must, goal);

    public static Limit Maximum(double must, double goal) => new(false, must, goal);

    public string Evaluate(double ratio) => IsMet(ratio, Goal) ? "goal" : IsMet(ratio, Must) ? "must" : ResultRow.Missed;

    public string Format(double bound) => $"{(IsMinimum ? "≥" : "≤")} {ResultFormatter.FormatRatio(bound)}";

    public bool IsMet(double ratio, double bound) => IsMinimum ? ratio >= bound : ratio <= bound;
}

/// <summary>One row of results, as stored in docs/bench-results.json.</summary>
/// <param name="Id">The id of the result; rows with the same id differ in <paramref name="What"/>.</param>
internal sealed record ResultRow(string Id, string What, string Against)
{
    public const string Missed = "missed";

    /// <summary>Unit of a ratio that is shown as a fraction: 1/8,071 of the baseline's time.</summary>
    public const string FractionOfTime = "of its time";

    /// <summary>Name of the scenario that produced the row.</summary>
    [JsonPropertyOrder(-1)]
    public string Figure { get; init; } = "";

    public string Unit { get; init; } = "×";

    /// <summary>Ours compared with the baseline; null where there is no baseline.</summary>
    public double? Ratio { get; init; }

    /// <summary>The smallest and the largest ratio.</summary>
    public IReadOnlyList<double>? Spread { get; init; }

    /// <summary>The measured value where there is no ratio.</summary>
    public double? Value { get; init; }

    public int? Pairs { get; init; }

    public int? Dropped { get; init; }

    /// <summary>No round was quiet.</summary>
    public bool Noisy { get; init; }

    /// <summary>Further results as text.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Ratio of the CPU seconds.</summary>
    public double? Cpu { get; init; }

    public string Must { get; init; } = "";

    public string Goal { get; init; } = "";

    public string Reached { get; init; } = "";

    public RunEnvironment? On { get; init; }

    /// <summary>The result as shown in the table.</summary>
    [JsonIgnore]
    public string Measured => string.Join(": ", new[] { FormattedValue, Detail }.Where(part => part.Length > 0));

    /// <summary>The rest of the row as text for the console.</summary>
    [JsonIgnore]
    public string Verdict => string.Join(", ", new[] { (ResultFormatter.FormatRatio(Cpu), "CPU "), (Must, "must "), (Goal, "goal "), (Reached, "reached: ") }
        .Where(part => part.Item1.Length > 0).Select(part => part.Item2 + part.Item1));

    private string FormattedValue => (Value, Ratio) switch
    {
        ({ } value, _) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Unit}"),
        (_, { } ratio) when Unit == FractionOfTime => string.Create(CultureInfo.InvariantCulture, $"1/{1 / ratio:N0} {Unit}"),
        (_, { } ratio) => ResultFormatter.FormatRatio(ratio) + FormattedSpread + FormattedPairs,
        _ => "",
    };

    private string FormattedSpread => Spread is { } spread ? $" ({ResultFormatter.FormatNumber(spread[0])}–{ResultFormatter.FormatNumber(spread[1])})" : "";

    private string FormattedPairs => (Pairs is { } pairs ? string.Create(CultureInfo.InvariantCulture, $", {pairs} pairs") : "")
        + (Noisy ? ", noisy" : Dropped > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Dropped} dropped") : "");

    /// <summary>A row for two ways of doing the same.</summary>
    public static ResultRow FromRuns(string id, string what, string against, PairedRuns runs, Limit limit, string? note = null)
    {
        var ratio = runs.CalculateSpread((b, o) => limit.IsMinimum ? b.Seconds / o.Seconds : o.Seconds / b.Seconds);
        var cpu = runs.CalculateSpread((b, o) => limit.IsMinimum ? b.CpuSeconds / o.CpuSeconds : o.CpuSeconds / b.CpuSeconds);
        return new ResultRow(id, what, against)
        {
            Pairs = ratio.Count,
            Dropped = runs.Dropped,
            Noisy = runs.IsNoisy,
            Detail = $"{ResultFormatter.FormatSeconds(runs.MedianOfOurs(o => o.Seconds))} against {ResultFormatter.FormatSeconds(runs.MedianOfBaseline(b => b.Seconds))}{note}",
            Cpu = cpu.Median,
        }.WithRatio(ratio).WithVerdict(limit);
    }

    public ResultRow WithRatio(Spread ratio) => this with { Ratio = ratio.Median, Spread = [ratio.Min, ratio.Max] };

    /// <summary>Compares the ratio with its limits.</summary>
    public ResultRow WithVerdict(Limit limit) => this with { Must = limit.Format(limit.Must), Goal = limit.Format(limit.Goal), Reached = limit.Evaluate(Ratio!.Value) };

    /// <summary>Rounds to five digits for storage: none of the measurements is more precise.</summary>
    public ResultRow WithRoundedValues() => this with
    {
        Ratio = RoundToFiveDigits(Ratio),
        Spread = Spread is null ? null : [.. Spread.Select(bound => RoundToFiveDigits(bound)!.Value)],
        Value = RoundToFiveDigits(Value),
        Cpu = RoundToFiveDigits(Cpu),
    };

    private static double? RoundToFiveDigits(double? value) => value is { } number ? double.Parse(number.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}

/// <summary>When, where and on which commit a row was measured.</summary>
/// <param name="Commit">The commit that was built; null for rows from before it was recorded.</param>
/// <param name="Busy">Share of the processor used by other programs, 0 to 1.</param>
internal sealed record RunEnvironment(DateOnly Date, double Busy, string? Commit, string Machine)
{
    private const double BusyThreshold = 0.1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Date:O}{(Busy > BusyThreshold ? string.Create(CultureInfo.InvariantCulture, $", busy: {Busy:P0} by others") : "")}");
}

/// <summary>Formats results as text.</summary>
internal static class ResultFormatter
{
    public static string FormatRatio(double? ratio) => ratio is { } times ? $"{FormatNumber(times)} ×" : "";

    public static string Format(Spread ratio) => $"{FormatNumber(ratio.Median)} × ({FormatNumber(ratio.Min)}–{FormatNumber(ratio.Max)})";

    public static string FormatSeconds(double seconds) => seconds < 1
        ? $"{FormatNumber(seconds * 1000)} ms"
        : $"{FormatNumber(seconds)} s";

    public static string FormatMegabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    /// <summary>Formats three significant digits, but all digits of the integer part and at most four decimals.</summary>
    public static string FormatNumber(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
