using Catalogizer.Domain.Library;
using Catalogizer.Web.Components;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public sealed class LibraryPrerenderStateTests
{
    private static readonly MediaFacets Facets = new(NoCounts, NoCounts, NoCounts, NoCounts, NoCounts, NoCounts);

    private static Dictionary<string, long> NoCounts => [];

    [Fact]
    public void Compress_UsualPage_ComesBackWithoutDescriptions()
    {
        var start = new LibraryPrerenderState(CreatePage(36, "A Wonder"), new Dictionary<long, string> { [1] = "Films" }, LibraryLayout.List, 7);

        var back = LibraryPrerenderState.Decompress(start.Compress())!;

        Assert.Equal((36, 36L, LibraryLayout.List, 7L), (back.Page.Items.Count, back.Page.Total, back.Layout, back.Published));
        Assert.Equal("Films", back.Sources[1]);
        Assert.All(back.Page.Items, item => Assert.Null(item.Description));
    }

    /// <summary>The circuit's first message has a size limit, beyond which there would be no circuit at all.</summary>
    [Fact]
    public void Compress_TitlesWithoutEnd_IsNotKept()
    {
        var chance = new Random(1);
        var titles = Enumerable.Range(1, 36).Select(_ => string.Concat(Enumerable.Range(0, 250).Select(_ => (char)chance.Next('一', '龥'))));
        var page = new MediaPage([.. titles.Select((title, i) => SampleMedia.Film with { Id = i, Title = title })], null, 36, false, Facets);

        Assert.Null(new LibraryPrerenderState(page, new Dictionary<long, string>(), LibraryLayout.Grid, 0).Compress());
    }

    [Fact]
    public void Decompress_Nothing_IsNothing() => Assert.Null(LibraryPrerenderState.Decompress(null));

    private static MediaPage CreatePage(int count, string title) =>
        new([.. Enumerable.Range(1, count).Select(i => SampleMedia.Film with { Id = i, Title = title, Description = new string('x', 4000) })], null, count, false, Facets);
}
