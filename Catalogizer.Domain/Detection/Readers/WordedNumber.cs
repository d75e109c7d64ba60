using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>The number beside a word for a season or an episode: behind it in digits, letters or Roman numerals, or before it as an ordinal.</summary>
internal static class WordedNumber
{
    /// <summary>"Saison VIII", "Season Two", "Staffel 3 von 4", "Season 3of4". The total is skipped.</summary>
    /// <param name="word">Index of the word for a season or an episode.</param>
    /// <param name="last">The last word of the number or its total.</param>
    public static bool TryReadBehind(TokenizedName name, int word, out int number, out int last)
    {
        last = word + 1;
        number = last >= name.Count || name[last].IsAfterSpacedDash || IsBracketedYear(name, last) ? -1 : ParseBehind(name, word);
        SkipTotal(name, number, ref last);
        return number >= 0;
    }

    /// <summary>"2. Staffel", "3ª Temporada", "2-й сезон", "Deuxième saison", "III sezon"; for an episode "8. Folge", "5ª puntata".</summary>
    /// <param name="last">The word for the season or episode.</param>
    public static bool TryReadBefore(TokenizedName name, int i, bool isEpisode, out int number, out int last)
    {
        number = 0;
        last = i + 1;
        var hasEnding = last < name.Count && name[last].IsAfterTightDash && name[i].IsNumber && name.Word(last) is "й" or "ой" or "ий" or "я" or "ая" or "ья";
        last += hasEnding ? 1 : 0;
        if (last >= name.Count || !IsJoined(name, last) || !CanFollow(name.Word(last), isEpisode))
        {
            return false;
        }

        var digits = new DigitScanner(name.Word(i));
        if (digits.TryRead(isEpisode ? 4 : 2, out number))
        {
            return number > 0 && (hasEnding || (digits.IsAtEnd ? name[last].SeparatorBefore == (Separator.Dot | Separator.Space) || IsOrdinal(name, last, isEpisode) : EpisodeTerms.IsOrdinalSuffix(digits.Rest)));
        }

        number = NumberTerms.ParseOrdinal(name.Word(i), EpisodeTerms.GetLanguages(name.Word(last)));
        if (number == 0 && IsUpper(name.RawText(i, i)) && IsOrdinal(name, last, isEpisode))
        {
            number = NumberTerms.ParseRoman(name.Word(i));
        }

        return number > 0;
    }

    /// <summary>Moves behind "of 6" when it follows.</summary>
    public static void SkipTotal(TokenizedName name, int number, ref int last)
    {
        if (number > 0 && last + 2 < name.Count && EpisodeTerms.IsTotalWord(name.Word(last + 1)) && name[last + 2].Length <= 3 && name.Number(last + 2) >= number)
        {
            last += 2;
        }
    }

    /// <summary>The number of "3of6"; 0 for anything else.</summary>
    public static int ParseGluedCount(ReadOnlySpan<char> word)
    {
        var digits = new DigitScanner(word);
        return digits.TryRead(3, out var number) && digits.TrySkip("of") && digits.TryRead(3, out var total) && digits.IsAtEnd && total >= number ? number : 0;
    }

    /// <summary>The number in letters or Roman numerals behind a word for a season or an episode; 0 for anything else.</summary>
    public static int ParseSpelled(TokenizedName name, int word)
    {
        var at = word + 1;
        if (at >= name.Count || name[at].Kind != TokenKind.Word)
        {
            return 0;
        }

        var number = NumberTerms.Parse(name.Word(at), EpisodeTerms.GetLanguages(name.Word(word)));
        return number > 0 || name[at].Length == 1 && !(IsUpper(name.RawText(at, at)) && EndsNumber(name, at)) ? number : NumberTerms.ParseRoman(name.Word(at));
    }

    private static int ParseBehind(TokenizedName name, int word)
    {
        var at = word + 1;
        return name[at].IsNumber ? name[at].Length <= 4 ? name.Number(at) : -1
            : ParseGluedCount(name.Word(at)) is > 0 and var counted ? counted
            : ParseSpelled(name, word) is > 0 and var spelled ? spelled : -1;
    }

    private static bool CanFollow(ReadOnlySpan<char> word, bool isEpisode) => !EpisodeTerms.IsPlural(word) && word.Length > 2 && (isEpisode
        ? EpisodeTerms.IsEpisodeWord(word) || EpisodeTerms.IsTrailingEpisodeWord(word)
        : EpisodeTerms.IsTrailingSeasonWord(word));

    private static bool IsJoined(TokenizedName name, int i) => (name[i].SeparatorBefore & ~(Separator.Space | Separator.Dot | Separator.Underscore)) == 0;

    // "Kripo 24 Staffel 3": the number behind the word is the season and the one before it the title's, unless the episode is counted the same
    // way ("2 сезон 5 серия"). In English, "4 Season" is no season.
    private static bool IsOrdinal(TokenizedName name, int word, bool isEpisode)
    {
        if ((EpisodeTerms.GetLanguages(name.Word(word)) & NumberLanguages.English) != 0)
        {
            return false;
        }

        return name.Number(word + 1) < 0 || !IsJoined(name, word + 1) || (!isEpisode && word + 2 < name.Count && CanFollow(name.Word(word + 2), true) && name.Number(word + 3) < 0);
    }

    // "Season I Loved": a single letter is a numeral only when the name ends or is divided behind it.
    private static bool EndsNumber(TokenizedName name, int at) => at + 1 >= name.Count
        || (name[at + 1].SeparatorBefore & (Separator.Dash | Separator.Open | Separator.Close | Separator.Comma)) != 0
        || EpisodeTerms.IsEpisodeWord(name.Word(at + 1)) || name[at + 1].Kind == TokenKind.Mixed;

    /// <summary>"Season (2011)": the year of what is called a season.</summary>
    public static bool IsBracketedYear(TokenizedName name, int i) =>
        (name[i].SeparatorBefore & Separator.Open) != 0 && name[i].Length == 4 && name.Number(i) is >= YearReader.MinYear and <= YearReader.MaxYear;

    private static bool IsUpper(ReadOnlySpan<char> raw) => raw.IndexOfAnyExceptInRange('A', 'Z') < 0;
}
