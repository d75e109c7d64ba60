using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>An episode marked by a word, without a season: E07-E08, Ep04, Episode 13, [Cap.101], 第05話, 69. bölüm.</summary>
internal static class EpisodeWordPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (parsed.IsClaimable(i) && (FindWorded(parsed, i) ?? FindEastAsian(parsed, i) ?? FindCounted(parsed, i)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static EpisodePatternResult? FindWorded(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var word = name.Word(i);
        var last = i;
        var episodes = new List<int>(1);
        if (!EpisodeTerms.TryReadEpisodes(word, episodes))
        {
            episodes.Clear();
            if (EpisodeTerms.IsEpisodeWord(word) && word.Length > 1 && i + 1 < name.Count && TryReadNumber(name.Word(i + 1), out var number)
                && !name[i + 1].IsAfterSpacedDash && !(name[i + 1].Length == 4 && number is >= YearReader.MinYear and <= YearReader.MaxYear))
            {
                episodes.Add(number);
                last = i + 1;
            }
            else if (name.Number(i) > 0 && name[i].Length <= 4 && i + 1 < name.Count && EpisodeTerms.IsTrailingEpisodeWord(name.Word(i + 1)))
            {
                episodes.Add(name.Number(i));
                last = i + 1;
            }
            else
            {
                return null;
            }
        }

        // "Episode 50 (2011)": at the start of a name and followed by a year, the words are the title.
        if (i == parsed.Start && last + 1 < name.Count && name[last + 1] is { Length: 4, BracketGroup: not 0 } && name.Number(last + 1) is >= YearReader.MinYear and <= YearReader.MaxYear)
        {
            return null;
        }

        // Spanish releases put the season in the same number: Cap.102 is episode 2 of season 1.
        if (word.StartsWith("cap") && episodes[0] is > 100 and < 10000)
        {
            var season = episodes[0] / 100;
            episodes[0] %= 100;
            if (last + 1 < name.Count && name[last + 1].SeparatorBefore is Separator.Dash or Separator.Underscore && name.Number(last + 1) / 100 == season && name.Number(last + 1) % 100 > episodes[0])
            {
                episodes.Add(name.Number(++last) % 100);
                EpisodeSequence.FillRange(episodes);
            }

            return new EpisodePatternResult(NamedPattern.EpisodeWord, i, last) { Season = season, Episodes = episodes };
        }

        EpisodeSequence.Continue(parsed, null, episodes, ref last);
        return new EpisodePatternResult(NamedPattern.EpisodeWord, i, last) { Episodes = episodes };
    }

    // "01", "01v2"
    private static bool TryReadNumber(ReadOnlySpan<char> word, out int number)
    {
        var digits = new DigitScanner(word);
        return digits.TryRead(5, out number) && digits.IsAtEndOrSuffix;
    }

    // "3 of 6", "3of6", "(3 из 6)"; after a word for a part or disc, the number is left to PartReader.
    private static EpisodePatternResult? FindCounted(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var digits = new DigitScanner(name.Word(i));
        if (i <= parsed.Start || !digits.TryRead(3, out var number) || name.Word(i - 1) is "part" or "pt" or "cd" or "disc" or "disk" or "dvd" or "book" or "vol")
        {
            return null;
        }

        var last = i;
        if (digits.IsAtEnd)
        {
            if (i + 2 >= name.Count || name.Word(i + 1) is not ("of" or "von" or "из" or "di") || name.Number(i + 2) < number || name[i + 2].Length > 3)
            {
                return null;
            }

            last = i + 2;
        }
        else if (!digits.TrySkip("of") || !digits.TryRead(3, out var count) || !digits.IsAtEnd || count < number)
        {
            return null;
        }

        return number == 0 ? null : new EpisodePatternResult(NamedPattern.EpisodeWord, i, last) { Episodes = [number] };
    }

    // 第05话, 第01-15集, 5화
    private static EpisodePatternResult? FindEastAsian(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var digits = new DigitScanner(name.Word(i));
        var korean = !digits.TrySkip('第');
        if (!digits.TryRead(4, out var first) || (korean && digits.Rest is not ("화" or "회")))
        {
            return null;
        }

        var last = i;
        var end = first;
        if (digits.IsAtEnd && i + 1 < name.Count && name[i + 1].IsAfterTightDash)
        {
            digits = new DigitScanner(name.Word(++last));
            if (!digits.TryRead(4, out end))
            {
                return null;
            }
        }

        if (digits.IsAtEnd || digits.Rest[0] is not ('话' or '話' or '集' or '回' or '화' or '회'))
        {
            return null;
        }

        List<int> episodes = end > first ? [first, end] : [first];
        EpisodeSequence.FillRange(episodes);
        return new EpisodePatternResult(NamedPattern.EpisodeWord, i, last) { Episodes = episodes };
    }
}
