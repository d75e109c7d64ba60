using Catalogizer.Domain.Common;
using FsCheck;
using FsCheck.Fluent;

namespace Catalogizer.Tests.Common;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("Amélie & Co.", "amelie and co")]
    [InlineData("AMÉLIE and co", "amelie and co")]
    [InlineData("Ocean's Eleven", "oceans eleven")]
    [InlineData("Ocean’s  Eleven!", "oceans eleven")]
    [InlineData("WALL·E", "wall e")]
    [InlineData("Spider-Man: No Way Home", "spider man no way home")]
    [InlineData("Fast&Furious", "fast and furious")]
    [InlineData("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width")]
    [InlineData("千と千尋の神隠し", "千と千尋の神隠し")]
    [InlineData("  ...  ", "...")]
    [InlineData("$#*!", "$#*!")]
    [InlineData("", "")]
    [InlineData("🎬", "🎬")]
    [InlineData("\ud800", "\ud800")]
    public void Fold_Table(string text, string folded) => Assert.Equal(folded, TextNormalizer.Fold(text));

    [Theory]
    [InlineData("The Matrix", "matrix")]
    [InlineData("A Bug's Life", "bugs life")]
    [InlineData("An American Tail", "american tail")]
    [InlineData("Theatre", "theatre")]
    [InlineData("The", "the")]
    [InlineData("A", "a")]
    public void FoldWithoutArticle_Table(string title, string folded) => Assert.Equal(folded, TextNormalizer.FoldWithoutArticle(title));

    [Theory]
    [InlineData("Æon Flux", "Łowcy Skór", "Øst for Æden", "Rocky 2", "Rocky 10")]
    [InlineData("9", "10 Things I Hate About You", "101 Dalmatians", "2046", "The Abyss", "An Act", "Zulu")]
    [InlineData("Episode 1", "Episode 01b", "Episode 2", "Episode 0010", "Episode 123456789", "Episode 1234567890")]
    [InlineData("Encyclopædia", "Encyclopaedia 2", "Þórr", "Tiger", "Üben", "Ulysses")]
    public void ToSortTitle_OrdersAsReadersExpect(params string[] titles) =>
        Assert.Equal(titles, titles.Reverse().OrderBy(TextNormalizer.ToSortTitle, StringComparer.Ordinal));

    [Fact]
    public void Fold_AnyAsciiText_FoldsToItself() =>
        Prop.ForAll<NonNull<string>>(text => TextNormalizer.Fold(TextNormalizer.Fold(Ascii(text.Get))) == TextNormalizer.Fold(Ascii(text.Get))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "a")]
    [InlineData("a", "b")]
    [InlineData("ab", "ba")]
    public void ComputeHash_DifferentTexts_Differ(string one, string other)
    {
        Assert.Equal(TextNormalizer.ComputeHash(one), TextNormalizer.ComputeHash(one));
        Assert.NotEqual(TextNormalizer.ComputeHash(one), TextNormalizer.ComputeHash(other));
    }

    private static string Ascii(string text) => new([.. text.Where(char.IsAscii)]);
}
