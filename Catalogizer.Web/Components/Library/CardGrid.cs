namespace Catalogizer.Web.Components.Library;

/// <summary>How many cards fit side by side, and how high their row is, so that a wall of them can be measured before it is drawn.</summary>
public readonly record struct CardGrid(int Columns, double RowHeight)
{
    /// <summary>Space between cards, as the style sheet has it.</summary>
    private const double Gap = 20;

    /// <summary>Title and line below a cover, and the space to the next row.</summary>
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
