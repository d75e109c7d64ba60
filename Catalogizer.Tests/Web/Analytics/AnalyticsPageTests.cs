using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Analytics;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using AnalyticsPage = Catalogizer.Web.Components.Analytics.Analytics;

namespace Catalogizer.Tests.Web.Analytics;

/// <summary>The analytics page over a real catalogue, and the tables it is made of.</summary>
public sealed class AnalyticsPageTests : CataloguePageTest
{
    [Fact]
    public void Page_NoSnapshotYet_SaysWhenNumbersCome()
    {
        var page = Render<AnalyticsPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing to count yet", page.Find(".face").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_Snapshot_ShowsEveryTableWithLinksToWhatItCounts()
    {
        using (var connection = Catalogue.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            MadeCatalogue.Fill(connection, 2000);
        }

        await Catalogue.Analytics.TakeSnapshotAsync(default);

        var page = Render<AnalyticsPage>();

        page.WaitForAssertion(() => Assert.Equal(AnalyticsTables.Names.Select(n => $"chart-{n}"), page.FindAll(".chart h2").Select(h => h.Id)));
        var addresses = page.FindAll(".chart-table tbody a").Select(a => a.GetAttribute("href")).ToList();
        Assert.Contains("/library?type=movie", addresses);
        Assert.Contains("/library?resolution=1080p", addresses);
        Assert.Contains("/library?codec=H.265", addresses);
        Assert.Contains("/library?source=1", addresses);
        Assert.Contains("/library?yearFrom=1990&yearTo=1999", addresses);
        Assert.Contains(addresses, a => a!.StartsWith("/item/", StringComparison.Ordinal));
        Assert.Equal(
            Catalogue.Count("SELECT count(*) FROM media_items WHERE is_work = 1 AND best_codec = 'AV1'").ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
            page.FindAll("section[aria-labelledby=chart-codecs] tbody tr").Single(r => r.QuerySelector("th")!.TextContent.Trim() == "AV1").QuerySelector("td")!.TextContent);
        Assert.Equal(AnalyticsTables.Names.Count, page.FindAll("a[download]").Count);
    }

    [Fact]
    public async Task Page_SnapshotTakenMeanwhile_ShowsItByItself()
    {
        var page = Render<AnalyticsPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".face")));

        Catalogue.Write("Films/A Wonder (2001) 1080p.mkv");
        await Catalogue.ScanAsync((await Catalogue.AddSourceAsync()).Id);
        await Catalogue.Analytics.TakeSnapshotAsync(default);

        page.WaitForAssertion(() => Assert.Contains("1 work", page.Find(".page-summary").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Bar_Clicked_LeadsToWhatItCounts()
    {
        var row = new AnalyticsRow("Films", "/library?type=movie", [3]);
        var chart = Render<BarChart>(p => p.Add(c => c.Table, new AnalyticsTable("types", "Types", "Type", [new AnalyticsColumn("Works")], [row])));

        await chart.InvokeAsync(() => chart.FindComponent<Radzen.Blazor.RadzenChart>().Instance.SeriesClick.InvokeAsync(new Radzen.SeriesClickEventArgs { Data = row }));

        Assert.EndsWith("/library?type=movie", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_HostileNames_AreGivenAsTheyAreAndGuardedInTheFile()
    {
        var table = new AnalyticsTable("largest-works", "Largest works", "Work", [new AnalyticsColumn("Size", IsBytes: true)], [new AnalyticsRow("=HYPERLINK(\"http://x\")", null, [12])]);

        Assert.Equal("Work,Bytes\r\n\"'=HYPERLINK(\"\"http://x\"\")\",12\r\n", Catalogizer.Domain.Common.Csv.Write(table.Cells()));
    }
}
