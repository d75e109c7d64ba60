using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>An episode in words: "Ep04", "Episode 13", "Folge zwölf", "8. Folge", "5ª puntata"; and its number of a total, "2 of 8".</summary>
internal static class EpisodePhrase
{
    /// <summary>Reads the episode behind a season, "Tem.3 Cap.308": there, the hundreds may repeat the season.</summary>
    public static bool TryReadBehindSeason(ParsedName parsed, int i, int season, List<int> episodes, out int last)
    {
        if (!TryRead(parsed, i, true, episodes, out last))
        {
            if (ParseCounted(parsed.Name, i, out last) is not (> 0 and var counted))
            {
                return false;
            }

            episodes.Add(counted);
        }

        RemoveSeason(season, parsed.Name.Word(i).StartsWith("cap"), episodes);
        return true;
    }

    /// <param name="isBehindSeason">Whether a season is directly before.</param>
    public static bool TryRead(ParsedName parsed, int i, bool isBehindSeason, List<int> episodes, out int last)
    {
        last = i;
        if (EpisodeTerms.TryReadEpisodes(parsed.Name.Word(i), episodes))
        {
            return true;
        }

        episodes.Clear();
        if (TryReadBehind(parsed, i, isBehindSeason, out var number, out last) || TryReadBefore(parsed, i, isBehindSeason, out number, out last))
        {
            episodes.Add(number);
            WordedNumber.SkipTotal(parsed.Name, number, ref last);
            return true;
        }

        return false;
    }

    /// <summary>"3 of 6", "3of6", "(3 из 6)".</summary>
    /// <returns>The number; 0 for anything else.</returns>
    public static int ParseCounted(TokenizedName name, int i, out int last)
    {
        last = i;
        var number = WordedNumber.ParseGluedCount(name.Word(i));
        if (number == 0 && name[i].Length <= 3 && name.Number(i) is > 0 and var apart)
        {
            WordedNumber.SkipTotal(name, apart, ref last);
            number = last > i ? apart : 0;
        }

        return number;
    }

    /// <summary>Takes the season off numbers that repeat it: 308 in season 3 is 8.</summary>
    public static void RemoveSeason(int season, bool isCustomary, List<int> episodes)
    {
        // In a first season, 112 may be the number of a long run.
        if (season > (isCustomary ? 0 : 1) && episodes.TrueForAll(episode => episode / 100 == season && episode % 100 > 0))
        {
            for (var i = 0; i < episodes.Count; i++)
            {
                episodes[i] %= 100;
            }
        }
    }

    private static bool TryReadBehind(ParsedName parsed, int i, bool isBehindSeason, out int number, out int last)
    {
        last = i + 1;
        number = 0;
        var name = parsed.Name;
        var word = name.Word(i);
        if (!EpisodeTerms.IsEpisodeWord(word) || last >= name.Count || (!isBehindSeason && (word.Length == 1 || name[last].IsAfterSpacedDash)))
        {
            return false;
        }

        var digits = new DigitScanner(name.Word(last));
        if (digits.TryRead(5, out number))
        {
            return digits.IsAtEndOrSuffix && (isBehindSeason || name[last].Length != 4 || number is < YearReader.MinYear or > YearReader.MaxYear);
        }

        if (word.Length > 1 && WordedNumber.ParseSpelled(name, i) is > 0 and var spelled)
        {
            var isNumeral = NumberTerms.Parse(name.Word(last), EpisodeTerms.GetLanguages(word)) == 0;
            number = isBehindSeason || !IsFilmWord(word) || (!isNumeral && !YearReader.ContainsYear(name, last)) || HasSeasonBefore(parsed, i) ? spelled : 0;
        }

        return number > 0;
    }

    // Without a season, "The Third Episode" is a title.
    private static bool TryReadBefore(ParsedName parsed, int i, bool isBehindSeason, out int number, out int last)
    {
        var name = parsed.Name;
        return WordedNumber.TryReadBefore(name, i, true, out number, out last)
            && (isBehindSeason || name[i].Kind != TokenKind.Word || HasSeasonBefore(parsed, i)
                || (i > parsed.Start && !IsFilmWord(name.Word(last)) && !SeasonPhrase.IsArticle(name.Word(i - 1))));
    }

    private static bool HasSeasonBefore(ParsedName parsed, int i)
    {
        for (var k = parsed.Start; k < i; k++)
        {
            if (SeasonPhrase.TryRead(parsed.Name, k, out _, out var last) && last < i)
            {
                return true;
            }
        }

        return false;
    }

    // "Star Wars Episode IV": films are counted in episodes as well, but not in "Folgen".
    private static bool IsFilmWord(ReadOnlySpan<char> word) => word.StartsWith("ep") || word.StartsWith("ép") || word.StartsWith("эп");
}
