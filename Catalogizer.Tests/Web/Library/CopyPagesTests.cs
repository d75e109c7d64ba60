using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
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

    private async Task<long> TwoCopiesAsync()
    {
        Catalogue.Write("Quiet Water (2001) 1080p.mkv");
        Catalogue.Write("Quiet Water (2001) 720p.mkv");
        await Catalogue.ScanAsync((await Catalogue.AddSourceAsync()).Id);
        return (await Catalogue.OneAsync("Quiet Water")).Id;
    }
}
