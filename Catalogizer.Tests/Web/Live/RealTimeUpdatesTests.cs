using Bunit;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Live;
using Microsoft.Extensions.DependencyInjection;
using AnalyticsPage = Catalogizer.Web.Components.Analytics.Analytics;
using HomePage = Catalogizer.Web.Components.Dashboard.Dashboard;

namespace Catalogizer.Tests.Web.Live;

public sealed class RealTimeUpdatesTests : CatalogPageTest
{
    [Fact]
    public async Task Scan_FoundSomething_IsSaidOnceInTheLiveRegion()
    {
        var source = await Catalog.AddSourceAsync("Shelf");
        var region = Render<RealTimeUpdates>();
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");

        await Catalog.ScanAsync(source.Id);

        region.WaitForAssertion(() => Assert.Equal("Shelf was scanned: 1 file seen · 1 new: Films/A Wonder (2001) 1080p.mkv.", region.Find("[aria-live=polite]").TextContent), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Scan_FoundNothingNewOrMovesOn_IsNotSaid()
    {
        var source = await Catalog.AddSourceAsync("Shelf");
        var scan = await Catalog.ScanAsync(source.Id);

        Assert.Null(ActivityEntry.FindSourceId(new ScanProgressed(scan)));
        Assert.Null(ActivityEntry.FindSourceId(new ScanProgressed(scan with { State = ScanState.Running, Added = 5 })));
        Assert.Null(ActivityEntry.FindSourceId(new ItemsChanged()));
        Assert.Equal(source.Id, ActivityEntry.FindSourceId(new ScanProgressed(scan with { Added = 5 })));
        Assert.Equal(source.Id, ActivityEntry.FindSourceId(new ScanProgressed(scan with { State = ScanState.Failed })));
    }

    [Fact]
    public async Task Feed_BeginsWithTheLastScansAndTakesInAlerts()
    {
        var source = await Catalog.AddSourceAsync("Shelf");
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        await Catalog.ScanAsync(source.Id);
        var feed = Render<RealTimeUpdates>(p => p.Add(r => r.ShowFeed, true));
        feed.WaitForAssertion(() => Assert.Contains("Shelf was scanned", Assert.Single(feed.FindAll("li")).TextContent, StringComparison.Ordinal));

        var outages = Catalog.Services.GetRequiredService<SourceOutageStore>();
        await outages.BeginAsync(source.Id, DateTimeOffset.UtcNow.AddMinutes(1), "Nothing answers.", default);
        Streamer.Publish(new SourceAlert(source.Id, "Shelf", true, "Nothing answers."));
        feed.WaitForAssertion(() => Assert.StartsWith("Shelf went away. It cannot be read right now.", feed.FindAll("li")[0].TextContent.Trim(), StringComparison.Ordinal));
        Assert.Equal(2, feed.FindAll("li").Count);

        await outages.EndAsync(source.Id, DateTimeOffset.UtcNow.AddMinutes(2), default);
        var later = Render<RealTimeUpdates>(p => p.Add(r => r.ShowFeed, true));
        later.WaitForAssertion(() => Assert.Equal(3, later.FindAll("li").Count));
        Assert.StartsWith("Shelf came back.", later.FindAll("li")[0].TextContent.Trim(), StringComparison.Ordinal);
        Assert.StartsWith("Shelf went away.", later.FindAll("li")[1].TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_TwoHundredOpenedAndLeft_LeaveNoSubscription()
    {
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        await Catalog.Analytics.TakeSnapshotAsync(default);
        var before = Streamer.Subscribers;
        for (var i = 0; i < 100; i++)
        {
            Render<HomePage>();
            Render<AnalyticsPage>();
            Render<RealTimeUpdates>();
        }

        Assert.True(Streamer.Subscribers >= before + 300);
        Streamer.Publish(new ItemsChanged());

        await DisposeComponentsAsync();

        Assert.Equal(before, Streamer.Subscribers);
    }
}
