using System.Globalization;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Report;

/// <summary>Where a ratio must lie and where it should.</summary>
internal sealed record Limit(bool AtLeast, double Must, double Goal)
{
    public static Limit NoLess(double must, double goal) => new(true, must, goal);

    public static Limit NoMore(double must, double goal) => new(false, must, goal);

    public string Verdict(double ratio) => Holds(ratio, Goal) ? "goal" : Holds(ratio, Must) ? "must" : "**missed**";

    public string Told(double bound) => $"{(AtLeast ? "≥" : "≤")} {Write.Times(bound)}";

    public bool Holds(double ratio, double bound) => AtLeast ? ratio >= bound : ratio <= bound;
}

/// <summary>One line of the table.</summary>
/// <param name="Id">The figure's id; lines of the same id differ in <paramref name="What"/>.</param>
internal sealed record FigureRow(string Id, string What, string Against, string Measured, string Cpu, string Must, string Goal, string Reached)
{
    /// <summary>The rest of the line in words, for the console.</summary>
    public string Judgement => string.Join(", ", new[] { (Cpu, $"CPU {Cpu}"), (Must, $"must {Must}"), (Goal, $"goal {Goal}"), (Reached, $"reached: {Reached}") }
        .Where(part => part.Item1.Length > 0).Select(part => part.Item2));

    /// <summary>A figure that two ways of doing the same were measured for.</summary>
    public static FigureRow Of(string id, string what, string against, PairedRuns runs, Limit limit, string? note = null)
    {
        var ratio = runs.Of((b, o) => limit.AtLeast ? b.Seconds / o.Seconds : o.Seconds / b.Seconds);
        var cpu = runs.Of((b, o) => limit.AtLeast ? b.CpuSeconds / o.CpuSeconds : o.CpuSeconds / b.CpuSeconds);
        var noise = (runs.Dropped, runs.IsNoisy) switch
        {
            (_, true) => ", noisy",
            (0, _) => "",
            _ => string.Create(CultureInfo.InvariantCulture, $", {runs.Dropped} dropped"),
        };
        var measured = string.Create(CultureInfo.InvariantCulture,
            $"{Write.Told(ratio)}, {ratio.Count} pairs{noise}: {Write.Seconds(runs.MedianOfOurs(o => o.Seconds))} against {Write.Seconds(runs.MedianOfBaseline(b => b.Seconds))}{note}");
        return new FigureRow(id, what, against, measured, Write.Times(cpu.Median), limit.Told(limit.Must), limit.Told(limit.Goal), limit.Verdict(ratio.Median));
    }
}

/// <summary>How figures are written.</summary>
internal static class Write
{
    public static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{Round(ratio)} ×");

    public static string Told(Spread ratio) => string.Create(CultureInfo.InvariantCulture, $"{Round(ratio.Median)} × ({Round(ratio.Least)}–{Round(ratio.Most)})");

    public static string Seconds(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Round(seconds * 1000)} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Round(seconds)} s");

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    /// <summary>Three figures that count, as far as they stand behind the point.</summary>
    private static string Round(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
