using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>"Author - Title (1999)", "Title by Author", "01 - Title", "Title (Series, #5)", "Series #2".</summary>
internal static class BookName
{
    /// <summary>"Title by Author [eng]": a language alone in the bracket at the end.</summary>
    public static bool IsByAuthor(NameReading reading)
    {
        var name = reading.Name;
        var last = name.Count - 1;
        return last > 3 && name[last].Bracket == '[' && (name[last].Before & Gap.Open) != 0 && LanguageTerms.TryCode(name.Word(last), out _)
            && By(name, reading.Start, last) > 0;
    }

    public static void Fill(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        fields.Year ??= reading.YearAt >= 0 ? name.Number(reading.YearAt) : null;
        if (name.Count == 0)
        {
            return;
        }

        var start = Volume(reading, fields);
        var end = End(reading, start);
        var hash = Hash(name, start);
        if (hash > start)
        {
            FillHash(name, start, hash, fields);
            return;
        }

        if (TryYearBetween(reading, start, fields))
        {
            return;
        }

        SeriesBracket(reading, start, fields);
        var by = By(name, start, end);
        var dash = AlbumName.SpacedDash(name, start, end);
        dash = dash < 0 && !name.Text.Contains(' ') && reading.TitleEnd < name.Count ? LoneTightDash(name, start, end) : dash;
        if (by < 0 && TrySeriesBetween(reading, start, fields))
        {
            return;
        }

        if (by > 0)
        {
            fields.Title = TitleText.Clean(name.Raw(start, by - 1));
            fields.Author = TitleText.Clean(name.Raw(by + 1, end - 1));
        }
        else if (dash > start && fields.Author is null)
        {
            FillPair(name, start, dash, end, fields);
        }
        else
        {
            fields.Title = TitleText.Clean(name.Raw(start, end - 1)) ?? fields.Title;
        }
    }

    // "Series #3", "Author - Series #3", "Series #3 - Title", "Author - Series #3 - Title"
    private static void FillHash(NameText name, int start, int hash, FieldsDraft fields)
    {
        var dash = AlbumName.SpacedDash(name, start, hash);
        var behind = AlbumName.SpacedDash(name, hash, Math.Min(hash + 3, name.Count));
        fields.Author = dash > 0 && behind > 0 ? TitleText.Clean(name.Raw(start, dash - 1)) : fields.Author;
        start = dash > 0 && behind > 0 ? dash : start;
        fields.Series = TitleText.Clean(name.Raw(start, SeriesEnd(name, start, hash)));
        fields.Volume = Number(name, hash);
        fields.Title = behind > 0 ? TitleText.Clean(name.Raw(behind, Bracket(name, behind + 1, name.Count) - 1)) : fields.Title ?? fields.Series;
    }

    // "Author - 1987 - Title"
    private static bool TryYearBetween(NameReading reading, int start, FieldsDraft fields)
    {
        var (name, year) = (reading.Name, reading.YearAt);
        if (year <= start || year + 1 >= name.Count || !name[year].AfterSpacedDash || !name[year + 1].AfterSpacedDash)
        {
            return false;
        }

        fields.Author = TitleText.Clean(name.Raw(start, year - 1));
        fields.Title = TitleText.Clean(name.Raw(year + 1, Bracket(name, year + 2, name.Count) - 1));
        return true;
    }

    // "Author - Series 03 - Title", "Author - [Series 03] - Title"
    private static bool TrySeriesBetween(NameReading reading, int start, FieldsDraft fields)
    {
        var name = reading.Name;
        var first = start + 1;
        while (first < name.Count && !name[first].AfterSpacedDash)
        {
            first++;
        }

        var second = first + 2;
        while (second < name.Count && !name[second].AfterSpacedDash)
        {
            second++;
        }

        if (second >= name.Count || name.Number(second - 1) < 0 || name[second - 1].Length > 3)
        {
            return false;
        }

        fields.Author = TitleText.Clean(name.Raw(start, first - 1));
        fields.Series = TitleText.Clean(name.Raw(first, second - 2));
        fields.Volume = Numbers.Plain(name.Raw(second - 1, second - 1));
        fields.Title = TitleText.Clean(name.Raw(second, Bracket(name, second + 1, Math.Max(reading.TitleEnd, reading.End)) - 1));
        return true;
    }

    // "Author.Name-Book.Title": one dash, and no spaces to tell it from a hyphen.
    private static int LoneTightDash(NameText name, int start, int end)
    {
        var found = -1;
        for (var i = start + 1; i < end; i++)
        {
            if (name[i].AfterTightDash)
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
    private static void FillPair(NameText name, int start, int dash, int end, FieldsDraft fields)
    {
        var left = TitleText.Clean(name.Raw(start, dash - 1));
        var right = TitleText.Clean(name.Raw(dash, end - 1));
        if (DateReader.Month(name.Word(dash)) > 0)
        {
            fields.Title = left;
        }
        else if (name.Number(dash - 1) >= 0 && dash - 1 > start && name[dash - 1].Length <= 3)
        {
            fields.Series = TitleText.Clean(name.Raw(start, dash - 2));
            fields.Volume = Numbers.Plain(name.Raw(dash - 1, dash - 1));
            fields.Title = right;
        }
        else
        {
            // "Quiet Water, The - Author": what is sorted by its second word is a title, as is what begins with an article.
            var swapped = (IsArticle(name.Word(start)) && !IsArticle(name.Word(dash))) || (dash - 1 > start && IsArticle(name.Word(dash - 1)) && (name[dash - 1].Before & Gap.Comma) != 0);
            (fields.Author, fields.Title) = swapped ? (right, left) : (left, right);
        }
    }

    private static bool IsArticle(ReadOnlySpan<char> word) => word is "the" or "a" or "an" or "der" or "die" or "das" or "le" or "la" or "les" or "el";

    // A number in front is the place in the series: "01 - Title", "2.0 - Title".
    private static int Volume(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        var start = reading.Start;
        if (start + 2 < name.Count && name.Word(start) is "book" or "vol" or "volume" or "band" or "tome" && name.Number(start + 1) >= 0 && name[start + 2].AfterSpacedDash)
        {
            fields.Volume = Numbers.Plain(name.Raw(start + 1, start + 1));
            return start + 2;
        }

        if (start + 1 >= name.Count || name.Number(start) < 0 || name[start].Length > 3)
        {
            return start;
        }

        var next = start + 1;
        if (name[next] is { Before: Gap.Dot, IsNumber: true, Length: 1 } && next + 1 < name.Count)
        {
            next++;
        }

        if (name[next].AfterSpacedDash || (name[next].Before & Gap.Dot) != 0 || (name.Word(start) is ['0', _] && name[next].Before == Gap.Space))
        {
            fields.Volume = Numbers.Plain(name.Raw(start, next - 1));
            return next;
        }

        return start;
    }

    private static int End(NameReading reading, int start)
    {
        var name = reading.Name;
        var end = Math.Min(reading.End, Math.Max(reading.TitleEnd, start));
        end -= end == reading.YearAt && end - 1 > start && DateReader.Month(name.Word(end - 1)) > 0 && !name.Is(end - 1, "may") ? 1 : 0;
        return Bracket(name, start + 1, end <= start ? reading.End : end);
    }

    private static int Bracket(NameText name, int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if ((name[i].Before & Gap.Open) != 0)
            {
                return i;
            }
        }

        return end;
    }

    private static int Hash(NameText name, int start)
    {
        for (var i = start + 1; i < name.Count; i++)
        {
            if ((name[i].Before & Gap.Hash) != 0 && name.Number(i) >= 0 && name[i].Group == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static int SeriesEnd(NameText name, int start, int hash)
    {
        var last = start;
        while (last + 1 < hash && (name[last + 1].Before & Gap.Open) == 0)
        {
            last++;
        }

        return last;
    }

    // "(Series, #5)", "(Series Book 5)", "(Series 5)", and an author behind the bracket
    private static void SeriesBracket(NameReading reading, int start, FieldsDraft fields)
    {
        var name = reading.Name;
        for (var i = start + 1; i < name.Count; i++)
        {
            if (name[i].Group == 0 || name.Number(i) < 0 || name[i].Length > 3)
            {
                continue;
            }

            var first = i;
            while (first > 0 && name[first - 1].Group == name[i].Group)
            {
                first--;
            }

            var last = name.BracketEnd(i);
            var worded = name.Word(i - 1) is "book" or "vol" or "volume" or "band";
            if (first == start || first == i || !(worded || (name[i].Before & Gap.Hash) != 0 || (last == i && name[i].Before == Gap.Space && name.Number(first) < 0 && reading.TermAt(first) is null)))
            {
                continue;
            }

            var end = i - 1 - (worded ? 1 : 0);
            fields.Series = end >= first ? TitleText.Clean(name.Raw(first, end)) : fields.Series;
            fields.Volume = Number(name, i);
            if (last + 1 < name.Count && name[last + 1].AfterSpacedDash && AlbumName.SpacedDash(name, start, first) < 0)
            {
                fields.Author = TitleText.Clean(name.Raw(last + 1, Bracket(name, last + 2, name.Count) - 1));
            }

            return;
        }
    }

    private static string Number(NameText name, int i) =>
        Numbers.Plain(i + 1 < name.Count && name[i + 1] is { Before: Gap.Dot, IsNumber: true, Length: 1 } ? name.Raw(i, i + 1) : name.Raw(i, i));

    private static int By(NameText name, int start, int end)
    {
        for (var i = end - 2; i > start; i--)
        {
            if (name.Is(i, "by") && name[i].Before == Gap.Space && name[i].Group == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
