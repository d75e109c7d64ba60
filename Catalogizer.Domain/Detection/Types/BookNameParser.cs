using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>"Author - Title (1999)", "Title by Author", "01 - Title", "Title (Series, #5)", "Series #2".</summary>
internal static class BookNameParser
{
    /// <summary>Whether the name reads "Title by Author [eng]", with only a language in the bracket at the end.</summary>
    public static bool IsTitleByAuthor(ParsedName parsed)
    {
        var name = parsed.Name;
        var last = name.Count - 1;
        return last > 3 && name[last].Bracket == '[' && (name[last].SeparatorBefore & Separator.Open) != 0 && LanguageTerms.TryGetCode(name.Word(last), out _)
            && FindBy(name, parsed.Start, last) > 0;
    }

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        fields.Year ??= parsed.YearIndex >= 0 ? name.Number(parsed.YearIndex) : null;
        if (name.Count == 0)
        {
            return;
        }

        var start = ReadLeadingVolume(parsed, fields);
        var end = FindTitleEnd(parsed, start);
        var hash = FindHash(name, start);
        if (hash > start)
        {
            FillNumberedSeries(name, start, hash, fields);
            return;
        }

        if (TryReadYearBetween(parsed, start, fields))
        {
            return;
        }

        ReadSeriesBracket(parsed, start, fields);
        var by = FindBy(name, start, end);
        var dash = AlbumNameParser.FindSpacedDash(name, start, end);
        dash = dash < 0 && !name.Text.Contains(' ') && parsed.TitleEnd < name.Count ? FindLoneTightDash(name, start, end) : dash;
        if (by < 0 && TryReadSeriesBetween(parsed, start, fields))
        {
            return;
        }

        if (by > 0)
        {
            fields.Title = TitleCleaner.Clean(name.RawText(start, by - 1));
            fields.Author = TitleCleaner.Clean(name.RawText(by + 1, end - 1));
        }
        else if (dash > start && fields.Author is null)
        {
            FillAuthorAndTitle(name, start, dash, end, fields);
        }
        else
        {
            fields.Title = TitleCleaner.Clean(name.RawText(start, end - 1)) ?? fields.Title;
        }
    }

    // "Series #3", "Author - Series #3", "Series #3 - Title", "Author - Series #3 - Title"
    private static void FillNumberedSeries(TokenizedName name, int start, int hash, MediaFieldsBuilder fields)
    {
        var dash = AlbumNameParser.FindSpacedDash(name, start, hash);
        var titleDash = AlbumNameParser.FindSpacedDash(name, hash, Math.Min(hash + 3, name.Count));
        fields.Author = dash > 0 && titleDash > 0 ? TitleCleaner.Clean(name.RawText(start, dash - 1)) : fields.Author;
        start = dash > 0 && titleDash > 0 ? dash : start;
        fields.Series = TitleCleaner.Clean(name.RawText(start, name.FindBracketStart(start + 1, hash) - 1));
        fields.Volume = FormatVolume(name, hash);
        fields.Title = titleDash > 0 ? TitleCleaner.Clean(name.RawText(titleDash, name.FindBracketStart(titleDash + 1, name.Count) - 1)) : fields.Title ?? fields.Series;
    }

    // "Author - 1987 - Title"
    private static bool TryReadYearBetween(ParsedName parsed, int start, MediaFieldsBuilder fields)
    {
        var (name, year) = (parsed.Name, parsed.YearIndex);
        if (year <= start || year + 1 >= name.Count || !name[year].IsAfterSpacedDash || !name[year + 1].IsAfterSpacedDash)
        {
            return false;
        }

        fields.Author = TitleCleaner.Clean(name.RawText(start, year - 1));
        fields.Title = TitleCleaner.Clean(name.RawText(year + 1, name.FindBracketStart(year + 2, name.Count) - 1));
        return true;
    }

    // "Author - Series 03 - Title", "Author - [Series 03] - Title"
    private static bool TryReadSeriesBetween(ParsedName parsed, int start, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        var first = start + 1;
        while (first < name.Count && !name[first].IsAfterSpacedDash)
        {
            first++;
        }

        var second = first + 2;
        while (second < name.Count && !name[second].IsAfterSpacedDash)
        {
            second++;
        }

        if (second >= name.Count || name.Number(second - 1) < 0 || name[second - 1].Length > 3)
        {
            return false;
        }

        fields.Author = TitleCleaner.Clean(name.RawText(start, first - 1));
        fields.Series = TitleCleaner.Clean(name.RawText(first, second - 2));
        fields.Volume = IssueNumbers.Normalize(name.RawText(second - 1, second - 1));
        fields.Title = TitleCleaner.Clean(name.RawText(second, name.FindBracketStart(second + 1, Math.Max(parsed.TitleEnd, parsed.End)) - 1));
        return true;
    }

    // "Author.Name-Book.Title": the only dash in a name without spaces; -1 when there are several, since they could be hyphens.
    private static int FindLoneTightDash(TokenizedName name, int start, int end)
    {
        var found = -1;
        for (var i = start + 1; i < end; i++)
        {
            if (name[i].IsAfterTightDash)
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

    // "Author - Title"; "The Title - A. U. Thor"; "Series 01 - Title"; "Magazine - January 2019"
    private static void FillAuthorAndTitle(TokenizedName name, int start, int dash, int end, MediaFieldsBuilder fields)
    {
        var left = TitleCleaner.Clean(name.RawText(start, dash - 1));
        var right = TitleCleaner.Clean(name.RawText(dash, end - 1));
        if (DateReader.ParseMonth(name.Word(dash)) > 0)
        {
            fields.Title = left;
        }
        else if (dash - 1 == start && IsPlaceNumber(name, start))
        {
            (fields.Volume, fields.Title) = (IssueNumbers.Normalize(name.RawText(start, start)), right);
        }
        else if (IsPlaceNumber(name, dash - 1) && dash - 1 > start && name[dash - 1].IsAfterTightDash)
        {
            // "Orbit-7 - The Long Night"
            fields.Title = TitleCleaner.Clean(name.RawText(start, end - 1));
        }
        else if (IsPlaceNumber(name, dash - 1) && dash - 1 > start)
        {
            fields.Series = TitleCleaner.Clean(name.RawText(start, dash - 2));
            fields.Volume = IssueNumbers.Normalize(name.RawText(dash - 1, dash - 1));
            fields.Title = right;
        }
        else
        {
            // "Quiet Water, The - Author": what is sorted by its second word is a title, and so is what starts with an article.
            var swapped = (IsArticle(name.Word(start)) && !IsArticle(name.Word(dash))) || (dash - 1 > start && IsArticle(name.Word(dash - 1)) && (name[dash - 1].SeparatorBefore & Separator.Comma) != 0);
            (fields.Author, fields.Title) = swapped ? (right, left) : (left, right);
        }
    }

    private static bool IsPlaceNumber(TokenizedName name, int i) =>
        name[i].Length <= 3 ? name.Number(i) >= 0 : name[i].Length == 4 && name.Number(i) is >= 0 and not (>= YearReader.MinYear and <= YearReader.MaxYear);

    private static bool IsArticle(ReadOnlySpan<char> word) => TitleEndReader.IsArticle(word) || word is "les";

    // A leading number is the position in the series: "01 - Title", "2.0 - Title".
    private static int ReadLeadingVolume(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        var start = parsed.Start;
        if (start + 2 < name.Count && name.Word(start) is "book" or "vol" or "volume" or "band" or "tome" && name.Number(start + 1) >= 0 && name[start + 2].IsAfterSpacedDash)
        {
            fields.Volume = IssueNumbers.Normalize(name.RawText(start + 1, start + 1));
            return start + 2;
        }

        if (start + 1 >= name.Count || name.Number(start) < 0 || name[start].Length > 3)
        {
            return start;
        }

        var next = start + 1;
        if (name[next] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } && next + 1 < name.Count)
        {
            next++;
        }

        if (name[next].IsAfterSpacedDash || (name[next].SeparatorBefore & Separator.Dot) != 0 || (name.Word(start) is ['0', _] && name[next].SeparatorBefore == Separator.Space))
        {
            fields.Volume = IssueNumbers.Normalize(name.RawText(start, next - 1));
            return next;
        }

        return start;
    }

    private static int FindTitleEnd(ParsedName parsed, int start)
    {
        var name = parsed.Name;
        var end = Math.Min(parsed.End, Math.Max(parsed.TitleEnd, start));
        end -= end == parsed.YearIndex && end - 1 > start && DateReader.ParseMonth(name.Word(end - 1)) > 0 && !name.Is(end - 1, "may") ? 1 : 0;
        while (end > start && end < parsed.End && IsTitleWord(parsed, end))
        {
            end++;
        }

        return name.FindBracketStart(start + 1, end <= start ? parsed.End : end);
    }

    // "The Lighthouse Magazine": between spaces, the word for a type belongs to the title; between dots it is a release word.
    private static bool IsTitleWord(ParsedName parsed, int i) => parsed.Name[i] is { BracketGroup: 0, SeparatorBefore: Separator.Space } && parsed.TermAt(i) is { } term
        && (term is { Strength: TermStrength.Medium, Kind: TermKind.Magazine or TermKind.Comic or TermKind.Software or TermKind.Music or TermKind.Anime }
            || (term.Kind is TermKind.Book or TermKind.AudioBook && IsArticle(parsed.Name.Word(i - 1))));

    private static int FindHash(TokenizedName name, int start)
    {
        for (var i = start + 1; i < name.Count; i++)
        {
            if ((name[i].SeparatorBefore & Separator.Hash) != 0 && name.Number(i) >= 0 && name[i].BracketGroup == 0)
            {
                return i;
            }
        }

        return -1;
    }

    // "(Series, #5)", "(Series Book 5)", "(Series 5)", optionally with an author after the bracket.
    public static void ReadSeriesBracket(ParsedName parsed, int start, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        for (var i = start + 1; i < name.Count; i++)
        {
            if (name[i].BracketGroup == 0 || name.Number(i) < 0 || name[i].Length > 3)
            {
                continue;
            }

            var first = i;
            while (first > 0 && name[first - 1].BracketGroup == name[i].BracketGroup)
            {
                first--;
            }

            var last = name.FindBracketEnd(i);
            var worded = name.Word(i - 1) is "book" or "vol" or "volume" or "band";
            if (first == start || first == i || !(worded || (name[i].SeparatorBefore & Separator.Hash) != 0 || (last == i && name[i].SeparatorBefore == Separator.Space && name.Number(first) < 0 && parsed.TermAt(first) is null)))
            {
                continue;
            }

            var end = i - 1 - (worded ? 1 : 0);
            fields.Series = end >= first ? TitleCleaner.Clean(name.RawText(first, end)) : fields.Series;
            fields.Volume = FormatVolume(name, i);
            if (last + 1 < name.Count && name[last + 1].IsAfterSpacedDash && AlbumNameParser.FindSpacedDash(name, start, first) < 0)
            {
                fields.Author = TitleCleaner.Clean(name.RawText(last + 1, name.FindBracketStart(last + 2, name.Count) - 1));
            }

            return;
        }
    }

    private static string FormatVolume(TokenizedName name, int i) =>
        IssueNumbers.Normalize(i + 1 < name.Count && name[i + 1] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } ? name.RawText(i, i + 1) : name.RawText(i, i));

    private static int FindBy(TokenizedName name, int start, int end)
    {
        for (var i = end - 2; i > start; i--)
        {
            if (name.Is(i, "by") && name[i].SeparatorBefore == Separator.Space && name[i].BracketGroup == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
