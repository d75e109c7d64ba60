using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Dashboard;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using HomePage = Catalogizer.Web.Components.Dashboard.Dashboard;

namespace Catalogizer.Tests.Web.Dashboard;

/// <summary>The home page over a real catalogue.</summary>
public sealed class DashboardTests() : CatalogPageTest(services => services
    .AddSingleton<DashboardTests.FakeHealthCheck>()
    .AddHealthCheck<DashboardTests.FakeHealthCheck>("patient", "Patient", "Give it tea.", (patient, _) => Task.FromResult(new CheckResult(patient.IsHealthy, patient.IsHealthy ? "Well." : "It has a cold."))))
{
    [Fact]
    public void Home_NoSourceYet_LeadsToTheFirst()
    {
        var page = Render<HomePage>();

        page.WaitForAssertion(() => Assert.Contains("The library is still empty", page.Find(".face").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".tile"));
    }

    [Fact]
    public void Home_BeforeTheCircuitIsThere_ShowsThatItLoads()
    {
        SetRendererInfo(new RendererInfo("Static", false));

        Assert.NotEmpty(Render<HomePage>().FindAll(".loading-tiles .skeleton"));
    }

    [Fact]
    public async Task Home_Library_ShowsTotalsNewcomersAndSourcesThatLeadOn()
    {
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        Catalog.Write("Films/B Wonder (2002) 2160p.mkv");
        Catalog.Write("TV/Some Show/Season 01/Some Show S01E01 720p.mkv");
        var source = await Catalog.AddSourceAsync("Shelf");
        await Catalog.ScanAsync(source.Id);

        var page = Render<HomePage>();

        page.WaitForAssertion(() => Assert.Equal(["3Everything", "2Films", "1Series"], page.FindAll(".tile").Select(t => t.TextContent)));
        Assert.Equal(["library", "library?type=movie", "library?type=tv_show"], page.FindAll(".tile").Select(t => t.GetAttribute("href")));
        Assert.Equal(3, page.FindAll(".poster-row .card").Count);
        var row = Assert.Single(page.FindAll(".source-row"));
        Assert.Equal($"sources/{source.Id}/files", row.GetAttribute("href"));
        Assert.Contains("connected", row.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".attention, .running, .notice"));
        Assert.StartsWith("3 works · 3 files · ", page.Find(".page-summary").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_ScanEnds_ShowsWhatItFoundWithoutBeingAsked()
    {
        var source = await Catalog.AddSourceAsync("Shelf");
        var page = Render<HomePage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".source-row")));

        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        await Catalog.ScanAsync(source.Id);

        page.WaitForAssertion(() => Assert.Equal("1Everything", page.FindAll(".tile")[0].TextContent), TimeSpan.FromSeconds(20));
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".poster-row .card")), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Home_ScanMovesOn_IsFollowedWithoutAskingTheCatalog()
    {
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        var source = await Catalog.AddSourceAsync("Shelf");
        var ended = await Catalog.ScanAsync(source.Id);
        var page = Render<HomePage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".source-row")));

        Streamer.Publish(new ScanProgressed(ended with { Id = ended.Id + 1, State = ScanState.Running, Listed = 1234, CurrentFolder = "Films/Old" }));

        page.WaitForAssertion(() => Assert.Contains("1,234 files seen", page.Find(".running").TextContent, StringComparison.Ordinal));
        Assert.Contains("Films/Old", page.Find(".running").TextContent, StringComparison.Ordinal);
        Streamer.Publish(new ScanProgressed(ended));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".running")));
    }

    [Fact]
    public async Task Home_EverySourceGone_StaysBrowsableAndSaysWhy()
    {
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        var source = await Catalog.AddSourceAsync("Shelf");
        await Catalog.ScanAsync(source.Id);
        Directory.Delete(Catalog.Root, recursive: true);
        await Catalog.ScanAsync(source.Id);

        var page = Render<HomePage>();

        page.WaitForAssertion(() => Assert.Contains("Every source is away", page.Find(".notice").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Contains("Shelf is ", page.Find(".attention-row").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll(".poster-row .card"));
    }

    [Fact]
    public async Task Home_FirstScan_IsFollowedToTheEndOfItsAnalysis()
    {
        var watch = Catalog.Services.GetRequiredService<BacklogMonitor>();
        Catalog.Write("Films/A Wonder (2001) 1080p.mkv");
        Catalog.Write("Films/B Wonder (2002) 2160p.mkv");
        var page = Render<HomePage>();
        await Catalog.ScanAsync((await Catalog.AddSourceAsync("Shelf")).Id);
        await watch.CountAsync(default);
        page.WaitForAssertion(() => Assert.Equal("2 of 2 copies still to be analysed.", page.Find(".backlog").TextContent), TimeSpan.FromSeconds(20));

        await Catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);
        await watch.CountAsync(default);

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".backlog")), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Home_AddressOfTheLibrary_LeadsThere()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/?query=wonder");

        Render<HomePage>();

        Assert.EndsWith("/library?query=wonder", navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_CheckThatFails_IsToldToThoseWhoMaySeeIt()
    {
        Catalog.Write("Wonder (1988).mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        Visitor.SetClaims(
            new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SystemView));
        var (patient, watch) = (Catalog.Services.GetRequiredService<FakeHealthCheck>(), Catalog.Services.GetRequiredService<HealthService>());
        var page = Render<HomePage>();
        page.WaitForElement(".poster-row .card");
        Assert.DoesNotContain("Patient", page.Markup, StringComparison.Ordinal);

        patient.IsHealthy = false;
        await watch.RunChecksAsync(default);

        page.WaitForAssertion(() => Assert.Contains("It has a cold.", page.FindAll(".attention-row").Select(r => r.TextContent).Single(t => t.Contains("Patient", StringComparison.Ordinal)), StringComparison.Ordinal));
        Assert.Empty(watch.GetFailing(new Actor(8, "vera", Permission.For(Role.Viewer))));
        patient.IsHealthy = true;
        await watch.RunChecksAsync(default);
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll(".attention-row"), r => r.TextContent.Contains("Patient", StringComparison.Ordinal)));
    }

    [Fact]
    public void Concerns_HeldAwayAndFailed_AreToldWhereTheyCanBeLookedAt()
    {
        var scan = new ScanView(9, 1, ScanKind.Full, ScanState.Held, 10, 0, 0, 0, 30, 0, 0, 0, default, default, default, null, null, []);
        var source = new SourceStatus(
            1, "NAS", "smb", "", SourcePurpose.Main, "closed", default, default(DateTimeOffset), null, 0, null, "off", null, null, null, false, 12, 0, 0, 0, 1000, null, null, null, scan);
        SourceStatus[] sources =
        [
            source,
            source with { Id = 2, State = "open", LastError = "The server does not accept this user name or password.", LastScan = null },
            source with { Id = 3, LastScan = scan with { State = ScanState.Failed, Reason = "No." } },
            source with { Id = 4, State = "offline", Mode = SourceMode.MostlyOffline, LastScan = null },
        ];

        var concerns = AttentionItem.From(sources).ToList();

        Assert.Equal(["held:1", "away:2", "failed:3"], concerns.Select(c => c.Key));
        Assert.Equal("sources/scans/9", concerns[0].Href);
        Assert.Contains("password", concerns[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 3, "All 3 sources are offline", "NAS 1, NAS 2, NAS 3. Everything on them stays browsable.")]
    [InlineData(7, 8, "7 sources are offline", "NAS 1, NAS 2, NAS 3, NAS 4, NAS 5 and 2 more. Everything on them stays browsable.")]
    public void Concerns_ManyAway_AreOne(int away, int all, string title, string message)
    {
        var next = DateTimeOffset.UnixEpoch.AddMinutes(1);
        var sources = Enumerable.Range(1, all).Select(i => new SourceStatus(
            i, $"NAS {i}", "smb", "", SourcePurpose.Main, i <= away ? "offline" : "closed", default, default(DateTimeOffset), null, 0, next.AddMinutes(i), "off", null, null, null, false, 12, 0, 0, 0, 1000, null, null, null, null)).ToList();

        var concern = Assert.Single(AttentionItem.From(sources));

        Assert.Equal((title, message, next.AddMinutes(1)), (concern.Title, concern.Message, concern.NextAttemptAt));
    }

    internal sealed class FakeHealthCheck
    {
        public bool IsHealthy { get; set; } = true;
    }
}
