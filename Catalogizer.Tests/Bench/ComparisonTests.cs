using Catalogizer.Bench.Comparing;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Tests.Bench;

public class ComparisonTests
{
    [Fact]
    public void Line_EveryPairSlower_IsWorse()
    {
        var line = CreateComparison(new(100, 110, 112, 102), new(100, 115, 111, 101));

        Assert.Equal((true, false, 4, 0), (line.IsWorse, line.IsBetter, line.Pairs, line.Dropped));
    }

    [Fact]
    public void Line_EveryPairFaster_IsBetter() => Assert.Equal((false, true), GetVerdict(CreateComparison(new(100, 80, 81, 102), new(100, 79, 80, 101))));

    [Fact]
    public void Line_OnePairNotSlower_IsNotWorse() => Assert.Equal((false, false), GetVerdict(CreateComparison(new(100, 110, 112, 102), new(100, 115, 100, 101))));

    /// <summary>The older build differs from itself by a fifth, so a tenth is not significant.</summary>
    [Fact]
    public void Line_SlowerByLessThanTheOlderBuildDiffersFromItself_IsNotWorse() => Assert.False(CreateComparison(new(100, 108, 130, 120), new(100, 105, 126, 120)).IsWorse);

    /// <summary>Every pair is slower, but the pairs differ too much to tell by how much.</summary>
    [Fact]
    public void Line_SlowerByLessThanTheSpread_IsNotWorse() => Assert.False(CreateComparison(new(100, 104, 239, 102), new(100, 130, 133, 101)).IsWorse);

    [Fact]
    public void Line_TheSame_IsNeither() => Assert.Equal((false, false), GetVerdict(CreateComparison(new ComparisonRound(100, 100, 100, 100))));

    [Fact]
    public void Line_OlderRunsMoreThanAQuarterApart_AreDropped()
    {
        var line = CreateComparison(new(100, 300, 300, 126), new(100, 99, 101, 125));

        Assert.Equal((2, 2, false), (line.Pairs, line.Dropped, line.IsWorse));
        Assert.Equal(0.99, line.Ratio!.Max);
    }

    [Fact]
    public void Line_NothingQuiet_IsNotJudged()
    {
        var line = CreateComparison(new ComparisonRound(100, 300, 300, 126));

        Assert.Equal((null, 0, 2), (line.Ratio, line.Pairs, line.Dropped));
        Assert.Equal((false, false), GetVerdict(line));
    }

    [Fact]
    public async Task Measure_RunsOldNewNewOld_AndStopsWhenThereAreEnoughPairs()
    {
        var order = "";

        var lines = await Comparison.MeasureAsync(() => RunAsync('A', 2, 10), () => RunAsync('B', 3, 10), wanted: 4);

        Assert.Equal("ABBAABBA", order);
        Assert.Equal([("a scan", 1.5), ("memory", 1.0)], lines.Select(line => (line.Description, line.Ratio!.Median)));

        Task<IReadOnlyList<Cost>> RunAsync(char which, double scan, double memory)
        {
            order += which;
            return Task.FromResult<IReadOnlyList<Cost>>([new Cost("a scan", "s", scan), new Cost("memory", "MB", memory)]);
        }
    }

    /// <summary>Only one of the costs is noisy, and only its pairs are dropped.</summary>
    [Fact]
    public async Task Measure_ANoisyLine_IsTriedAgainAtMostTwiceOver()
    {
        var runs = 0;

        var lines = await Comparison.MeasureAsync(() => Task.FromResult(CreateCosts(++runs % 2 == 0 ? 2 : 1)), () => Task.FromResult(CreateCosts(1)), wanted: 4);

        Assert.Equal(2 * PairedRuns.MaxTries * 4 / 2, runs);
        Assert.Equal([(0, 12), (12, 0)], lines.Select(line => (line.Pairs, line.Dropped)));

        static IReadOnlyList<Cost> CreateCosts(double seconds) => [new Cost("a scan", "s", seconds), new Cost("memory", "MB", 5)];
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("90s", 90)]
    [InlineData("24h", 86400)]
    [InlineData("10", null)]
    [InlineData("m", null)]
    [InlineData("-1h", null)]
    [InlineData("1d", null)]
    public void Duration_IsReadAsItIsTyped(string typed, int? seconds) => Assert.Equal(seconds, Catalogizer.Bench.Duration.Parse(typed)?.TotalSeconds);

    private static CostComparison CreateComparison(params ComparisonRound[] rounds) => new("a scan", "s", rounds);

    private static (bool Worse, bool Better) GetVerdict(CostComparison line) => (line.IsWorse, line.IsBetter);
}
