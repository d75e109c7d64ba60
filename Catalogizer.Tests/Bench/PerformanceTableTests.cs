using Catalogizer.Bench.Report;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Bench;

public class PerformanceTableTests
{
    private const string Empty = "# Fast\n\n<!-- machine -->\n<!-- /machine -->\n<!-- figures -->\n<!-- /figures -->\n<!-- parts -->\n<!-- /parts -->\n\nThe end.\n";

    private static readonly RunEnvironment Monday = new(new DateOnly(2026, 3, 2), 0.02, "abc1234", "2 cores");
    private static readonly RunEnvironment Tuesday = Monday with { Date = new DateOnly(2026, 3, 3), Busy = 0.31 };

    [Fact]
    public void Document_HoldsWhatTheResultsSay()
    {
        var document = RepositoryRoot.Read("docs/performance.md");

        Assert.Equal(document, PerformanceTable.Update(document, BenchResults.Parse(RepositoryRoot.Read("docs/bench-results.json"))));
    }

    [Fact]
    public void Results_AreWrittenAsTheyAreRead()
    {
        var json = RepositoryRoot.Read("docs/bench-results.json");

        Assert.Equal(json, BenchResults.Parse(json).ToJson());
    }

    [Fact]
    public void Update_APartialRun_ReplacesItsLinesAlone()
    {
        var results = new BenchResults([], [])
            .With("counts", Monday, [CreateRow("P12", "counts"), CreateRow("P12", "facets")])
            .With("scan-1m", Monday, [CreateRow("P2", "a large scan")])
            .With("circuits", Monday, [CreateRow("P12", "of another figure") with { Ratio = null, Value = 194, Unit = "KiB" }])
            .With([new MicrobenchmarkRow("a part", 7100, 3891.2), new MicrobenchmarkRow("a small part", 183, 312)]);

        results = results.With("counts", Tuesday, [CreateRow("P12", "counts | again") with { Pairs = 6, Dropped = 2, Spread = [0.9, 1.123456789], Reached = ResultRow.Missed, Cpu = 0.5 }]);

        Assert.Equal(
            """
            # Fast

            <!-- machine -->
            Machine: 2 cores; last run on 2026-03-03.
            <!-- /machine -->
            <!-- figures -->
            | id | what | against | measured | CPU | must | goal | reached | on |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | P2 | a large scan | that | 1.00 ×: 2 s against 2 s |  | ≤ 2 × | ≤ 1 × | goal | 2026-03-02 |
            | P12 | of another figure | that | 194 KiB: 2 s against 2 s |  | ≤ 2 × | ≤ 1 × | goal | 2026-03-02 |
            | P12 | counts \| again | that | 1.00 × (0.90–1.12), 6 pairs, 2 dropped: 2 s against 2 s | 0.50 × | ≤ 2 × | ≤ 1 × | **missed** | 2026-03-03, busy: 31 % by others |
            <!-- /figures -->
            <!-- parts -->
            | part | mean | allocated |
            | --- | --- | --- |
            | a part | 7.1 µs | 3.8 KiB |
            | a small part | 183 ns | 312 B |
            <!-- /parts -->

            The end.

            """.ReplaceLineEndings("\n"),
            PerformanceTable.Update(Empty, results));
    }

    [Fact]
    public void Update_TwoMachines_SaysWhichIsTheLast()
    {
        var results = new BenchResults([], []).With("new", Tuesday with { Machine = "8 cores" }, [CreateRow("P1", "a scan")]).With("old", Monday, [CreateRow("P2", "a large scan")]);

        Assert.Contains("Machine: 2 cores; last run on 2026-03-02.\nMachine: 8 cores; last run on 2026-03-03.\n", PerformanceTable.Update(Empty, results), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_WithoutAPlaceForIt_SaysSo() =>
        Assert.Throws<InvalidOperationException>(() => PerformanceTable.Update("# Fast\n", new BenchResults([], [])));

    [Theory]
    [InlineData(0.000124, "of its time", "1/8,065 of its time")]
    [InlineData(2477, "×", "2477 ×")]
    [InlineData(0.08, "×", "0.0800 ×")]
    public void Measured_ARatio_IsToldInItsUnit(double ratio, string unit, string expected) =>
        Assert.Equal(expected, new ResultRow("P1", "a scan", "that") { Ratio = ratio, Unit = unit }.Measured);

    private static ResultRow CreateRow(string id, string what) => new(id, what, "that") { Ratio = 1, Detail = "2 s against 2 s", Must = "≤ 2 ×", Goal = "≤ 1 ×", Reached = "goal" };
}
