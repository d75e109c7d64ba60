using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Whole seasons: S01, S01-S09, S01-05, S1+S2, Season 1 to 6; and "S2 - 03", whose episode is a separate number.</summary>
internal static class SeasonPackPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (!parsed.IsFree(i) || IsTitleOfFilm(parsed, i))
            {
                continue;
            }

            if (SeasonPhrase.TryReadBefore(name, i, out var counted, out var word))
            {
                if (FindCountedSeason(parsed, i, counted, word) is { } found)
                {
                    return found;
                }

                i = word;
                continue;
            }

            if (FindSeasonDisc(parsed, i) is { } disc)
            {
                return disc;
            }

            // "北路 第二季 / North Road S2 - 03": the name in Latin letters repeats the season.
            if (name.Word(i)[0] == '第' && (name.SeparatorAfter(i) & Separator.Slash) != 0)
            {
                continue;
            }

            if (!TryReadSeason(name, i, out var season, out var last) || IsYearOfFilm(parsed, i, last))
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

    // "Movies/S04 (2017)": there a whole title in front of the year is one, whatever it looks like.
    private static bool IsTitleOfFilm(ParsedName parsed, int i) => i == parsed.Start && parsed.Place == NamePlace.Films && i + 1 < parsed.Name.Count
        && parsed.Name[i + 1].Length == 4 && parsed.Name.Number(i + 1) is >= YearReader.MinYear and <= YearReader.MaxYear;

    // "2nd Season - 05", "2. Staffel 1080p", "1ª Temporada". In English, unless an episode number, a release word or the end of the name follows,
    // the words are the title's; an ordinal in letters in front of a year as well.
    private static EpisodePatternResult? FindCountedSeason(ParsedName parsed, int i, int season, int word)
    {
        var name = parsed.Name;
        if (FindEpisodeAfter(parsed, word) is >= 0 and var episode)
        {
            return new EpisodePatternResult(NamedPattern.Absolute, i, word + 1) { Season = season, Episodes = [episode] };
        }

        var isCertain = name[i].Kind == TokenKind.Word ? name.Is(i - 1, "complete") || !YearReader.ContainsYear(name, word) : !name.Is(word, "season");
        var isTitle = i == parsed.Start || !isCertain && word + 1 < parsed.End && parsed.TermAt(word + 1) is not { Strength: TermStrength.Strong }
            && (name[word + 1].BracketGroup == 0 || WordedNumber.IsBracketedYear(name, word + 1));
        return isTitle ? null : new EpisodePatternResult(NamedPattern.SeasonPack, i, word) { Season = season };
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

    private static bool TryReadSeason(TokenizedName name, int i, out int season, out int last)
    {
        last = i;
        var word = name.Word(i);
        if (EpisodeTerms.TryReadSeason(word, out season))
        {
            return word[0] != 's' || word.Length > 2 || i > 0;
        }

        if ((EpisodeTerms.IsSeasonWord(word) && word.Length > 2 || word is "s") && name.Number(i + 1) >= 0 && name[i + 1].Length <= 4 && !name[i + 1].IsAfterSpacedDash && !WordedNumber.IsBracketedYear(name, i + 1)
            && (word.Length > 1 || (name[i + 1] is { Length: 2, SeparatorBefore: Separator.Space } && i > 0)))
        {
            last = i + 1;
            season = name.Number(last);
            return true;
        }

        if (i > 0 && SeasonPhrase.TryReadBehind(name, i, false, out season, out last) && !YearReader.ContainsYear(name, last))
        {
            return true;
        }

        last = i;

        if (EpisodeTerms.IsSeasonWord(word) && i + 1 < name.Count && EpisodeTerms.TryReadSeason(name.Word(i + 1), out season))
        {
            last = i + 1;
            return true;
        }

        return false;
    }

    // "Winter.Season.2006.1080p": outside of a series, a number that can be a year is one, unless the name says that it is that of several episodes.
    private static bool IsYearOfFilm(ParsedName parsed, int word, int last)
    {
        var name = parsed.Name;
        return parsed.Place != NamePlace.Series && last == word + 1 && name[last].Length == 4 && name.Number(last) is >= YearReader.MinYear and <= YearReader.MaxYear
            && !EpisodeTerms.IsPlural(name.Word(word)) && FindEpisodeAfter(parsed, last) < 0 && !SpeaksOfSeries(parsed);
    }

    private static bool SpeaksOfSeries(ParsedName parsed)
    {
        for (var i = parsed.Start; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Show } || parsed.Name.Word(i) is "complete" or "series" or "komplett" or "completa" or "intégrale" or "integrale")
            {
                return true;
            }
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
