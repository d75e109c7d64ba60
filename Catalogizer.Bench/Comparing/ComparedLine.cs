using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Comparing;

/// <summary>What one run of a build took of something; less is better.</summary>
internal sealed record Cost(string What, string Unit, double Amount);

/// <summary>The older build, the newer one twice, the older one: what drifts slowly falls on both alike.</summary>
internal sealed record ComparedRound(double FirstOld, double FirstNew, double SecondNew, double SecondOld)
{
    public bool IsQuiet => Round.Agree(FirstOld, SecondOld);

    /// <summary>How far the older build was from itself.</summary>
    public double Drift => Math.Max(FirstOld, SecondOld) / Math.Min(FirstOld, SecondOld);

    public IEnumerable<double> Ratios => [FirstNew / FirstOld, SecondNew / SecondOld];
}

/// <summary>One cost of two builds, and what is to be thought of it.</summary>
internal sealed class ComparedLine
{
    private readonly IReadOnlyList<ComparedRound> _quiet;

    public ComparedLine(string what, string unit, IReadOnlyList<ComparedRound> rounds)
    {
        (What, Unit, _quiet) = (what, unit, [.. rounds.Where(round => round.IsQuiet)]);
        Dropped = 2 * (rounds.Count - _quiet.Count);
        Ratio = _quiet.Count == 0 ? null : Spread.Of(_quiet.SelectMany(round => round.Ratios));
    }

    public string What { get; }

    public string Unit { get; }

    /// <summary>The newer build's cost over the older one's; null when no round was quiet.</summary>
    public Spread? Ratio { get; }

    public int Pairs => Ratio?.Count ?? 0;

    public int Dropped { get; }

    /// <summary>Every pair says so, and the median by more than the spread.</summary>
    public bool IsWorse => Ratio is { } ratio && ratio.Least > 1 && ratio.Median - 1 > Noise(ratio);

    public bool IsBetter => Ratio is { } ratio && ratio.Most < 1 && 1 - ratio.Median > Noise(ratio);

    public double Old => Spread.Of(_quiet.SelectMany(round => new[] { round.FirstOld, round.SecondOld })).Median;

    public double New => Spread.Of(_quiet.SelectMany(round => new[] { round.FirstNew, round.SecondNew })).Median;

    /// <summary>Half of what lies between the smallest and the largest ratio, or what the older build was from itself if that is more.</summary>
    private double Noise(Spread ratio) => Math.Max((ratio.Most - ratio.Least) / 2, Spread.Of(_quiet.Select(round => round.Drift)).Median - 1);
}
