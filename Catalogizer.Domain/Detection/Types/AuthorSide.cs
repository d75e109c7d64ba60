using System.Buffers;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Which side of "X - Y" is the author when a folder is named like one of them, or when one contains a number, which no person does:
/// "Fahrenheit 451 - Author", "Author - 1984".
/// </summary>
internal static class AuthorSide
{
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    /// <param name="firstFolder">Index of the nearest folder that can be the author's.</param>
    public static bool TryRead(ParsedName parsed, PathContext context, int firstFolder, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        var start = parsed.YearIndex == 0 ? 0 : parsed.Start;
        if (FindOnlyDash(parsed, start) is not (> 0 and var dash))
        {
            return false;
        }

        var end = FindEnd(parsed, dash + 1);
        var left = name.RawText(start, dash - 1);
        var right = name.RawText(dash, end - 1);
        if (FindNamedSide(left, right, context.Path.Folders, firstFolder) is not { } isRight)
        {
            // In a folder of the author, a number is a place or a year.
            isRight = left.ContainsAnyInRange('0', '9') && !IsPlace(name, start, dash) && PersonNames.LooksLikePeople(right);
            var isTitleRight = IsNumber(right) || (parsed.YearIndex == dash && dash + 1 < end && name[dash + 1].Kind == TokenKind.Word);
            if (!(isRight || (isTitleRight && PersonNames.LooksLikePeople(left))) || BookTree.HasAuthorFolder(context, firstFolder))
            {
                return false;
            }
        }

        fields.Author = TitleCleaner.Clean(isRight ? right : left);
        fields.Title = ReadTitle(isRight ? left : right);
        fields.Year = parsed.YearIndex >= end ? name.Number(parsed.YearIndex) : null;
        fields.Date = null;
        BookNameParser.ReadSeriesBracket(parsed, dash, fields);
        return true;
    }

    private static int FindOnlyDash(ParsedName parsed, int start)
    {
        var name = parsed.Name;
        var found = -1;
        for (var i = start; i < name.Count; i++)
        {
            if (name[i].BracketGroup != 0 || (name[i].SeparatorBefore & Separator.Hash) != 0)
            {
                return found;
            }

            if (i > start && name[i].IsAfterSpacedDash)
            {
                if (found > 0)
                {
                    return -1;
                }

                found = i;
            }
        }

        return found;
    }

    private static int FindEnd(ParsedName parsed, int from)
    {
        while (from < parsed.Name.Count && from != parsed.YearIndex && parsed.Name[from].BracketGroup == 0 && parsed.TermAt(from) is not { Strength: TermStrength.Strong })
        {
            from++;
        }

        return from;
    }

    // Author/Title/Title - Author: the upper of two folders is the author's. True for the right side, null when no folder names one.
    private static bool? FindNamedSide(ReadOnlySpan<char> left, ReadOnlySpan<char> right, IReadOnlyList<string> folders, int firstFolder)
    {
        bool? besideTitle = null;
        for (var i = folders.Count - 1; i >= firstFolder; i--)
        {
            var namesRight = PersonNames.AreSame(folders[i], right);
            if (!namesRight && !PersonNames.AreSame(folders[i], left))
            {
                continue;
            }

            if (!(namesRight ? IsTitleBeside(right, left) : IsTitleBeside(left, right)))
            {
                return namesRight;
            }

            besideTitle = !namesRight;
        }

        return besideTitle;
    }

    // "Catch-22/Catch-22 - Joseph Heller": the folder of one book.
    private static bool IsTitleBeside(ReadOnlySpan<char> side, ReadOnlySpan<char> other) =>
        (side.ContainsAnyInRange('0', '9') || (side.IndexOf(' ') is > 0 and var space && PersonNames.IsArticle(side[..space]))) && PersonNames.LooksLikePeople(other);

    // "1984", "11.22.63"; a short number rather counts something.
    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length >= 4 && text.IndexOfAnyExcept(DigitsAndDots) < 0;

    // "05", "1.5", "Book 3", "01. Title", "Series 05": padded to sort, or said to be one.
    private static bool IsPlace(TokenizedName name, int start, int dash)
    {
        var words = dash - start;
        var isDecimal = words > 1 && name.Number(start) >= 0 && name[start + 1] is { SeparatorBefore: Separator.Dot, IsNumber: true };
        return name.Word(start) is ['0', ..] || (name[dash - 1].IsNumber && name.Word(dash - 1) is ['0', ..])
            || (words == 1 && name[start].IsNumber && name[start].Length <= 2) || (isDecimal && words == 2)
            || (words == 2 && SeriesPlace.IsPlaceWord(name.Word(start)) && name[dash - 1].IsNumber)
            || (words > 1 && name.Number(start) >= 0 && name[start].Length <= 3 && !isDecimal && (name[start + 1].SeparatorBefore & Separator.Dot) != 0);
    }

    private static string? ReadTitle(ReadOnlySpan<char> raw) => IsNumber(raw) ? raw.ToString() : TitleCleaner.Clean(raw);
}
