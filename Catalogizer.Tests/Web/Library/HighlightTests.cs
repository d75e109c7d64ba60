using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public class HighlightTests
{
    [Theory]
    [InlineData("The Golden Harbour", "gol", "The [Gol]den Harbour")]
    [InlineData("The Golden Harbour", "har golden", "The [Golden] [Har]bour")]
    [InlineData("Marigold", "gold", "Marigold")]
    [InlineData("A.B", "b", "A.[B]")]
    [InlineData("<b>", "b", "<[b]>")]
    [InlineData("Sea", "  ", "Sea")]
    public void Split_MarksBeginningsOfWords(string title, string typed, string marked) =>
        Assert.Equal(marked, string.Concat(Highlight.Split(title, typed).Select(p => p.IsHit ? $"[{p.Text}]" : p.Text)));
}
