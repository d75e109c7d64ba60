using System.Globalization;
using System.Text.Json.Serialization;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Report;

/// <summary>Where a ratio must lie and where it should.</summary>
internal sealed record Limit(bool IsMinimum, double Must, double Goal)
{
    public static Limit Minimum(double must, double goal) => new(true, must, goal);

    public static Limit Maximum(double must, double goal) => new(false, must, goal);

    public string Evaluate(double ratio) => IsMet(ratio, Goal) ? "goal" : IsMet(ratio, Must) ? "must" : ResultRow.Missed;

    public string Format(double bound) => $"{(IsMinimum ? "≥" : "≤")} {ResultFormatter.FormatRatio(bound)}";

    public bool IsMet(double ratio, double bound) => IsMinimum ? ratio >= bound : ratio <= bound;
}

/// <summary>One measured line, as docs/bench-results.json keeps it.</summary>
/// <param name="Id">The figure's id; lines of the same id differ in <paramref name="What"/>.</param>
internal sealed record ResultRow(string Id, string What, string Against)
{
    public const string Missed = "missed";

    /// <summary>The unit of a ratio that is shown as a fraction: 1/8,071 of the baseline's time.</summary>
    public const string FractionOfTime = "of its time";

    /// <summary>The name of the figure that measured it.</summary>
    [JsonPropertyOrder(-1)]
    public string Figure { get; init; } = "";

    public string Unit { get; init; } = "×";

    /// <summary>Ours against the baseline; null where there is no baseline.</summary>
    public double? Ratio { get; init; }

    /// <summary>The smallest and the largest ratio.</summary>
    public IReadOnlyList<double>? Spread { get; init; }

    /// <summary>The measured number itself where there is no ratio.</summary>
    public double? Value { get; init; }

    public int? Pairs { get; init; }

    public int? Dropped { get; init; }

    /// <summary>No round was quiet.</summary>
    public bool Noisy { get; init; }

    /// <summary>The rest in words.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The ratio of CPU seconds.</summary>
    public double? Cpu { get; init; }

    public string Must { get; init; } = "";

    public string Goal { get; init; } = "";

    public string Reached { get; init; } = "";

    public RunEnvironment? On { get; init; }

    /// <summary>What was measured, as the table shows it.</summary>
    [JsonIgnore]
    public string Measured => string.Join(": ", new[] { FormattedValue, Detail }.Where(part => part.Length > 0));

    /// <summary>The rest of the line in words, for the console.</summary>
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

    /// <summary>A figure that two ways of doing the same were measured for.</summary>
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

    /// <summary>Holds the ratio against its limits.</summary>
    public ResultRow WithVerdict(Limit limit) => this with { Must = limit.Format(limit.Must), Goal = limit.Format(limit.Goal), Reached = limit.Evaluate(Ratio!.Value) };

    /// <summary>As it is kept: five digits say more than any of these measurements knows.</summary>
    public ResultRow WithRoundedValues() => this with
    {
        Ratio = RoundToFiveDigits(Ratio),
        Spread = Spread is null ? null : [.. Spread.Select(bound => RoundToFiveDigits(bound)!.Value)],
        Value = RoundToFiveDigits(Value),
        Cpu = RoundToFiveDigits(Cpu),
    };

    private static double? RoundToFiveDigits(double? value) => value is { } number ? double.Parse(number.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}

/// <summary>When, where and of what a line was measured.</summary>
/// <param name="Commit">The commit that was built; null for lines that are older than their being noted.</param>
/// <param name="Busy">The share of the processor that other programs took.</param>
internal sealed record RunEnvironment(DateOnly Date, double Busy, string? Commit, string Machine)
{
    private const double BusyThreshold = 0.1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Date:O}{(Busy > BusyThreshold ? string.Create(CultureInfo.InvariantCulture, $", busy: {Busy:P0} by others") : "")}");
}

/// <summary>How figures are written.</summary>
internal static class ResultFormatter
{
    public static string FormatRatio(double? ratio) => ratio is { } times ? $"{FormatNumber(times)} ×" : "";

    public static string Format(Spread ratio) => $"{FormatNumber(ratio.Median)} × ({FormatNumber(ratio.Min)}–{FormatNumber(ratio.Max)})";

    public static string FormatSeconds(double seconds) => seconds < 1
        ? $"{FormatNumber(seconds * 1000)} ms"
        : $"{FormatNumber(seconds)} s";

    public static string FormatMegabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    /// <summary>Three figures that count, as far as they stand behind the point.</summary>
    public static string FormatNumber(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
