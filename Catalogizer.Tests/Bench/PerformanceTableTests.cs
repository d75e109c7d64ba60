using Catalogizer.Bench.Report;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Bench;

public sealed class PerformanceTableTests : IDisposable
{
    private const string Monday = "2026-03-02";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Put_APartialRun_ReplacesItsLinesAlone()
    {
        var file = _folder.Write("performance.md", "# Fast\n\n<!-- figures -->\n<!-- /figures -->\n\nThe end.\n");
        var table = new PerformanceTable(file);
        table.Put([Row("P12", "counts"), Row("P12", "facets")], Monday);
        table.Put([Row("P2", "a large scan")], Monday);

        table.Put([Row("P12", "counts | again")], "2026-03-03");

        Assert.Equal(
            """
            # Fast

            <!-- figures -->
            | id | what | against | measured | CPU | must | goal | reached | on |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | P2 | a large scan | that | 1 × |  | ≤ 2 × | ≤ 1 × | goal | 2026-03-02 |
            | P12 | counts \| again | that | 1 × |  | ≤ 2 × | ≤ 1 × | goal | 2026-03-03 |
            <!-- /figures -->

            The end.

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(file));
    }

    [Fact]
    public void Put_WithoutAPlaceForIt_SaysSo() =>
        Assert.Throws<InvalidOperationException>(() => new PerformanceTable(_folder.Write("performance.md", "# Fast\n")).PutMachine("a machine"));

    /// <summary>The document itself takes all that the bench writes.</summary>
    [Fact]
    public void Document_HasAPlaceForEverything()
    {
        var file = _folder.Write("performance.md", RepositoryRoot.Read("docs/performance.md"));
        var table = new PerformanceTable(file);

        table.Put([Row("P1", "a scan")], Monday);
        table.Put([new PartRow("a part", "1 ns", "0 B")]);
        table.PutMachine("a machine");

        Assert.All(["| P1 | a scan |", "| a part | 1 ns | 0 B |", "\na machine\n"], line => Assert.Contains(line, File.ReadAllText(file), StringComparison.Ordinal));
    }

    private static FigureRow Row(string id, string what) => new(id, what, "that", "1 ×", "", "≤ 2 ×", "≤ 1 ×", "goal");
}
