using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Library;

public sealed class FullTextExpressionTests
{
    [Theory]
    [InlineData("matrix", "\"matrix\"*")]
    [InlineData("the matr", "\"the\" AND \"matr\"*")]
    [InlineData("  the   matrix ", "\"the\" AND \"matrix\"*")]
    [InlineData("a OR b", "\"a\" AND \"OR\" AND \"b\"*")]
    [InlineData("NEAR(a b)", "\"NEAR\" AND \"a\" AND \"b\"*")]
    [InlineData("title:x", "\"title\" AND \"x\"*")]
    [InlineData("\"quoted\"", "\"quoted\"*")]
    [InlineData("x')--", "\"x\"*")]
    [InlineData("Amélie", "\"Amélie\"*")]
    [InlineData("Ame\u0301lie", "\"Amelie\"*")]
    [InlineData("千と千尋", "\"千と千尋\"*")]
    [InlineData("S.W.A.T.", "\"S\" AND \"W\" AND \"A\" AND \"T\"*")]
    [InlineData("", null)]
    [InlineData("\"", null)]
    [InlineData("* ^ ( ) - + : { }", null)]
    [InlineData("🎬", null)]
    [InlineData("\ud800", null)]
    public void FromInput_Table(string typed, string? expression) => Assert.Equal(expression, FullTextExpression.FromInput(typed));

    [Fact]
    public void FromInput_ManyWords_StopsAtSixteen() =>
        Assert.Equal(15, FullTextExpression.FromInput(string.Join(' ', Enumerable.Repeat("word", 100)))!.Split(" AND ").Length - 1);
}
