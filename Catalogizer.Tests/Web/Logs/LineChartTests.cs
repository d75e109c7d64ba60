using Bunit;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Logs;

namespace Catalogizer.Tests.Web.Logs;

public sealed class LineChartTests : PageTest
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Chart_GapAndLoneValue_AreDrawnAsSuch()
    {
        var chart = RenderChart(10, null, 4, 4);

        Assert.Equal("M0 0.5h.01M2 59.9L3 59.9", chart.Find(".measure-line").GetAttribute("d"));
        Assert.Equal(["10", "5", "0"], chart.FindAll(".measure-scale span").Select(s => s.TextContent));
    }

    [Fact]
    public void Chart_SaysItsValuesToThoseWhoDoNotSeeIt() =>
        Assert.Equal("Requests, count: all at most 12, last 3", RenderChart(12, 3, null, 3).Find("[role=img]").GetAttribute("aria-label"));

    [Fact]
    public void Chart_NothingMeasured_HasAScaleAllTheSame() => Assert.Equal("1", RenderChart(null, null, 0, null).Find(".measure-scale span").TextContent);

    private IRenderedComponent<LineChart> RenderChart(params double?[] values) => Render<LineChart>(p => p
        .Add(c => c.Title, "Requests").Add(c => c.Unit, "count").Add(c => c.Times, [.. values.Select((_, i) => Noon.AddMinutes(i))])
        .Add(c => c.Lines, [new LineChart.ChartLine("all", values, "red")]));
}
