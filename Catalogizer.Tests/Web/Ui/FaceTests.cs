using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Tests.Web.Ui;

public sealed class FaceTests : PageTest
{
    [Theory]
    [InlineData(Presence.Present, "Available")]
    [InlineData(Presence.Unknown, "Offline")]
    [InlineData(Presence.Missing, "Missing")]
    [InlineData(Presence.Retired, "Archived")]
    public void PresenceMark_EveryPresence_HasAWordAndAnIconOfItsOwn(Presence presence, string word)
    {
        var mark = Render<PresenceMark>(p => p.Add(m => m.Presence, presence).Add(m => m.Quiet, true));

        Assert.Equal(word, mark.Find("span > span").TextContent);
        Assert.Single(Enum.GetValues<Presence>(), other => mark.Markup.Contains("#" + other.Icon() + "\"", StringComparison.Ordinal));
    }

    [Fact]
    public void FailedState_TryAgain_CallsBack()
    {
        var tries = 0;
        var face = Render<FailedState>(p => p.Add(f => f.Message, "The catalogue did not answer.").Add(f => f.Retry, () => tries++));

        face.Find("button").Click();

        Assert.Equal(1, tries);
        Assert.Equal("alert", face.Find("section").GetAttribute("role"));
        Assert.Contains("The catalogue did not answer.", face.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void FailedState_NothingToTry_HasNoButton() =>
        Assert.Empty(Render<FailedState>(p => p.Add(f => f.Message, "No.")).FindAll("button"));
}
