using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Metadata;

/// <summary>The provider pages, rendered over a real catalogue, with no provider that responds.</summary>
public sealed class ProviderPagesTests : CatalogPageTest
{
    /// <summary>Nothing listens on this port.</summary>
    private static readonly Uri UnreachableAddress = new("http://127.0.0.1:9/");

    public ProviderPagesTests()
        : base(services => services.Configure<MetadataOptions>(options => options.Tmdb.BaseAddress = UnreachableAddress)) => Visitor.SetClaims([new Claim("user_id", "7"), new Claim("username", "mira"), .. Permission.All.Select(p => new Claim("permissions", p))]);

    [Fact]
    public void Page_NobodyOn_SaysSoAndShowsEveryCredit()
    {
        var page = Render<ProvidersPage>();

        page.WaitForAssertion(() => Assert.Equal(7, page.FindAll(".provider").Count));
        Assert.Contains("No provider is on", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("not endorsed or certified by TMDB", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Metadata provided by TheTVDB", page.Markup, StringComparison.Ordinal);
        Assert.Contains("courtesy of IMDb", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["no key", "no key", "no key", "off", "off", "no key", "off"], page.FindAll(".provider .state").Select(s => s.TextContent));
    }

    [Fact]
    public void Card_KeySaved_IsNeverDrawnAgain()
    {
        var page = Render<ProvidersPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".provider")));

        page.Find("#tmdb-key").Change("a.very.secret");
        page.Find("#tmdb-language").Change("deutsch");
        page.FindAll(".provider form")[0].Submit();
        page.WaitForAssertion(() => Assert.Contains("two letters", page.Find("#tmdb-language-error").TextContent, StringComparison.Ordinal));
        page.Find("#tmdb-language").Change("de");
        page.FindAll(".provider form")[0].Submit();

        page.WaitForAssertion(() => Assert.Equal("does not answer", page.FindAll(".provider .state")[0].TextContent));
        page.WaitForAssertion(() => Assert.Equal("Saved. TMDB cannot be reached.", page.Find(".provider .notice").TextContent.Trim()));
        Assert.DoesNotContain("a.very.secret", page.Markup, StringComparison.Ordinal);
        Assert.Equal("password", page.Find("#tmdb-key").GetAttribute("type"));
        page.FindAll(".provider")[0].QuerySelectorAll("button").Single(b => b.TextContent.StartsWith("Remove", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Equal("no key", page.FindAll(".provider .state")[0].TextContent));
    }

    [Fact]
    public void Order_Raised_IsKept()
    {
        var page = Render<ProvidersPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".provider-orders li")));

        page.Find("button[aria-label='Ask TheTVDB about films earlier']").Click();

        page.WaitForAssertion(() => Assert.Equal("TheTVDB", page.FindAll(".provider-orders .panel")[0].QuerySelector("li span")!.TextContent));
    }

    [Fact]
    public async Task FixMatchDialog_NobodyToAsk_SaysSo()
    {
        Catalog.Write("The Matrix (1999).mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        var item = await Catalog.FindOneAsync("The Matrix");
        var dialog = Render<FixMatchDialog>(p => p.Add(f => f.Item, item));

        dialog.Find("button").Click();
        dialog.WaitForAssertion(() => Assert.Contains("nobody to ask", dialog.Markup, StringComparison.Ordinal));
        dialog.FindAll("button").Single(b => b.TextContent.StartsWith("No match", StringComparison.Ordinal)).Click();

        dialog.WaitForAssertion(() => Assert.Equal(["LeftAlone"], Catalog.QueryRows("SELECT state FROM media_matches")));
    }

    [Fact]
    public async Task Series_WithGaps_AreDrawnSeasonBySeason()
    {
        await using var server = await TestProvider.StartAsync();
        server.Bodies["/search/tv"] = """{"results":[{"id":4607,"name":"Lost","first_air_date":"2004-09-22"}]}""";
        server.Bodies["/tv/4607"] = """{"id":4607,"name":"Lost","first_air_date":"2004-09-22","seasons":[{"season_number":0},{"season_number":1}]}""";
        server.Bodies["/tv/4607/season/0"] = """{"episodes":[{"episode_number":1,"name":"<i>Back</i>","air_date":"2005-04-27"}]}""";
        server.Bodies["/tv/4607/season/1"] = """{"episodes":[{"episode_number":1,"name":"Pilot","air_date":"2004-09-22"},{"episode_number":2,"name":"Two","air_date":"2004-09-29"},{"episode_number":3,"name":"To come","air_date":"2900-04-01"}]}""";
        var tmdb = Catalog.Services.GetRequiredService<ProviderManager>().Find("tmdb")!.Channel!;
        tmdb.Reconfigure(new ProviderConfiguration(true, "a.b.c", "en", server.Address, server.Address));
        Catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        await Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);

        var overview = Render<SeriesOverview>(p => p.Add(o => o.ItemId, Catalog.Count("SELECT id FROM media_items WHERE kind = 1")));

        overview.WaitForAssertion(() => Assert.Equal(2, overview.FindAll("details").Count));
        var (season, specials) = (overview.FindAll("details")[0], overview.FindAll("details")[1]);
        Assert.Equal("1 of 3 here", season.QuerySelector(".count")!.TextContent);
        Assert.Equal(["1 missing", "1 not aired yet"], season.QuerySelectorAll(".badge").Select(b => b.TextContent.Trim()));
        Assert.Equal(["here", "missing", "comes 1 April 2900"], season.QuerySelectorAll("small").Select(s => s.TextContent));
        Assert.StartsWith("Specials", specials.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Empty(overview.FindAll("i"));
        Assert.Contains("1 of those that were shown is missing", overview.Markup, StringComparison.Ordinal);
    }
}
