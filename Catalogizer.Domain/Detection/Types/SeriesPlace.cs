using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The place in a series and the year in front of a book's title: "3 - 1994 - Title", "(2007) - Vol. 2413 - Title {Narrator}".</summary>
internal static class SeriesPlace
{
    private readonly record struct Part(int First, int Last, bool HasWord, bool HasBracket);

    /// <param name="isInSeries">Whether a series folder holds the book: then a single number of four digits that is no year is a place.</param>
    public static bool TryRead(ParsedName parsed, bool isInSeries, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        if (!TryReadPart(name, 0, out var one, out var next))
        {
            return false;
        }

        var hasTwo = TryReadPart(name, next, out var two, out var afterTwo);
        next = hasTwo ? afterTwo : next;
        if (!(hasTwo ? TryOrder(name, one, two, out var place, out var year) : TryTakePlace(name, one, next, isInSeries, out place, out year)))
        {
            return false;
        }

        var end = FindTitleEnd(parsed, next);
        fields.Volume = IssueNumbers.Normalize(name.RawText(place.First, place.Last));
        fields.Year = year >= 0 ? name.Number(year) : parsed.YearIndex > next ? name.Number(parsed.YearIndex) : null;
        fields.Title = TitleCleaner.Clean(name.TextUntil(next, end));
        return true;
    }

    /// <summary>Whether the word says that a number behind it is a place in a series.</summary>
    public static bool IsPlaceWord(ReadOnlySpan<char> word) => word is "book" or "vol" or "volume" or "band" or "bd" or "buch" or "folge" or "tome" or "tomo" or "livre" or "libro"
        or "livro" or "boek" or "deel" or "bok" or "bog" or "kniha" or "tom" or "no" or "nr" or "книга" or "том";

    // Reads "3", "2.5", "#3", "Vol. 3" or "(1994)" up to a dash with spaces; the title must follow.
    private static bool TryReadPart(TokenizedName name, int i, out Part part, out int next)
    {
        part = default;
        next = i;
        var hasWord = i + 1 < name.Count && IsPlaceWord(name.Word(i)) && name[i].BracketGroup == 0;
        var first = hasWord ? i + 1 : i;
        if (first + 1 >= name.Count || !name[first].IsNumber || name[first].Length > 4)
        {
            return false;
        }

        var last = name[first + 1] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } ? first + 1 : first;
        next = last + 1;
        var hasHash = name.Text.AsSpan(0, name[first].Start).EndsWith("#");
        part = new Part(first, last, hasWord || hasHash, name[first].BracketGroup != 0);
        return next < name.Count && name[next].IsAfterSpacedDash;
    }

    // Where both could be a year, the second is.
    private static bool TryOrder(TokenizedName name, Part one, Part two, out Part place, out int year)
    {
        var isYearFirst = !IsYear(name, two) || two.HasWord || (one.HasBracket && !two.HasBracket);
        (place, year) = isYearFirst ? (two, one.First) : (one, two.First);
        return isYearFirst ? IsYear(name, one) && !one.HasWord : !one.HasBracket || two.HasBracket;
    }

    private static bool TryTakePlace(TokenizedName name, Part one, int next, bool isInSeries, out Part place, out int year)
    {
        (place, year) = (one, -1);
        var isNumberTitle = next == name.Count - 1 && name[next].IsNumber && name[one.First].Length <= 3;
        return !one.HasBracket && (one.HasWord || isNumberTitle || (isInSeries && name[one.First].Length == 4 && !IsYear(name, one)));
    }

    private static bool IsYear(TokenizedName name, Part part) => part.First == part.Last && YearReader.ParseYear(name, part.First) is not null;

    private static int FindTitleEnd(ParsedName parsed, int title)
    {
        var end = title + 1;
        while (end < parsed.Name.Count && (parsed.Name[end].SeparatorBefore & Separator.Open) == 0 && end != parsed.YearIndex && parsed.TermAt(end) is not { Strength: TermStrength.Strong })
        {
            end++;
        }

        return end;
    }
}
