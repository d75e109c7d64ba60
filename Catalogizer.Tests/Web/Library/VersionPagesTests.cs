using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Duplicates;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>The pages that compare versions, over a real catalogue.</summary>
public sealed class VersionPagesTests : CatalogPageTest
{
    [Fact]
    public async Task Compare_TwoCopies_MarksWhatDiffers()
    {
        var id = await AddTwoVersionsAsync();
        var page = Render<ComparePage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".compare");

        string[] differs = [.. page.FindAll(".compare-differs > th").Select(th => th.ChildNodes[0].TextContent.Trim())];
        Assert.Contains("Resolution", differs);
        Assert.DoesNotContain("Files", differs);
        Assert.Contains("Best copy", page.Find(".compare-best").TextContent, StringComparison.Ordinal);
        Assert.Contains("1080p", page.Find(".compare-most").TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find(".compare-only input").ChangeAsync(new() { Value = true }));
        Assert.Equal(differs.Length, page.FindAll(".compare tbody tr:not(.compare-part)").Count);
    }

    [Fact]
    public async Task Duplicates_LesserCopy_IsAPlanAndFollowsTheCatalog()
    {
        await AddTwoVersionsAsync();
        Visitor.SetClaims(
            new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView), new Claim("permissions", Permission.MediaEdit));
        Services.GetRequiredService<NavigationManager>().NavigateTo("duplicates?kind=lesser");

        var page = Render<DuplicatesPage>();
        page.WaitForState(() => page.Markup.Contains("No duplicates of this kind", StringComparison.Ordinal));
        await Catalog.Services.GetRequiredService<FingerprintService>().SampleAsync(new Progress<ProgressUpdate>(), default);
        page.WaitForElement(".duplicates", TimeSpan.FromSeconds(20));

        Assert.Contains("never deletes", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["stays", "could go"], page.FindAll(".duplicates .badge").Select(b => b.TextContent));
    }

    [Fact]
    public async Task Score_WithATenth_ReadsAlikeEverywhere()
    {
        var id = await AddTwoVersionsAsync("2160p Remux x265 TrueHD", "720p x265 AC3");
        var item = (await Catalog.Media.GetAsync(Actor.System, id, default)).Value.Item;
        var versions = (await Catalog.Media.VersionsAsync(Actor.System, id, default)).Value;
        var report = (await Catalog.Services.GetRequiredService<VersionQuality>().GetReportsAsync(Actor.System, id, versions, default))[versions[0].Id];

        var card = Render<VersionCard>(p => p.Add(c => c.Version, versions[0]).Add(c => c.Report, report));
        var compare = Render<ComparePage>(p => p.Add(c => c.Id, id));
        compare.WaitForElement(".compare");
        await Catalog.Services.GetRequiredService<FingerprintService>().SampleAsync(new Progress<ProgressUpdate>(), default);
        var groups = (await Catalog.Services.GetRequiredService<DuplicateService>().PageAsync(Actor.System, new DuplicateQuery(DuplicateKind.Lesser, null, null, null, 10), default)).Groups;

        Assert.Equal((82.5, 82.5), (item.Best.Score, versions[0].OverallScore));
        Assert.Equal(["82.5 of 100", "82.5 of 100"], card.FindAll(".version > .pairs dd:has(.meter), .score-sum .score-points").Select(e => e.TextContent));
        Assert.Equal("82.5", compare.Find(".compare-best .compare-score strong").TextContent);
        Assert.Contains("82.5 of 100", Assert.Single(groups).Copies[0].Quality, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false, "name", "From file name")]
    [InlineData(null, true, "name", "Waiting for analysis")]
    [InlineData("", false, "probe", "Analysed")]
    [InlineData("The file is cut off.", false, "name", "Analysis failed")]
    [InlineData("The file is cut off.", true, "name", "Analysis failed")]
    [InlineData("The file is cut off.", false, "probe", "Analysis failed")]
    public void Analysis_EachState_HasOneWordingOnCardAndComparison(string? error, bool isWaiting, string from, string label)
    {
        var version = new MediaVersion(1, 1, "Films", "A (2001).mkv", 10, default, Presence.Present, "1080p", null, null, null, null, null, null, 38, from, null, null, 0.9, []);
        var look = error is null ? null : new AnalysisState { Error = error.Length == 0 ? null : error };

        var card = Render<VersionCard>(p => p.Add(c => c.Version, version).Add(c => c.Report, new VersionQualityReport([], look, isWaiting)));

        Assert.Equal(label, AnalysisLabels.For(version, new VersionQualityReport([], look, isWaiting)).Label);
        Assert.Equal([label], card.FindAll(".facts .badge").Select(b => b.TextContent).Where(t => t != "1080p"));
        Assert.All(card.FindAll("p.muted"), line => Assert.StartsWith(label, line.TextContent, StringComparison.Ordinal));
        Assert.Equal(label is "From file name" ? 0 : 1, card.FindAll("p.muted").Count);
    }

    [Fact]
    public async Task Compare_CopiesThatWait_SayWhatTheirCardsSay()
    {
        var id = await AddTwoVersionsAsync();
        var compare = Render<ComparePage>(p => p.Add(c => c.Id, id));
        compare.WaitForElement(".compare");
        var versions = (await Catalog.Media.VersionsAsync(Actor.System, id, default)).Value;
        var reports = await Catalog.Services.GetRequiredService<VersionQuality>().GetReportsAsync(Actor.System, id, versions, default);

        Assert.Equal(versions.Select(v => $"of 100 · {AnalysisLabels.For(v, reports[v.Id]).Label}"), compare.FindAll(".compare-score small").Select(s => s.TextContent));
        Assert.Equal("Waiting for analysis", AnalysisLabels.For(versions[0], reports[versions[0].Id]).Label);
    }

    [Theory]
    [InlineData(true, "about 5.2 Mbit/s")]
    [InlineData(false, "5.2 Mbit/s")]
    public void Bitrate_ThatIsReckoned_SaysAbout(bool isEstimate, string shown)
    {
        var version = new MediaVersion(1, 1, "Films", "A (2001).mkv", 10, default, Presence.Present, null, null, 5_200_000, null, null, null, null, 38, "probe", null, null, 0.9, []) { BitrateIsEstimate = isEstimate };

        Assert.Contains(shown, Render<VersionCard>(p => p.Add(c => c.Version, version)).FindAll(".facts .badge").Select(b => b.TextContent));
    }

    private async Task<long> AddTwoVersionsAsync(string better = "1080p", string lesser = "720p")
    {
        Catalog.Write($"Quiet Water (2001) {better}.mkv");
        Catalog.Write($"Quiet Water (2001) {lesser}.mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        return (await Catalog.FindOneAsync("Quiet Water")).Id;
    }
}
