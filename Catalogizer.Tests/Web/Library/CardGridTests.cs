using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public class CardGridTests
{
    [Theory]
    [InlineData(328, 2)]
    [InlineData(358, 2)]
    [InlineData(1139, 6)]
    [InlineData(3500, 16)]
    public void ForWidth_AnyWidth_FillsTheRow(double width, int columns)
    {
        var fit = CardGrid.ForWidth(width);

        Assert.Equal(columns, fit.Columns);
        Assert.True(fit.RowHeight > 200);
    }

    [Fact]
    public void ForWidth_NoWidthAtAll_HasOneColumn() => Assert.Equal(1, CardGrid.ForWidth(1).Columns);
}
