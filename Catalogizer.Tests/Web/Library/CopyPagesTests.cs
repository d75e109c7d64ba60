using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Duplicates;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>The pages that hold copies against each other, over a real catalogue.</summary>
public sealed class CopyPagesTests : CataloguePageTest
{
    [Fact]
    public async Task Compare_TwoCopies_MarksWhatDiffers()
    {
        var id = await TwoCopiesAsync();
        var page = Render<ComparePage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".compare");

        string[] differs = [.. page.FindAll(".compare-differs > th").Select(th => th.ChildNodes[0].TextContent.Trim())];
        Assert.Contains("Resolution", differs);
        Assert.DoesNotContain("Files", differs);
        Assert.Contains("Best copy", page.Find(".compare-best").TextContent, StringComparison.Ordinal);
        Assert.Contains("1080p", page.Find(".compare-most").TextContent, StringComparison.Ordinal);

        await page.Find(".compare-only input").ChangeAsync(new() { Value = true });
        Assert.Equal(differs.Length, page.FindAll(".compare tbody tr:not(.compare-part)").Count);
    }

    [Fact]
    public async Task Duplicates_LesserCopy_IsAPlanAndFollowsTheCatalogue()
    {
        await TwoCopiesAsync();
        Visitor.SetClaims(
            new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView), new Claim("permissions", Permission.MediaEdit));
        Services.GetRequiredService<NavigationManager>().NavigateTo("duplicates?kind=lesser");

        var page = Render<DuplicatesPage>();
        page.WaitForState(() => page.Markup.Contains("No duplicates of this kind", StringComparison.Ordinal));
        await Catalogue.Services.GetRequiredService<Fingerprints>().SampleAsync(new Progress<WorkProgress>(), default);
        page.WaitForElement(".duplicates", TimeSpan.FromSeconds(20));

        Assert.Contains("never deletes", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["stays", "could go"], page.FindAll(".duplicates .badge").Select(b => b.TextContent));
    }

    [Fact]
    public async Task Score_WithATenth_ReadsAlikeEverywhere()
    {
        var id = await TwoCopiesAsync("2160p Remux x265 TrueHD", "720p");
        var item = (await Catalogue.Media.GetAsync(Actor.System, id, default)).Value.Item;
        var versions = (await Catalogue.Media.VersionsAsync(Actor.System, id, default)).Value;
        var report = (await Catalogue.Services.GetRequiredService<CopyQuality>().OfAsync(Actor.System, id, versions, default))[versions[0].Id];

        var card = Render<VersionCard>(p => p.Add(c => c.Version, versions[0]).Add(c => c.Report, report));
        var compare = Render<ComparePage>(p => p.Add(c => c.Id, id));
        compare.WaitForElement(".compare");
        await Catalogue.Services.GetRequiredService<Fingerprints>().SampleAsync(new Progress<WorkProgress>(), default);
        var groups = (await Catalogue.Services.GetRequiredService<DuplicateService>().PageAsync(Actor.System, new DuplicateQuery(DuplicateKind.Lesser, null, null, null, 10), default)).Groups;

        Assert.Equal((82.5, 82.5), (item.Best.Score, versions[0].OverallScore));
        Assert.Equal(["82.5 of 100", "82.5 of 100"], card.FindAll(".version > .pairs dd:has(.meter), .score-sum .score-points").Select(e => e.TextContent));
        Assert.Equal("82.5", compare.Find(".compare-best .compare-score strong").TextContent);
        Assert.Contains("82.5 of 100", Assert.Single(groups).Copies[0].Quality, StringComparison.Ordinal);
    }

    private async Task<long> TwoCopiesAsync(string better = "1080p", string lesser = "720p")
    {
        Catalogue.Write($"Quiet Water (2001) {better}.mkv");
        Catalogue.Write($"Quiet Water (2001) {lesser}.mkv");
        await Catalogue.ScanAsync((await Catalogue.AddSourceAsync()).Id);
        return (await Catalogue.OneAsync("Quiet Water")).Id;
    }
}
