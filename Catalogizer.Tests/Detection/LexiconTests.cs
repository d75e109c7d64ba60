using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Tests.Detection;

public sealed class LexiconTests
{
    [Fact]
    public void TermTable_EverySpelling_CanBeFound()
    {
        var table = new TermTable();
        VideoTerms.AddTo(table);
        AudioTerms.AddTo(table);
        EditionTerms.AddTo(table);
        ReleaseTerms.AddTo(table);
        LanguageTerms.AddTo(table);
        GameTerms.AddTo(table);
        SoftwareTerms.AddTo(table);
        PrintTerms.AddTo(table);

        Assert.All(table.Terms.Keys, key =>
        {
            Assert.Equal(key.ToLowerInvariant(), key);
            Assert.Equal(key.Trim(), key);
            Assert.InRange(key.Split(' ').Length, 1, Lexicon.MaxWords);
            Assert.True(Lexicon.TryFind(key, out _));
        });
    }

    [Theory]
    [InlineData("web dl")]
    [InlineData("webdl")]
    [InlineData("dts hd ma")]
    [InlineData("dtshdma")]
    public void TryFind_AnySpelling_FindsTheTerm(string words) => Assert.True(Lexicon.TryFind(words, out _));

    [Fact]
    public void TryFind_OrdinaryWord_FindsNothing() => Assert.False(Lexicon.TryFind("harbour", out _));

    [Theory]
    [InlineData("en", "en")]
    [InlineData("german", "de")]
    [InlineData("pt-br", "pt")]
    public void TryCode_Language_GivesTwoLetters(string word, string code)
    {
        Assert.True(LanguageTerms.TryGetCode(word, out var found));
        Assert.Equal(code, found);
    }
}
