using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Comparing;

/// <summary>What one run of a build took of something; less is better.</summary>
internal sealed record Cost(string Description, string Unit, double Amount);

/// <summary>The older build, the newer one twice, the older one: what drifts slowly falls on both alike.</summary>
internal sealed record ComparisonRound(double FirstOld, double FirstNew, double SecondNew, double SecondOld)
{
    public bool IsQuiet => PairedRound.AreClose(FirstOld, SecondOld);

    /// <summary>How far the older build was from itself.</summary>
    public double Drift => Math.Max(FirstOld, SecondOld) / Math.Min(FirstOld, SecondOld);

    public IEnumerable<double> Ratios => [FirstNew / FirstOld, SecondNew / SecondOld];
}

/// <summary>One cost of two builds, and what is to be thought of it.</summary>
internal sealed class CostComparison
{
    private readonly IReadOnlyList<ComparisonRound> _quietRounds;

    public CostComparison(string description, string unit, IReadOnlyList<ComparisonRound> rounds)
    {
        (Description, Unit, _quietRounds) = (description, unit, [.. rounds.Where(round => round.IsQuiet)]);
        Dropped = 2 * (rounds.Count - _quietRounds.Count);
        Ratio = _quietRounds.Count == 0 ? null : Spread.From(_quietRounds.SelectMany(round => round.Ratios));
    }

    public string Description { get; }

    public string Unit { get; }

    /// <summary>The newer build's cost over the older one's; null when no round was quiet.</summary>
    public Spread? Ratio { get; }

    public int Pairs => Ratio?.Count ?? 0;

    public int Dropped { get; }

    /// <summary>Every pair says so, and the median by more than the spread.</summary>
    public bool IsWorse => Ratio is { } ratio && ratio.Min > 1 && ratio.Median - 1 > MeasureNoise(ratio);

    public bool IsBetter => Ratio is { } ratio && ratio.Max < 1 && 1 - ratio.Median > MeasureNoise(ratio);

    public double OldMedian => Spread.From(_quietRounds.SelectMany(round => new[] { round.FirstOld, round.SecondOld })).Median;

    public double NewMedian => Spread.From(_quietRounds.SelectMany(round => new[] { round.FirstNew, round.SecondNew })).Median;

    /// <summary>Half of what lies between the smallest and the largest ratio, or what the older build was from itself if that is more.</summary>
    private double MeasureNoise(Spread ratio) => Math.Max((ratio.Max - ratio.Min) / 2, Spread.From(_quietRounds.Select(round => round.Drift)).Median - 1);
}
