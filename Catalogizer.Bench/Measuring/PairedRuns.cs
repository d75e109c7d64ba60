namespace Catalogizer.Bench.Measuring;

/// <summary>Measured in the order baseline, ours, ours, baseline, so that slow drift affects both alike.</summary>
internal sealed record PairedRound(Sample FirstBaseline, Sample FirstOurs, Sample SecondOurs, Sample SecondBaseline)
{
    private const double MaxDrift = 1.25;

    /// <summary>Whether the machine was quiet enough: the two baselines differ by a quarter at most.</summary>
    public bool IsQuiet => AreClose(FirstBaseline.Seconds, SecondBaseline.Seconds);

    /// <summary>Whether two runs of the same differ by a quarter at most.</summary>
    public static bool AreClose(double one, double other) => Math.Max(one, other) <= MaxDrift * Math.Min(one, other);

    public IEnumerable<(Sample Baseline, Sample Ours)> Pairs => [(FirstBaseline, FirstOurs), (SecondBaseline, SecondOurs)];
}

/// <summary>Two ways of doing the same, measured alternately.</summary>
internal sealed class PairedRuns
{
    /// <summary>Rounds that are not quiet are repeated: at most this many times the wanted number of rounds is run.</summary>
    public const int MaxTries = 3;

    /// <param name="pairCount">Number of pairs wanted. Rounds that were not quiet do not count, and at most twice as many extra rounds are run.</param>
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

        // A result marked as noisy is better than none.
        Pairs = [.. (IsNoisy ? rounds : quiet).SelectMany(r => r.Pairs)];
    }

    public IReadOnlyList<(Sample Baseline, Sample Ours)> Pairs { get; }

    public int Dropped { get; }

    /// <summary>No round was quiet; the results use all of them.</summary>
    public bool IsNoisy { get; }

    public Spread CalculateSpread(Func<Sample, Sample, double> ratio) => Spread.From(Pairs.Select(p => ratio(p.Baseline, p.Ours)));

    public double MedianOfOurs(Func<Sample, double> selector) => Spread.From(Pairs.Select(p => selector(p.Ours))).Median;

    public double MedianOfBaseline(Func<Sample, double> selector) => Spread.From(Pairs.Select(p => selector(p.Baseline))).Median;
}
