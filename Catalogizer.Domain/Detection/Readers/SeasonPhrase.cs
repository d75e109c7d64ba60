using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>A season in words: "Saison VIII", "Season Two", "Season 3of4", "2. Staffel", "Deuxième saison", "Livre II".</summary>
internal static class SeasonPhrase
{
    /// <summary>A season beside a marked episode, where "Livre II" is a season as well.</summary>
    public static bool TryRead(TokenizedName name, int i, out int season, out int last) =>
        TryReadBefore(name, i, out season, out last) || TryReadBehind(name, i, true, out season, out last);

    /// <summary>"Saison VIII", "Season Two", "Season 3of4".</summary>
    /// <param name="hasEpisode">Whether an episode is marked as well: then "Livre II" is a season, and not a title.</param>
    public static bool TryReadBehind(TokenizedName name, int i, bool hasEpisode, out int season, out int last)
    {
        (season, last) = (0, i);
        var word = name.Word(i);
        return (EpisodeTerms.IsSeasonWord(word) && word.Length > 2 || hasEpisode && EpisodeTerms.IsWeakSeasonWord(word))
            && WordedNumber.TryReadBehind(name, i, out season, out last) && season < 3000;
    }

    /// <summary>"2. Staffel", "Title - La deuxième saison"; not "The Second Season", whose words are the title.</summary>
    public static bool TryReadBefore(TokenizedName name, int i, out int season, out int last)
    {
        if (i > 0 && name[i].IsAfterSpacedDash && IsArticle(name.Word(i)) && WordedNumber.TryReadBefore(name, i + 1, false, out season, out last))
        {
            return true;
        }

        (season, last) = (0, i);
        return !(i > 0 && name[i].Kind == TokenKind.Word && IsArticle(name.Word(i - 1))) && WordedNumber.TryReadBefore(name, i, false, out season, out last);
    }

    /// <summary>Whether the word may stand in front of an ordinal that belongs to a title.</summary>
    public static bool IsArticle(ReadOnlySpan<char> word) =>
        word is "a" or "an" or "o" or "el" or "il" or "la" or "le" or "az" || TitleEndReader.IsConnectingWord(word);
}
