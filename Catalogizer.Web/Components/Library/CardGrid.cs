namespace Catalogizer.Web.Components.Library;

/// <summary>Number of cards per row and height of a row in pixels, so that the grid can be sized before it is rendered.</summary>
public readonly record struct CardGrid(int Columns, double RowHeight)
{
    /// <summary>Space between cards in pixels; must match the style sheet.</summary>
    private const double Gap = 20;

    /// <summary>Height in pixels of title and caption below a cover, plus the space to the next row.</summary>
    private const double CaptionHeight = 52 + 26;

    private const double CoverAspectRatio = 1.5;

    public static CardGrid ForWidth(double width)
    {
        var minCardWidth = width < 560 ? 148 : width < 1600 ? 164 : 188;
        var columns = Math.Max(1, (int)((width + Gap) / (minCardWidth + Gap)));
        var cardWidth = (width - Gap * (columns - 1)) / columns;
        return new CardGrid(columns, Math.Round(cardWidth * CoverAspectRatio + CaptionHeight, 2));
    }
}
