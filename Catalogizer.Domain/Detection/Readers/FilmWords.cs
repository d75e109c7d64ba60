using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Words that make a film of a name in the manner of a series: "Title Movie 2 - Subtitle", "Title the Movie", "Gekijouban Title".</summary>
internal static class FilmWords
{
    public static bool IsWord(ReadOnlySpan<char> word) => word is "movie" or "film" || IsTheatrical(word);

    /// <summary>Whether the title contains one that says so; "The Movie Stars" does not.</summary>
    public static bool IsIn(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < parsed.TitleEnd; i++)
        {
            if (IsTheatrical(name.Word(i)) || (i > parsed.Start && IsWord(name.Word(i)) && EndsPhrase(parsed, i + 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTheatrical(ReadOnlySpan<char> word) => word is "gekijouban" or "gekijoban" or "gekijōban" || word.StartsWith("劇場版") || word.StartsWith("剧场版");

    private static bool EndsPhrase(ParsedName parsed, int next) => next >= parsed.TitleEnd || parsed.Name[next].IsNumber
        || NumberTerms.ParseRoman(parsed.Name.Word(next)) > 0 || (parsed.Name[next].SeparatorBefore & (Separator.Dash | Separator.Other | Separator.Open)) != 0;
}
