using Catalogizer.Bench.Figures;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Tests.Bench;

/// <summary>Runs the measurement end to end on a small tree, so that it keeps working. The measured values mean nothing here.</summary>
[Trait("Category", "Server")]
public class FirstScanTests
{
    [Fact]
    public async Task Measure_SmallTree_HoldsTheScanAgainstTheLoader()
    {
        var app = new PublishedApp(Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll"));

        var row = await new FirstScanScenario("small", "P1", 2000, 2, Limit.Minimum(0.6, 1)).MeasureAsync(app, pairCount: 2);

        Assert.StartsWith("first scan, 2,000 local files in 3", row.What, StringComparison.Ordinal);
        Assert.Matches(@"^\d.* × \(.+\), \d+ pairs.*: .+ against .+; whole process .+ without a file; at most \d+ MB resident$", row.Measured);
        Assert.Matches("^(goal|must|missed)$", row.Reached);
    }
}
