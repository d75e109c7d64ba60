using Bunit;
using Catalogizer.Domain.Detection;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

public sealed class DetectionDetailsTests : PageTest
{
    public DetectionDetailsTests()
        : base(configureServices: services => services.AddSingleton<MediaDetector>())
    {
    }

    [Fact]
    public void Why_NobodyAsks_ReadsNothing() => Assert.Empty(RenderDetails("Films/Silver Harbor 1994 2001 1080p.mkv").FindAll(".clues"));

    [Fact]
    public void Why_Asked_SaysWhatWasReadFromWhereAndWhatLost()
    {
        var why = RenderDetails("Films/Silver Harbor 1994 2001 1080p.mkv");

        why.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);

        var followed = why.FindAll(".clues:not(.clues-lost) li").Select(ReadText).ToList();
        Assert.StartsWith("type movie", followed[0], StringComparison.Ordinal);
        Assert.Contains("year 2001 85% year: 2001", followed);
        Assert.Contains("resolution 1080p 95% word: 1080p", followed);
        Assert.Equal("year 1994 40% plausible year: 1994", Assert.Single(why.FindAll(".clues-lost li").Select(ReadText)));
        Assert.Contains("Taken for movie", why.Find("p").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_FileRenamedMeanwhile_TellsOfItsNewName()
    {
        var why = RenderDetails("Quiet Water (2001).mkv");
        why.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);

        why.Render(p => p.Add(w => w.Path, "Loud Fire (2003).mkv"));

        Assert.Contains("Loud Fire", why.Find(".clues").TextContent, StringComparison.Ordinal);
    }

    private static string ReadText(AngleSharp.Dom.IElement row) => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<DetectionDetails> RenderDetails(string path) => Render<DetectionDetails>(p => p.Add(w => w.Path, path));
}
