using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Catalogizer.Tests.Web.Library;

/// <summary>What the library shows for an address, in each of its states.</summary>
public sealed class MediaBrowserTests(LibraryFixture library) : MediaBrowserTest(library), IClassFixture<LibraryFixture>
{
    [Theory]
    [InlineData("library", "grid", ".card")]
    [InlineData("library?view=list", "list", ".row")]
    public async Task Open_CatalogHasNotAnswered_ShowsTheShapeOfWhatIsComing(string address, string shape, string part)
    {
        var held = new TaskCompletionSource();
        Reader.BeforeRead = held.Task.WaitAsync;

        var page = Open(address);
        Assert.Equal("Loading", page.Find($".loading-{shape}").GetAttribute("aria-label"));
        Assert.Empty(page.FindAll(part));

        held.SetResult();
        await page.InvokeAsync(() => page.Instance.OnWidth(Width));
        WaitForAssertion(page, () => Assert.NotEmpty(page.FindAll(part)));
        Assert.Empty(page.FindAll(".loading"));
    }

    [Fact]
    public void Open_AddressNotUnderstood_SaysWhichPart()
    {
        var page = Open("library?type=bogus&sort=title&tpye=movie");

        WaitForAssertion(page, () => Assert.Contains("“type=bogus”, “tpye=movie”", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("sort", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WidthNotKnown_ShowsTheFirstWorksNewestFirst()
    {
        var page = Open();

        WaitForAssertion(page, () => Assert.Equal(FirstItemCount, page.FindAll(".cards-first .card").Count));
        Assert.Equal(await ExpectedAsync(new MediaQuery(), FirstItemCount), ReadShownIds(page));
        Assert.Equal("600 works", ReadSummary(page));
        Assert.Equal("Library", page.Find("h1").TextContent.Trim());
        Assert.Equal(FirstItemCount, Assert.Single(Reader.PageQueries).Limit);
    }

    [Fact]
    public async Task Open_WidthKnown_FirstWorksGiveWayToRowsOfTheSameOrder()
    {
        var page = await OpenWideAsync();

        Assert.All(page.FindAll(".cards"), row => Assert.Equal(Columns, row.QuerySelectorAll(".card").Length));
        Assert.Equal(await ExpectedAsync(new MediaQuery(), 200), ReadShownIds(page).Take(200));
        Assert.Contains($"--columns:{Columns};", page.Find(".cards").GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Width_OtherNumberFits_RowsAreCutAnew()
    {
        var page = await OpenWideAsync();
        var before = ReadShownIds(page).Take(100).ToList();

        await page.InvokeAsync(() => page.Instance.OnWidth(Width / 2));

        var columns = CardGrid.ForWidth(Width / 2).Columns;
        Assert.NotEqual(Columns, columns);
        WaitForAssertion(page, () => Assert.All(page.FindAll(".cards"), row => Assert.Equal(columns, row.QuerySelectorAll(".card").Length)));
        Assert.Equal(before, ReadShownIds(page).Take(100));
    }

    [Fact]
    public async Task Width_Same_DrawsAndAsksNothing()
    {
        var page = await OpenWideAsync();

        // In one call on the renderer, so that no pending rendering is counted.
        await page.InvokeAsync(async () =>
        {
            var (drawn, asked) = (page.RenderCount, Reader.WindowQueries.Count);
            await page.Instance.OnWidth(Width);
            Assert.Equal((drawn, asked), (page.RenderCount, Reader.WindowQueries.Count));
        });
    }

    [Theory]
    [InlineData("library", 4, 2)]
    [InlineData("library?view=list", 1, 8)]
    public async Task Open_HundredsOfWorks_OnlyAStretchIsAskedForAndDrawn(string address, int columns, int ahead)
    {
        var page = await OpenWideAsync(address);

        // However high the browser reports the page to be, a hundred rows are rendered and a few more on both sides.
        var max = (100 + (2 * ahead)) * columns;
        Assert.InRange(ReadShownIds(page).Count(), FirstItemCount, max);
        Assert.All(Reader.WindowQueries, window => Assert.InRange(window.Count, 1, max));
        Assert.Contains(page.FindAll("[style*=height]"), spacer => spacer.ChildElementCount == 0);
    }

    [Fact]
    public async Task Scroll_ToTheEndAndBeyond_GivesWhatIsThere()
    {
        var page = await OpenWideAsync("library?view=list");
        var provider = page.FindComponent<Virtualize<MediaSummary>>().Instance.ItemsProvider!;

        var end = await page.InvokeAsync(async () => await provider(new ItemsProviderRequest(LibraryFixture.ItemCount - 5, 40, default)));
        var beyond = await page.InvokeAsync(async () => await provider(new ItemsProviderRequest(LibraryFixture.ItemCount + 100, 40, default)));

        Assert.Equal((await ExpectedAsync(new MediaQuery(), LibraryFixture.ItemCount)).TakeLast(5), end.Items.Select(item => item.Id));
        Assert.Equal((LibraryFixture.ItemCount, 0, LibraryFixture.ItemCount), (end.TotalItemCount, beyond.Items.Count(), beyond.TotalItemCount));
    }

    [Fact]
    public async Task Scroll_CatalogFails_PageStaysAndGoesOn()
    {
        var page = await OpenWideAsync("library?view=list");
        var provider = page.FindComponent<Virtualize<MediaSummary>>().Instance.ItemsProvider!;
        var before = ReadShownIds(page).ToList();
        Reader.BeforeRead = _ => throw new IOException("The disk is gone.");

        var failed = await page.InvokeAsync(async () => await provider(new ItemsProviderRequest(300, 40, default)));

        Assert.Empty(failed.Items);
        Assert.Equal(before, ReadShownIds(page));
        Reader.BeforeRead = _ => Task.CompletedTask;
        Assert.Equal(40, (await page.InvokeAsync(async () => await provider(new ItemsProviderRequest(300, 40, default)))).Items.Count());
    }

    [Fact]
    public async Task Open_MoreThanAreCounted_SaysSo()
    {
        Reader.TransformPage = page => page with { Total = 10_000, TotalIsAtLeast = true };

        var page = Open("library?query=the");

        WaitForAssertion(page, () => Assert.Equal("More than 10,000 hits", ReadSummary(page)));
        Assert.Contains("first 10,000 hits", page.Find(".note").TextContent, StringComparison.Ordinal);
        await DisposeComponentsAsync();
    }

    [Theory]
    [InlineData(true, true, "The library is still empty", "sources")]
    [InlineData(false, true, "Your library begins with a folder", "sources/add")]
    [InlineData(false, false, "The library is still empty", null)]
    public void EmptyLibrary_SourcesAndPermission_OffersWhatHelps(bool hasSources, bool mayManage, string title, string? link)
    {
        var face = Render<EmptyLibrary>(p => p.Add(e => e.HasSources, hasSources).Add(e => e.CanManage, mayManage));

        Assert.Equal(title, face.Find("h2").TextContent);
        Assert.Equal(link, face.FindAll("a").SingleOrDefault()?.GetAttribute("href"));
    }

    [Fact]
    public void Open_NothingInTheLibrary_HasNothingToOrderOrFilter()
    {
        Reader.TransformPage = page => page with { Items = [], Total = 0, Facets = SampleMedia.Facets with { Type = new Dictionary<string, long>() } };

        var page = Open();

        WaitForAssertion(page, () => Assert.True(page.FindComponent<EmptyLibrary>().Instance.HasSources));
        Assert.Empty(page.FindAll("select, .segments, #filters, .tabs"));
        Assert.Equal("", ReadSummary(page));
    }

    [Fact]
    public void Open_NothingMatches_LeadsBackToEverything()
    {
        var page = Open("library?query=zzzz&resolution=2160p");

        WaitForAssertion(page, () => Assert.Equal("Nothing here matches", page.Find(".face h2").TextContent));
        Assert.Equal("library", page.Find(".face a").GetAttribute("href"));
        Assert.Equal("0 hits", ReadSummary(page));
        Assert.Equal(["library?resolution=2160p", "library?query=zzzz"], page.FindAll(".chosen a").Select(chip => chip.GetAttribute("href")));
    }

    [Fact]
    public void Open_QueryThatCannotBe_SaysWhyWithoutRetry()
    {
        var page = Open("library?yearFrom=2001&yearTo=1999");

        WaitForAssertion(page, () => Assert.Equal("The last year lies before the first. Swap them.", page.Find("[role=alert] p").TextContent));
        Assert.Empty(page.FindAll("[role=alert] button, .card"));
        Assert.Empty(Reader.PageQueries);
    }

    [Fact]
    public async Task Open_CatalogFails_SaysSoAndComesBackOnRetry()
    {
        Reader.BeforeRead = _ => throw new IOException("The disk is gone.");
        var page = Open();
        WaitForAssertion(page, () => Assert.Equal("The library could not be loaded", page.Find("[role=alert] h2").TextContent));
        Assert.DoesNotContain("disk is gone", page.Markup, StringComparison.Ordinal);

        Reader.BeforeRead = _ => Task.CompletedTask;
        await page.Find("[role=alert] button").ClickAsync();

        WaitForAssertion(page, () => Assert.Equal(FirstItemCount, page.FindAll(".card").Count));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Open_Filtered_ShowsTheHitsAndEachFilterWithAWayOut()
    {
        var page = await OpenWideAsync("library?type=movie&resolution=2160p&sort=title");

        var query = new MediaQuery { Type = MediaType.Movie, Resolution = "2160p", Sort = MediaSort.Title };
        var expected = (await ExpectedAsync(query, 200)).ToList();
        Assert.InRange(expected.Count, 2, 100);
        Assert.Equal(expected, ReadShownIds(page));
        Assert.Equal($"{expected.Count} hits", ReadSummary(page));
        Assert.Equal("Films", page.Find("h1").TextContent.Trim());
        var chip = Assert.Single(page.FindAll(".chosen a"));
        Assert.Equal(("library?type=movie&sort=title", "Take away 2160p"), (chip.GetAttribute("href"), chip.GetAttribute("aria-label")));
        Assert.StartsWith("Films", page.Find(".tab[aria-current]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title", MediaSort.Title, "Title", "ascending", "-title")]
    [InlineData("-year", MediaSort.YearDown, "Year", "descending", "year")]
    [InlineData("rating", MediaSort.Rating, "Rating", "ascending", "-rating")]
    public async Task Open_Sorted_ShowsThatOrderAndItsHeadTurnsItRound(string sort, MediaSort order, string head, string direction, string other)
    {
        var page = await OpenWideAsync($"library?sort={sort}&view=list");

        Assert.Equal(await ExpectedAsync(new MediaQuery { Sort = order }, 100), ReadShownIds(page).Take(100));
        var sorted = Assert.Single(page.FindAll("th[aria-sort]"));
        Assert.Equal((head, direction), (sorted.TextContent.Trim(), sorted.GetAttribute("aria-sort")));
        Assert.Equal($"library?sort={other}&view=list", sorted.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(sort, page.Find("select").GetAttribute("value"));
    }

    [Fact]
    public async Task Order_Chosen_GoesIntoTheAddressWithTheRestAndIsShown()
    {
        var page = await OpenWideAsync("library?type=movie&codec=H.265");

        await page.Find("select").ChangeAsync(new() { Value = "-year" });

        Assert.Equal("library?type=movie&codec=H.265&sort=-year", Address);
        var expected = await ExpectedAsync(new MediaQuery { Type = MediaType.Movie, Codec = "H.265", Sort = MediaSort.YearDown }, 10);
        WaitForAssertion(page, () => Assert.Equal(expected, ReadShownIds(page).Take(10)));
    }

    [Fact]
    public async Task Layout_Chosen_IsShownKeptAndTakesThePlaceOfTheAddress()
    {
        var page = await OpenWideAsync("library?type=movie");
        Assert.Equal(("true", "false"), (FindButton(page, "Grid").GetAttribute("aria-pressed"), FindButton(page, "List").GetAttribute("aria-pressed")));

        await FindButton(page, "List").ClickAsync();

        WaitForAssertion(page, () => Assert.NotEmpty(page.FindAll(".row-title")));
        Assert.Empty(page.FindAll(".card"));
        Assert.Equal(("false", "true"), (FindButton(page, "Grid").GetAttribute("aria-pressed"), FindButton(page, "List").GetAttribute("aria-pressed")));
        Assert.Equal("library?type=movie&view=list", Address);
        Assert.True(Navigation.History.First().Options.ReplaceHistoryEntry);
        Assert.Equal("List", Script.VerifyInvoke("keepLayout").Arguments.Single());
    }

    [Theory]
    [InlineData("library", ".row-title")]
    [InlineData("library?view=grid", ".card")]
    public async Task Layout_KeptByTheBrowser_IsTakenUnlessTheAddressSaysOtherwise(string address, string part)
    {
        Script.Setup<string?>("enter", _ => true).SetResult("List");

        var page = await OpenWideAsync(address);

        WaitForAssertion(page, () => Assert.NotEmpty(page.FindAll(part)));
    }

    [Fact]
    public async Task Address_Changes_ShowsWhatItAsksForAndOtherPagesAreNotItsConcern()
    {
        var page = await OpenWideAsync();

        Navigation.NavigateTo("library?type=game");
        var games = await ExpectedAsync(new MediaQuery { Type = MediaType.Game }, 100);
        WaitForAssertion(page, () => Assert.Equal(games, ReadShownIds(page)));
        Assert.Equal("Games", page.Find("h1").TextContent.Trim());

        var asked = Reader.PageQueries.Count;
        Navigation.NavigateTo("item/1");
        Navigation.NavigateTo("library?type=book");
        WaitForAssertion(page, () => Assert.Equal("Books", page.Find("h1").TextContent.Trim()));
        Assert.Equal(asked + 1, Reader.PageQueries.Count);
    }

    [Fact]
    public async Task Address_ChangesWhileAnAnswerIsOnItsWay_LateAnswerIsNotShown()
    {
        var late = new TaskCompletionSource();
        Reader.BeforeRead = token => Reader.PageQueries.Count == 1 ? late.Task.WaitAsync(token) : Task.CompletedTask;
        var page = Open("library?type=movie");
        Navigation.NavigateTo("library?type=game");
        var games = (await ExpectedAsync(new MediaQuery { Type = MediaType.Game }, 100)).ToList();
        WaitForAssertion(page, () => Assert.Equal(games, ReadShownIds(page)));
        var drawn = page.RenderCount;

        late.SetResult();

        WaitForAssertion(page, () => Assert.True(page.RenderCount > drawn));
        Assert.Equal(games, ReadShownIds(page));
    }

    /// <summary>The arrow keys move from one of these links to the next, in the order of the page; Enter opens the focused one.</summary>
    [Theory]
    [InlineData("library", ".card", ".card-link")]
    [InlineData("library?view=list", ".row", ".row-title > a")]
    public async Task Keyboard_EachWork_IsOneLinkInTheOrderShown(string address, string itemSelector, string link)
    {
        var page = await OpenWideAsync(address);

        Assert.Equal(await ExpectedAsync(new MediaQuery(), 100), ReadShownIds(page, link).Take(100));
        Assert.All(page.FindAll(itemSelector), w => Assert.Single(w.QuerySelectorAll("a, button, input, [tabindex]")));
        Assert.Contains($"'{link}'", RepositoryRoot.Read("wwwroot-assets/js/shell.js"), StringComparison.Ordinal);
        Assert.All(page.FindAll(".segments button"), button => Assert.Equal("button", button.GetAttribute("type")));
    }
}
