using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Tests.Web.Ui;

public class DisplayNameTests
{
    [Theory]
    [InlineData("The Golden Harbour (1999).mkv", "The Golden Harbour (1999).mkv")]
    [InlineData("七人の侍", "七人の侍")]
    [InlineData("👩‍🚀 family", "👩‍🚀 family")]
    [InlineData("two\nlines\ttab", "two‹U+000A›lines‹U+0009›tab")]
    [InlineData("bell\u0007del\u007F", "bell‹U+0007›del‹U+007F›")]
    [InlineData("invoice\u202Efdp.exe", "invoice‹U+202E›fdp.exe")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero‹U+200B›width‹U+FEFF›")]
    [InlineData("next\u0085line\u2028", "next‹U+0085›line‹U+2028›")]
    [InlineData("tag\U000E0041", "tag‹U+E0041›")]
    [InlineData("", "")]
    public void From_HiddenLetters_AreSpelledOut(string name, string shown) => Assert.Equal(shown, DisplayName.From(name));

    [Fact]
    public void From_HalfALetter_BecomesTheReplacementSign() => Assert.Equal("half\uFFFD", DisplayName.From("half\uD83D"));
}
