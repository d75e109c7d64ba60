using System.Globalization;
using System.Text.Json.Serialization;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Report;

/// <summary>Where a ratio must lie and where it should.</summary>
internal sealed record Limit(bool AtLeast, double Must, double Goal)
{
    public static Limit NoLess(double must, double goal) => new(true, must, goal);

    public static Limit NoMore(double must, double goal) => new(false, must, goal);

    public string Verdict(double ratio) => Holds(ratio, Goal) ? "goal" : Holds(ratio, Must) ? "must" : FigureRow.Missed;

    public string Told(double bound) => $"{(AtLeast ? "≥" : "≤")} {Write.Times(bound)}";

    public bool Holds(double ratio, double bound) => AtLeast ? ratio >= bound : ratio <= bound;
}

/// <summary>One measured line, as docs/bench-results.json keeps it.</summary>
/// <param name="Id">The figure's id; lines of the same id differ in <paramref name="What"/>.</param>
internal sealed record FigureRow(string Id, string What, string Against)
{
    public const string Missed = "missed";

    /// <summary>The unit of a ratio that is shown as a fraction: 1/8,071 of the baseline's time.</summary>
    public const string OfItsTime = "of its time";

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

    public Circumstances? On { get; init; }

    /// <summary>What was measured, as the table shows it.</summary>
    [JsonIgnore]
    public string Measured => string.Join(": ", new[] { Number, Detail }.Where(part => part.Length > 0));

    /// <summary>The rest of the line in words, for the console.</summary>
    [JsonIgnore]
    public string Judgement => string.Join(", ", new[] { (Write.Times(Cpu), "CPU "), (Must, "must "), (Goal, "goal "), (Reached, "reached: ") }
        .Where(part => part.Item1.Length > 0).Select(part => part.Item2 + part.Item1));

    private string Number => (Value, Ratio) switch
    {
        ({ } value, _) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Unit}"),
        (_, { } ratio) when Unit == OfItsTime => string.Create(CultureInfo.InvariantCulture, $"1/{1 / ratio:N0} {Unit}"),
        (_, { } ratio) => Write.Times(ratio) + Between + Counted,
        _ => "",
    };

    private string Between => Spread is { } spread ? $" ({Write.Round(spread[0])}–{Write.Round(spread[1])})" : "";

    private string Counted => (Pairs is { } pairs ? string.Create(CultureInfo.InvariantCulture, $", {pairs} pairs") : "")
        + (Noisy ? ", noisy" : Dropped > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Dropped} dropped") : "");

    /// <summary>A figure that two ways of doing the same were measured for.</summary>
    public static FigureRow Of(string id, string what, string against, PairedRuns runs, Limit limit, string? note = null)
    {
        var ratio = runs.Of((b, o) => limit.AtLeast ? b.Seconds / o.Seconds : o.Seconds / b.Seconds);
        var cpu = runs.Of((b, o) => limit.AtLeast ? b.CpuSeconds / o.CpuSeconds : o.CpuSeconds / b.CpuSeconds);
        return new FigureRow(id, what, against)
        {
            Pairs = ratio.Count,
            Dropped = runs.Dropped,
            Noisy = runs.IsNoisy,
            Detail = $"{Write.Seconds(runs.MedianOfOurs(o => o.Seconds))} against {Write.Seconds(runs.MedianOfBaseline(b => b.Seconds))}{note}",
            Cpu = cpu.Median,
        }.With(ratio).Judged(limit);
    }

    public FigureRow With(Spread ratio) => this with { Ratio = ratio.Median, Spread = [ratio.Least, ratio.Most] };

    /// <summary>Holds the ratio against its limits.</summary>
    public FigureRow Judged(Limit limit) => this with { Must = limit.Told(limit.Must), Goal = limit.Told(limit.Goal), Reached = limit.Verdict(Ratio!.Value) };

    /// <summary>As it is kept: five digits say more than any of these measurements knows.</summary>
    public FigureRow Rounded() => this with
    {
        Ratio = Round(Ratio),
        Spread = Spread is null ? null : [.. Spread.Select(bound => Round(bound)!.Value)],
        Value = Round(Value),
        Cpu = Round(Cpu),
    };

    private static double? Round(double? value) => value is { } number ? double.Parse(number.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}

/// <summary>When, where and of what a line was measured.</summary>
/// <param name="Commit">The commit that was built; null for lines that are older than their being noted.</param>
/// <param name="Busy">The share of the processor that other programs took.</param>
internal sealed record Circumstances(DateOnly Date, double Busy, string? Commit, string Machine)
{
    private const double Quiet = 0.1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Date:O}{(Busy > Quiet ? string.Create(CultureInfo.InvariantCulture, $", busy: {Busy:P0} by others") : "")}");
}

/// <summary>How figures are written.</summary>
internal static class Write
{
    public static string Times(double? ratio) => ratio is { } times ? $"{Round(times)} ×" : "";

    public static string Told(Spread ratio) => $"{Round(ratio.Median)} × ({Round(ratio.Least)}–{Round(ratio.Most)})";

    public static string Seconds(double seconds) => seconds < 1
        ? $"{Round(seconds * 1000)} ms"
        : $"{Round(seconds)} s";

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    /// <summary>Three figures that count, as far as they stand behind the point.</summary>
    public static string Round(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
