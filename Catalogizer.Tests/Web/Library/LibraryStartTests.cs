using System.Text.Json;
using Catalogizer.Domain.Media;
using Catalogizer.Web.Components;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public sealed class LibraryStartTests
{
    private static readonly MediaFacets Facets = new(None, None, None, None, None, None);

    private static Dictionary<string, long> None => [];

    [Fact]
    public void Of_UsualPage_ComesBackWithoutDescriptions()
    {
        var start = LibraryStart.Of(Page(36, "A Wonder"), new Dictionary<long, string> { [1] = "Films" }, LibraryLayout.List, 7)!;

        var back = JsonSerializer.Deserialize<LibraryStart>(JsonSerializer.Serialize(start, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

        Assert.Equal((36, 36L, LibraryLayout.List, 7L), (back.Page.Items.Count, back.Page.Total, back.Layout, back.Published));
        Assert.Equal("Films", back.Sources[1]);
        Assert.All(back.Page.Items, item => Assert.Null(item.Description));
    }

    /// <summary>The circuit's first message has a limit, beyond which there would be no circuit at all.</summary>
    [Fact]
    public void Of_TitlesWithoutEnd_IsNotKept() =>
        Assert.Null(LibraryStart.Of(Page(36, new string('語', 250)), new Dictionary<long, string>(), LibraryLayout.Grid, 0));

    private static MediaPage Page(int count, string title) =>
        new([.. Enumerable.Range(1, count).Select(i => SampleMedia.Film with { Id = i, Title = title, Description = new string('x', 4000) })], null, count, false, Facets);
}
