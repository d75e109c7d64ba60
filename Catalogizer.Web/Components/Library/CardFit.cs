namespace Catalogizer.Web.Components.Library;

/// <summary>How many cards fit side by side, and how high their row is, so that a wall of them can be measured before it is drawn.</summary>
public readonly record struct CardFit(int Columns, double RowHeight)
{
    /// <summary>Space between cards, as the style sheet has it.</summary>
    private const double Gap = 20;

    /// <summary>Title and line below a cover, and the space to the next row.</summary>
    private const double Words = 52 + 26;

    private const double CoverShape = 1.5;

    public static CardFit In(double width)
    {
        var least = width < 560 ? 148 : width < 1600 ? 164 : 188;
        var columns = Math.Max(1, (int)((width + Gap) / (least + Gap)));
        var card = (width - Gap * (columns - 1)) / columns;
        return new CardFit(columns, Math.Round(card * CoverShape + Words, 2));
    }
}
