using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public sealed class MediaCardTests : PageTest
{
    [Fact]
    public void Card_Film_SaysWhatItIsAndLeadsToItsPage()
    {
        var card = RenderCard(SampleMedia.Film);

        Assert.Equal("item/42", card.Find("a").GetAttribute("href"));
        Assert.Equal("The Golden Harbour", card.Find("h3").TextContent);
        Assert.Contains("Film · 1999", card.Find(".card-line").TextContent, StringComparison.Ordinal);
        Assert.Equal("1080p", card.Find(".card-quality").TextContent);
    }

    [Theory]
    [InlineData(MediaKind.Film, 3, 0, "3 copies")]
    [InlineData(MediaKind.Series, 0, 24, "24 episodes")]
    [InlineData(MediaKind.Album, 0, 1, "1 track")]
    public void Card_SeveralCopiesOrParts_SaysHowMany(MediaKind kind, int copies, int parts, string words)
    {
        var card = RenderCard(SampleMedia.Film with { Kind = kind, VersionCount = copies, PartCount = parts });

        Assert.Contains(words, card.Find(".card-line").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_SameItemAgain_IsNotDrawnAgain()
    {
        var card = RenderCard(SampleMedia.Film);

        card.Render(p => p.Add(c => c.Item, SampleMedia.Film with { Year = SampleMedia.Film.Year }));
        Assert.Equal(1, card.RenderCount);

        card.Render(p => p.Add(c => c.Item, SampleMedia.Film with { Title = "Another" }));
        Assert.Equal(2, card.RenderCount);
        Assert.Equal("Another", card.Find("h3").TextContent);
    }

    [Fact]
    public void Card_NotAvailable_SaysSoInWords()
    {
        var card = RenderCard(SampleMedia.Film with { Presence = Presence.Missing });

        Assert.Equal("Missing", card.Find(".card-presence").TextContent.Trim());
    }

    [Fact]
    public void Card_NothingKnownOfQuality_HasNoBadge() =>
        Assert.Empty(RenderCard(SampleMedia.Film with { Best = new BestVersion(null, null, 0) }).FindAll(".card-quality"));

    [Fact]
    public void Card_TitleThatIsMarkup_StaysText()
    {
        var card = RenderCard(SampleMedia.Film with { Title = "<script>alert(1)</script>\u202Efdp" });

        Assert.Empty(card.FindAll("script"));
        Assert.Equal("<script>alert(1)</script>‹U+202E›fdp", card.Find("h3").TextContent);
    }

    private IRenderedComponent<MediaCard> RenderCard(MediaSummary item) => Render<MediaCard>(p => p.Add(c => c.Item, item));
}
