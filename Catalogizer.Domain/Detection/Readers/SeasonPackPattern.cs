using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Whole seasons: S01, S01-S09, S01-05, S1+S2, Season 1 to 6; and "S2 - 03", whose episode is a separate number.</summary>
internal static class SeasonPackPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (!parsed.IsFree(i))
            {
                continue;
            }

            if (ParseOrdinalSeason(name, i) is > 0 and var counted)
            {
                if (FindEpisodeAfter(parsed, i + 1) is >= 0 and var numbered)
                {
                    return new EpisodePatternResult(NamedPattern.Absolute, i, i + 2) { Season = counted, Episodes = [numbered] };
                }

                if (i + 2 >= parsed.End)
                {
                    return new EpisodePatternResult(NamedPattern.SeasonPack, i, i + 1) { Season = counted };
                }

                i++;
                continue;
            }

            if (FindSeasonDisc(parsed, i) is { } disc)
            {
                return disc;
            }

            if (i > parsed.Start && i + 1 < name.Count && EpisodeTerms.IsTrailingSeasonWord(name.Word(i + 1)) && ParseSeasonNumber(name.Word(i)) is > 0 and var before)
            {
                return new EpisodePatternResult(NamedPattern.SeasonPack, i, i + 1) { Season = before };
            }

            // "北路 第二季 / North Road S2 - 03": the name in Latin letters repeats the season.
            if (name.Word(i)[0] == '第' && (name.SeparatorAfter(i) & Separator.Slash) != 0)
            {
                continue;
            }

            if (!TryReadSeason(name, i, out var season, out var last))
            {
                continue;
            }

            if (FindEpisodeAfter(parsed, last) is >= 0 and var episode)
            {
                return new EpisodePatternResult(NamedPattern.Absolute, i, last + 1) { Season = season, Episodes = [episode] };
            }

            var seasons = ReadSeasons(parsed, season, ref last);
            return seasons.Count > 1
                ? new EpisodePatternResult(NamedPattern.SeasonPack, i, last) { Seasons = seasons }
                : new EpisodePatternResult(NamedPattern.SeasonPack, i, last) { Season = season };
        }

        return null;
    }

    // "2" and "2ª"; 0 for anything else.
    private static int ParseSeasonNumber(ReadOnlySpan<char> word)
    {
        var digits = new DigitScanner(word);
        return digits.TryRead(2, out var number) && (digits.IsAtEnd || digits.Rest is "ª" or "º" or "e" or "ème") ? number : 0;
    }

    // S01D02
    private static EpisodePatternResult? FindSeasonDisc(ParsedName parsed, int i)
    {
        var digits = new DigitScanner(parsed.Name.Word(i));
        if (!digits.TrySkip('s') || !digits.TryRead(2, out var season) || !digits.TrySkip('d') || !digits.TryRead(2, out var disc) || !digits.IsAtEnd)
        {
            return null;
        }

        return new EpisodePatternResult(NamedPattern.SeasonPack, i, i) { Season = season, Disc = disc };
    }

    // The season of "2nd Season - 05"; 0 for anything else. Unless an episode number or the end of the name follows, the words are the title's.
    private static int ParseOrdinalSeason(TokenizedName name, int i)
    {
        var digits = new DigitScanner(name.Word(i));
        return i > 0 && name.Is(i + 1, "season") && digits.TryRead(2, out var season) && digits.Rest is "st" or "nd" or "rd" or "th" ? season : 0;
    }

    private static bool TryReadSeason(TokenizedName name, int i, out int season, out int last)
    {
        last = i;
        var word = name.Word(i);
        if (EpisodeTerms.TryReadSeason(word, out season))
        {
            return word[0] != 's' || word.Length > 2 || i > 0;
        }

        if ((EpisodeTerms.IsSeasonWord(word) && word.Length > 2 || word is "s") && name.Number(i + 1) >= 0 && name[i + 1].Length <= 4 && !name[i + 1].IsAfterSpacedDash
            && !(name[i + 1] is { Length: 4, BracketGroup: not 0 } && name[i].BracketGroup == 0)
            && (word.Length > 1 || (name[i + 1] is { Length: 2, SeparatorBefore: Separator.Space } && i > 0)))
        {
            last = i + 1;
            season = name.Number(last);
            return true;
        }

        if (word is "season" && i > 0 && i + 1 < name.Count && EpisodeTerms.ParseSpelledNumber(name.Word(i + 1)) is > 0 and var spelled)
        {
            (last, season) = (i + 1, spelled);
            return true;
        }

        if (EpisodeTerms.ParseSpelledNumber(word) is > 0 and var ordinal && word is not ("one" or "two" or "three" or "four" or "five" or "six" or "seven" or "eight" or "nine" or "ten") && i > 1
            && name.Is(i + 1, "season") && name.Is(i - 1, "complete"))
        {
            (last, season) = (i + 1, ordinal);
            return true;
        }

        if (EpisodeTerms.IsSeasonWord(word) && i + 1 < name.Count && EpisodeTerms.TryReadSeason(name.Word(i + 1), out season))
        {
            last = i + 1;
            return true;
        }

        return false;
    }

    // "S2 - 03", "S21 999": a number that no other reader has claimed; -1 when there is none.
    private static int FindEpisodeAfter(ParsedName parsed, int last)
    {
        var name = parsed.Name;
        var next = last + 1;
        if (next < name.Count && parsed.IsFree(next) && name[next].IsAfterSpacedDash && ParseRevisedEpisode(name.Word(next)) is >= 0 and var revised)
        {
            return revised;
        }

        if (next >= name.Count || !parsed.IsFree(next) || name.Number(next) is < 0 || name[next].Length > 4
            || !(name[next].IsAfterSpacedDash || (name[next].Bracket == '[' && name.FindBracketEnd(next) == next && name[next].Length is 2 or 3 && name[last].BracketGroup == 0) || (name[next].SeparatorBefore == Separator.Space && name[next].Length is 2 or 3)))
        {
            return -1;
        }

        return name[next].Length == 4 && name.Number(next) is > 1900 and < 2050 ? -1 : name.Number(next);
    }

    // "03v2", a corrected version of an episode; -1 for anything else.
    private static int ParseRevisedEpisode(ReadOnlySpan<char> word)
    {
        var digits = new DigitScanner(word);
        return digits.TryRead(4, out var number) && digits.Rest is ['v', >= '1' and <= '9'] ? number : -1;
    }

    private static List<int> ReadSeasons(ParsedName parsed, int first, ref int last)
    {
        var name = parsed.Name;
        List<int> seasons = [first];
        var ranged = false;
        while (last + 1 < name.Count && parsed.IsFree(last + 1))
        {
            var next = last + 1;
            if (EpisodeTerms.IsRangeWord(name.Word(next)) && next + 1 < name.Count)
            {
                next++;
                ranged = true;
            }

            var before = name[next].SeparatorBefore;
            var number = name.Number(next);
            if (EpisodeTerms.TryReadSeason(name.Word(next), out var season) || (name[next].Length <= 2 && number > 0
                && (ranged || before == Separator.Dash || (before & (Separator.Comma | Separator.Plus)) != 0) && (season = number) > first))
            {
                ranged |= (before & (Separator.Dash | Separator.Other)) != 0;
                if (!seasons.Contains(season))
                {
                    seasons.Add(season);
                }

                last = next;
            }
            else
            {
                break;
            }
        }

        if (ranged && seasons.Count > 1)
        {
            seasons.Sort();
            EpisodeSequence.FillRange(seasons);
        }

        return seasons;
    }
}
