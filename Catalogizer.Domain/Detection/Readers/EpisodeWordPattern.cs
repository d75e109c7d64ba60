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
        var episodes = new List<int>(1);
        if (!EpisodePhrase.TryRead(parsed, i, false, episodes, out var last))
        {
            if (name.Number(i) <= 0 || name[i].Length > 4 || i + 1 >= name.Count || !EpisodeTerms.IsTrailingEpisodeWord(name.Word(i + 1)))
            {
                return null;
            }

            episodes.Add(name.Number(i));
            last = i + 1;
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

    // "3 of 6", "3of6", "(3 из 6)"; after a word for a part or disc, the number is left to PartReader.
    private static EpisodePatternResult? FindCounted(ParsedName parsed, int i)
    {
        if (i > 0 && parsed.Name.Word(i - 1) is "part" or "pt" or "cd" or "disc" or "disk" or "dvd" or "book" or "vol")
        {
            return null;
        }

        // In front of a name: "2 of 6 - Fog", "3of6", and not "9 of 10 Cats".
        return EpisodePhrase.ParseCounted(parsed.Name, i, out var last) is > 0 and var number
            && (i > parsed.Start || last == i || last + 1 >= parsed.Name.Count || parsed.Name[last + 1].IsAfterSpacedDash)
            ? new EpisodePatternResult(NamedPattern.EpisodeWord, i, last) { Episodes = [number] } : null;
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
