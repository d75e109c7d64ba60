using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Comparing;

/// <summary>One cost of one run of a build; less is better.</summary>
internal sealed record Cost(string Description, string Unit, double Amount);

/// <summary>Measured in the order old, new, new, old, so that slow drift affects both builds alike.</summary>
internal sealed record ComparisonRound(double FirstOld, double FirstNew, double SecondNew, double SecondOld)
{
    public bool IsQuiet => PairedRound.AreClose(FirstOld, SecondOld);

    /// <summary>Ratio of the older build's two amounts, the larger one over the smaller.</summary>
    public double Drift => Math.Max(FirstOld, SecondOld) / Math.Min(FirstOld, SecondOld);

    public IEnumerable<double> Ratios => [FirstNew / FirstOld, SecondNew / SecondOld];
}

/// <summary>One cost of two builds, and whether it got worse or better.</summary>
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

    /// <summary>Cost of the newer build over that of the older one; null when no round was quiet.</summary>
    public Spread? Ratio { get; }

    public int Pairs => Ratio?.Count ?? 0;

    public int Dropped { get; }

    /// <summary>Whether every pair is worse, and the median by more than the noise.</summary>
    public bool IsWorse => Ratio is { } ratio && ratio.Min > 1 && ratio.Median - 1 > MeasureNoise(ratio);

    public bool IsBetter => Ratio is { } ratio && ratio.Max < 1 && 1 - ratio.Median > MeasureNoise(ratio);

    public double OldMedian => Spread.From(_quietRounds.SelectMany(round => new[] { round.FirstOld, round.SecondOld })).Median;

    public double NewMedian => Spread.From(_quietRounds.SelectMany(round => new[] { round.FirstNew, round.SecondNew })).Median;

    /// <summary>Half the range of the ratios, or the median drift of the older build if that is more.</summary>
    private double MeasureNoise(Spread ratio) => Math.Max((ratio.Max - ratio.Min) / 2, Spread.From(_quietRounds.Select(round => round.Drift)).Median - 1);
}
