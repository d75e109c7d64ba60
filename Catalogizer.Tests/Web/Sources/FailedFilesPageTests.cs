using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Health;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>The files whose analysis failed, and the links to their list.</summary>
public sealed class FailedFilesPageTests : CatalogPageTest
{
    public FailedFilesPageTests() => Visitor.SetClaims([new Claim("user_id", "7"), new Claim("username", "mira"), .. Permission.All.Select(p => new Claim("permissions", p))]);

    [Fact]
    public async Task Files_ThatCouldNotBeRead_AreReachedFromHealthAndFromTheirSource()
    {
        var source = await AddFailedFileAsync();

        var sources = Render<SourcesPage>();
        sources.WaitForAssertion(() => Assert.Equal($"failed-files?source={source}", sources.Find(".source-note a").GetAttribute("href")));
        Assert.Equal("3 files could not be read", sources.Find(".source-note a").TextContent);
        var health = Render<HealthMonitor>();
        health.WaitForAssertion(() => Assert.Contains(health.FindAll("a"), a => a.GetAttribute("href") == "failed-files" && a.TextContent == "3 files could not be read"));

        var page = Render<FailedFilesPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".error-row").Count));
        var row = page.FindAll(".error-row").Single(r => r.QuerySelector(".path")!.TextContent == "Deep/B (2002).mkv");
        Assert.Contains("Its header is torn.", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("tried once", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Tried again once the file changes.", row.TextContent, StringComparison.Ordinal);
        Assert.All(page.FindAll(".error-message a"), link => Assert.NotEmpty(link.TextContent));
        Assert.StartsWith("item/", row.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal($"sources/{source}/files?path=Deep", row.QuerySelector(".error-actions a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Files_OfASourceThatHasNone_SaysSo()
    {
        await AddFailedFileAsync();
        var other = await Catalog.AddSourceAsync("Empty", Directory.CreateDirectory(Path.Combine(Catalog.Root, "..", "empty")).FullName);

        Services.GetRequiredService<NavigationManager>().NavigateTo($"failed-files?source={other.Id}");

        var page = Render<FailedFilesPage>();

        page.WaitForAssertion(() => Assert.Contains("No file failed", page.Markup, StringComparison.Ordinal));
    }

    private async Task<long> AddFailedFileAsync()
    {
        Catalog.Write("A (2001).mkv");
        Catalog.Write("Deep/B (2002).mkv");
        Catalog.Write("Shows/C/Season 01/C S01E01.mkv");     // an episode without a title
        var source = (await Catalog.AddSourceAsync()).Id;
        await Catalog.ScanAsync(source);
        var store = Catalog.Services.GetRequiredService<IQualityStore>();
        var batch = await store.NextAsync(long.MaxValue, 10, default);
        await store.SaveAsync([.. batch!.Candidates.Select(c => new Analysis(c, null, null, "Its header is torn.", DateTimeOffset.UtcNow, null))], default);
        return source;
    }
}
