using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;

namespace Catalogizer.Tests.Bench;

public class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 9.0, 1.0, 2.0 }, 2, 1, 9)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 9.0 }, 3, 1, 9)]
    public void Spread_IsTheMedianBetweenTheEnds(double[] values, double median, double min, double max) =>
        Assert.Equal(new Spread(median, min, max, values.Length), Spread.From(values));

    [Fact]
    public void Spread_OfNothing_IsRefused() => Assert.Throws<ArgumentException>(() => Spread.From([]));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Percentile_IsTheFigureThatThatShareDoesNotExceed(double share, double expected) =>
        Assert.Equal(expected, Percentile.Calculate([.. Enumerable.Range(1, 100).Select(i => (double)i).Reverse()], share));

    [Theory]
    [InlineData(1.0, 1.25, true)]
    [InlineData(1.25, 1.0, true)]
    [InlineData(1.0, 1.26, false)]
    [InlineData(1.26, 1.0, false)]
    public void Round_IsQuiet_WhileItsBaselinesLieWithinAQuarter(double first, double second, bool quiet) =>
        Assert.Equal(quiet, new PairedRound(CreateSample(first), CreateSample(9), CreateSample(1), CreateSample(second)).IsQuiet);

    [Fact]
    public void Pairs_EachOursBelongsToTheBaselineNextToIt()
    {
        var runs = new PairedRuns([new PairedRound(CreateSample(1), CreateSample(2), CreateSample(6), CreateSample(1.2))]);

        Assert.Equal(new Spread(3.5, 2, 5, 2), runs.CalculateSpread((baseline, ours) => ours.Seconds / baseline.Seconds));
    }

    [Fact]
    public void Pairs_OfARoundThatWasNotQuiet_AreDropped()
    {
        var runs = new PairedRuns([new PairedRound(CreateSample(1), CreateSample(2), CreateSample(2), CreateSample(1)), new PairedRound(CreateSample(1), CreateSample(9), CreateSample(9), CreateSample(2))]);

        Assert.Equal((2, 2, false), (runs.Pairs.Count, runs.Dropped, runs.IsNoisy));
        Assert.Equal(2, runs.CalculateSpread((baseline, ours) => ours.Seconds / baseline.Seconds).Max);
    }

    [Fact]
    public async Task Measure_RunsByTurns_AndStopsWhenThereAreEnoughPairs()
    {
        var order = "";
        var runs = await PairedRuns.MeasureAsync(3, () => RunAsync('A', 1), () => RunAsync('B', 2));

        Assert.Equal("ABBAABBA", order);
        Assert.Equal((4, 0), (runs.Pairs.Count, runs.Dropped));

        Task<Sample> RunAsync(char which, double seconds)
        {
            order += which;
            return Task.FromResult(CreateSample(seconds));
        }
    }

    [Fact]
    public async Task Measure_ARoundThatWasNotQuiet_IsRunAgain()
    {
        var baselines = new Queue<double>([1, 2, 1, 1]);

        var runs = await PairedRuns.MeasureAsync(2, () => Task.FromResult(CreateSample(baselines.Dequeue())), () => Task.FromResult(CreateSample(1)));

        Assert.Equal((2, 2, false), (runs.Pairs.Count, runs.Dropped, runs.IsNoisy));
    }

    [Fact]
    public async Task Measure_NeverQuiet_GivesUpAfterThreeTriesAndSaysSo()
    {
        var calls = 0;

        var runs = await PairedRuns.MeasureAsync(2, () => Task.FromResult(CreateSample(++calls)), () => Task.FromResult(CreateSample(1)));

        Assert.Equal((6, true), (calls, new PairedRuns([new PairedRound(CreateSample(1), CreateSample(1), CreateSample(1), CreateSample(2))]).IsNoisy));
        Assert.True(runs.Dropped > 0);
    }

    [Theory]
    [InlineData(0.5, "missed")]
    [InlineData(0.6, "must")]
    [InlineData(1.0, "goal")]
    public void Limit_NoLess_IsReachedFromBelow(double ratio, string verdict) => Assert.Equal(verdict, Limit.Minimum(0.6, 1.0).Evaluate(ratio));

    [Theory]
    [InlineData(0.4, "missed")]
    [InlineData(0.3, "must")]
    [InlineData(0.1, "goal")]
    public void Limit_NoMore_IsReachedFromAbove(double ratio, string verdict) => Assert.Equal(verdict, Limit.Maximum(0.3, 0.12).Evaluate(ratio));

    [Fact]
    public void Row_OfSpeed_IsTheBaselinesTimeOverOurs()
    {
        var row = ResultRow.FromRuns("P1", "a scan", "a loader", new PairedRuns([new PairedRound(CreateSample(1), CreateSample(2), CreateSample(4), CreateSample(1))]), Limit.Minimum(0.6, 1));

        Assert.StartsWith("0.38 × (0.25–0.50), 2 pairs: 3.00 s against 1.00 s", row.Measured, StringComparison.Ordinal);
        Assert.Equal(("≥ 0.60 ×", "≥ 1.00 ×", "missed"), (row.Must, row.Goal, row.Reached));
    }

    private static Sample CreateSample(double seconds) => new(seconds, seconds, seconds, 0);
}
