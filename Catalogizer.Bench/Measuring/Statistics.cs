namespace Catalogizer.Bench.Measuring;

/// <summary>The median of some figures, with the smallest and the largest of them.</summary>
internal sealed record Spread(double Median, double Min, double Max, int Count)
{
    public static Spread From(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? throw new ArgumentException("There is no median of nothing.", nameof(values))
            : new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1], sorted.Length);
    }
}

internal static class Percentile
{
    /// <summary>The smallest figure that at least this share of all figures do not exceed.</summary>
    public static double Calculate(IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
