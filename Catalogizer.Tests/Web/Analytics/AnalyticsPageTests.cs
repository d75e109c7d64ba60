using Bunit;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;
using Catalogizer.Web.Components.Analytics;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using AnalyticsPage = Catalogizer.Web.Components.Analytics.Analytics;

namespace Catalogizer.Tests.Web.Analytics;

/// <summary>The analytics page over a real catalogue, and the tables behind it.</summary>
public sealed class AnalyticsPageTests : CatalogPageTest
{
    [Fact]
    public void Page_NoSnapshotYet_SaysWhenNumbersCome()
    {
        var page = Render<AnalyticsPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing to count yet", page.Find(".face").TextContent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("analytics?days=bogus", "days=bogus")]
    [InlineData("analytics?days=31", "days=31")]
    [InlineData("analytics?bogus=1&days=30", "bogus=1")]
    public void Page_AddressNotUnderstood_SaysWhichPart(string address, string part)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        var page = Render<AnalyticsPage>();

        page.WaitForAssertion(() => Assert.Contains($"“{part}”", page.Find(".notice").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_Snapshot_ShowsEveryTableWithLinksToWhatItCounts()
    {
        using (var connection = Catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SyntheticCatalog.Fill(connection, 2000);
        }

        await Catalog.Analytics.TakeSnapshotAsync(default);

        var page = Render<AnalyticsPage>();

        page.WaitForAssertion(() => Assert.Equal(AnalyticsTables.Names.Select(n => $"chart-{n}"), page.FindAll(".chart h2").Select(h => h.Id)));
        var addresses = page.FindAll(".chart-table tbody a").Select(a => a.GetAttribute("href")).ToList();
        Assert.Contains("library?type=movie", addresses);
        Assert.Contains("library?resolution=1080p", addresses);
        Assert.Contains("library?codec=H.265", addresses);
        Assert.Contains("library?source=1", addresses);
        Assert.Contains("library?yearFrom=1990&yearTo=1999", addresses);
        Assert.Contains(addresses, a => a!.StartsWith("item/", StringComparison.Ordinal));
        Assert.Equal(
            Catalog.Count("SELECT count(DISTINCT coalesce(i.parent_id, i.id)) FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE v.video_codec = 'AV1'").ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
            page.FindAll("section[aria-labelledby=chart-codecs] tbody tr").Single(r => r.QuerySelector("th")!.TextContent.Trim() == "AV1").QuerySelector("td")!.TextContent);
        Assert.Equal(AnalyticsTables.Names.Count, page.FindAll("a[download]").Count);
    }

    [Fact]
    public async Task Page_SnapshotTakenMeanwhile_ShowsItByItself()
    {
        var page = Render<AnalyticsPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".face")));

        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        await Catalog.Analytics.TakeSnapshotAsync(default);

        page.WaitForAssertion(() => Assert.Contains("1 work", page.Find(".page-summary").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Bars_OfWhatIsListed_AreLinksThatSayTheirNumber()
    {
        AnalyticsRow[] rows = [new("Films", "library?type=movie", [1200]), new("=Odd", null, [300])];

        var chart = Render<BarChart>(p => p.Add(c => c.Table, new AnalyticsTable("types", "Types", "Type", [new AnalyticsColumn("Works")], rows)));

        Assert.Equal("library?type=movie", chart.Find("a.chart-bar").GetAttribute("href"));
        Assert.Equal(["Films1,200", "=Odd300"], chart.FindAll(".chart-bar").Select(b => string.Concat(b.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(["--value:100%", "--value:25%"], chart.FindAll(".meter").Select(m => m.GetAttribute("style")));
    }

    [Fact]
    public async Task Bars_OfManyDecades_DrawTheNewestAndLeadToAsManyWorksAsTheySay()
    {
        int[] years = [1813, .. Enumerable.Range(0, 28).Select(i => 1890 + (5 * i))];
        foreach (var year in years)
        {
            Catalog.Write($"Film Of {year} ({year}) {(year % 2 == 0 ? "1080p x264" : "720p x265")}.mkv");
        }

        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        await Catalog.Analytics.TakeSnapshotAsync(default);
        var page = Render<AnalyticsPage>();
        page.WaitForElement("#chart-decades");

        var bars = page.FindAll("section[aria-labelledby=chart-decades] .chart-bar");
        Assert.Equal(["Before 1920", "1920s", "2020s"], new[] { bars[0], bars[1], bars[^1] }.Select(b => b.QuerySelector(".chart-label")!.TextContent.Trim()));
        Assert.Equal(years.Count(y => y < 1920), int.Parse(bars[0].QuerySelector(".chart-number")!.TextContent, System.Globalization.CultureInfo.InvariantCulture));
        string[] charts = ["types", "sources", "resolutions", "codecs", "decades"];
        foreach (var bar in charts.SelectMany(chart => page.FindAll($"section[aria-labelledby=chart-{chart}] .chart-bar")))
        {
            var listed = await Catalog.FindAsync(CatalogUrls.ParseLibrary(bar.GetAttribute("href")!).Query);
            Assert.Equal(bar.QuerySelector(".chart-number")!.TextContent, listed.Total.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Bars_OfMoreThanFit_SayHowManyOnlyTheTableHas()
    {
        AnalyticsRow[] rows = [.. Enumerable.Range(1, 15).Select(i => new AnalyticsRow($"Codec {i}", null, [100 - i]))];

        var chart = Render<BarChart>(p => p.Add(c => c.Table, new AnalyticsTable("codecs", "Codec", "Codec", [new AnalyticsColumn("Works")], rows)));

        Assert.Equal(12, chart.FindAll(".chart-bar").Count);
        Assert.Equal("3 more in the table.", chart.Find("p.muted").TextContent);
    }

    [Fact]
    public void Growth_SeveralDays_IsACurveWithItsTable()
    {
        var start = new DateOnly(2026, 3, 1);
        var growth = new Growth(start, start.AddDays(2), [.. Enumerable.Range(0, 3).Select(i => new GrowthDay(start.AddDays(i), 10 * i, i == 0 ? null : 12, 20 * i, 1_000_000_000L * i, i == 0))]);

        var chart = Render<GrowthChart>(p => p.Add(c => c.Growth, growth).Add(c => c.Table, AnalyticsTables.CreateGrowth(growth)));

        Assert.Contains("Before 2 March 2026", chart.Find(".hint").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(chart.FindAll(".rz-chart path"));
        Assert.Equal(["2026-03-01", "2026-03-02", "2026-03-03"], chart.FindAll("tbody th").Select(t => t.TextContent.Trim()));
        Assert.Equal("2 GB", chart.FindAll("tbody tr")[2].QuerySelectorAll("td")[2].TextContent);
        chart.FindAll(".chart-measures button")[2].Click();
        Assert.Equal("true", chart.FindAll(".chart-measures button")[2].GetAttribute("aria-pressed"));
    }

    [Fact]
    public void Cells_HostileNames_AreGivenAsTheyAreAndGuardedInTheFile()
    {
        var table = new AnalyticsTable("largest-works", "Largest works", "Work", [new AnalyticsColumn("Size", IsBytes: true)], [new AnalyticsRow("=HYPERLINK(\"http://x\")", null, [12])]);

        Assert.Equal("Work,Bytes\r\n\"'=HYPERLINK(\"\"http://x\"\")\",12\r\n", Csv.Format(table.ToCells()));
    }
}
