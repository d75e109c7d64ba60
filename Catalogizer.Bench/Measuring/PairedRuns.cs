namespace Catalogizer.Bench.Measuring;

/// <summary>The baseline, ours, ours, the baseline: what drifts slowly falls on both alike.</summary>
internal sealed record PairedRound(Sample FirstBaseline, Sample FirstOurs, Sample SecondOurs, Sample SecondBaseline)
{
    private const double MaxDrift = 1.25;

    /// <summary>Whether the machine stood still enough: the two baselines lie within a quarter of each other.</summary>
    public bool IsQuiet => AreClose(FirstBaseline.Seconds, SecondBaseline.Seconds);

    /// <summary>Whether two runs of the same lie within a quarter of each other.</summary>
    public static bool AreClose(double one, double other) => Math.Max(one, other) <= MaxDrift * Math.Min(one, other);

    public IEnumerable<(Sample Baseline, Sample Ours)> Pairs => [(FirstBaseline, FirstOurs), (SecondBaseline, SecondOurs)];
}

/// <summary>Two ways of doing the same, measured by turns.</summary>
internal sealed class PairedRuns
{
    /// <summary>How often as many rounds are run as were wanted, when they are not quiet.</summary>
    public const int MaxTries = 3;

    /// <param name="pairCount">How many pairs are enough; those of a round that was not quiet do not count, and are tried again at most twice.</param>
    public static async Task<PairedRuns> MeasureAsync(int pairCount, Func<Task<Sample>> baseline, Func<Task<Sample>> ours)
    {
        var rounds = new List<PairedRound>();
        var enough = (pairCount + 1) / 2;
        while (rounds.Count(r => r.IsQuiet) < enough && rounds.Count < MaxTries * enough)
        {
            rounds.Add(new PairedRound(await baseline(), await ours(), await ours(), await baseline()));
        }

        return new PairedRuns(rounds);
    }

    public PairedRuns(IReadOnlyList<PairedRound> rounds)
    {
        var quiet = rounds.Where(r => r.IsQuiet).ToList();
        Dropped = 2 * (rounds.Count - quiet.Count);
        IsNoisy = quiet.Count == 0;

        // Better a figure that says it is noisy than none.
        Pairs = [.. (IsNoisy ? rounds : quiet).SelectMany(r => r.Pairs)];
    }

    public IReadOnlyList<(Sample Baseline, Sample Ours)> Pairs { get; }

    public int Dropped { get; }

    /// <summary>No round was quiet; what is told is of all of them.</summary>
    public bool IsNoisy { get; }

    public Spread CalculateSpread(Func<Sample, Sample, double> ratio) => Spread.From(Pairs.Select(p => ratio(p.Baseline, p.Ours)));

    public double MedianOfOurs(Func<Sample, double> selector) => Spread.From(Pairs.Select(p => selector(p.Ours))).Median;

    public double MedianOfBaseline(Func<Sample, double> selector) => Spread.From(Pairs.Select(p => selector(p.Baseline))).Median;
}
