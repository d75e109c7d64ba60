using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Common;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    public void FormatCell_TextThatASpreadsheetWouldCalculate_IsMadeText(string text, string cell) => Assert.Equal(cell, Csv.FormatCell(text));

    [Theory]
    [InlineData("", "")]
    [InlineData("Wall-E", "Wall-E")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("He said \"no\"", "\"He said \"\"no\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" = 1", " = 1")]
    [InlineData("'quoted", "'quoted")]
    public void FormatCell_OrdinaryText_StaysWhatItIs(string text, string cell) => Assert.Equal(cell, Csv.FormatCell(text));

    [Fact]
    public void FormatCell_Number_IsNotGuarded() => Assert.Equal(("-5", "1.5", ""), (Csv.FormatCell(-5L), Csv.FormatCell(1.5), Csv.FormatCell(null)));

    [Fact]
    public void Format_Rows_EndEachWithItsLineBreak() => Assert.Equal("Title,Works\r\n'=1,2\r\n", Csv.Format([["Title", "Works"], ["=1", 2L]]));
}
