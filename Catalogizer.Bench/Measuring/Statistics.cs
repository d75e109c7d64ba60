namespace Catalogizer.Bench.Measuring;

/// <summary>Median, minimum and maximum of some values.</summary>
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
    /// <summary>The smallest value that at least <paramref name="share"/> (0 to 1) of all values do not exceed.</summary>
    public static double Calculate(IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
