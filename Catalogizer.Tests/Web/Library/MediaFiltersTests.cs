using AngleSharp.Dom;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

public sealed class MediaFiltersTests : PageTest
{
    private static readonly Dictionary<long, string> Sources = new() { [1] = "Living room NAS", [2] = "Attic" };

    [Fact]
    public void Choice_NotChosen_AddsItselfAndKeepsTheRest()
    {
        var filters = RenderFilters(new MediaQuery { Type = MediaType.Movie });

        Assert.Equal("library?type=movie&resolution=2160p", FindChip(filters, "2160p").GetAttribute("href"));
        Assert.Equal("library?type=movie&source=1", FindChip(filters, "Living room NAS").GetAttribute("href"));
        Assert.Equal("library?type=movie&yearFrom=1990&yearTo=1999", FindChip(filters, "1990s").GetAttribute("href"));
    }

    [Fact]
    public void Choice_Chosen_IsMarkedAndTakesItselfAway()
    {
        var chip = FindChip(RenderFilters(new MediaQuery { Type = MediaType.Movie, Presence = Presence.Missing }), "Missing");

        Assert.Equal("true", chip.GetAttribute("aria-current"));
        Assert.Equal("library?type=movie", chip.GetAttribute("href"));
    }

    [Fact]
    public void Choices_ShowTheirCountsAndLeaveOutWhatNothingHas()
    {
        var filters = RenderFilters(new MediaQuery());

        Assert.Equal("9", FindChip(filters, "1990s").QuerySelector(".count")!.TextContent);
        Assert.DoesNotContain(filters.FindAll(".chip"), c => c.TextContent.Contains("Archived", StringComparison.Ordinal));
    }

    [Fact]
    public void ClearAll_KeepsWordsTypeAndOrder()
    {
        var filters = RenderFilters(new MediaQuery { Query = "sea", Type = MediaType.Movie, Codec = "H.264", YearFrom = 1990, Sort = MediaSort.Title });

        Assert.Equal("library?query=sea&type=movie&sort=title", filters.Find(".filters-footer a").GetAttribute("href"));
        Assert.Equal("2", filters.Find(".count-on").TextContent);
    }

    [Fact]
    public void Year_Typed_GoesIntoTheAddress()
    {
        var filters = RenderFilters(new MediaQuery { Codec = "H.264" });

        filters.FindAll(".years input")[1].Change("1987");

        Assert.EndsWith("/library?yearTo=1987&codec=H.264", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    private static IElement FindChip(IRenderedComponent<MediaFilters> filters, string label) =>
        filters.FindAll(".chip").Single(c => c.QuerySelector("bdi")!.TextContent == label);

    private IRenderedComponent<MediaFilters> RenderFilters(MediaQuery asked) => Render<MediaFilters>(p => p
        .Add(f => f.View, new LibraryView(asked))
        .Add(f => f.Facets, SampleMedia.Facets)
        .Add(f => f.Sources, Sources));
}
