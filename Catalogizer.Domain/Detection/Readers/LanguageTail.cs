using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// The words of language and dubbing at the end of a title: "Title FRENCH LD", "Title - German", "Title Dubbed". A title may end with the name of a
/// language itself ("Lost in French", "The Good German"), so a name that nothing else marks counts only behind two words that make a title.
/// </summary>
internal static class LanguageTail
{
    /// <summary>Returns the index of the first word that is not part of the title between the two indexes; <paramref name="to"/> when all are.</summary>
    public static int FindStart(TokenizedName name, int from, int to)
    {
        var start = FindRun(name, from, to);
        while (start < to && !EndsTitle(name, from, start, to))
        {
            start++;
        }

        return start;
    }

    /// <summary>Whether all the words are of language and dubbing, and say so: "Legendado", "eng sub"; not "German", which is a title as well.</summary>
    public static bool IsAll(TokenizedName name, int from, int to)
    {
        var hasDubbing = false;
        var hasLanguage = false;
        for (var i = from; i < to; i++)
        {
            var kind = DubbingTerms.Classify(name.Word(i));
            hasDubbing |= kind is LanguageWord.Dubbing or LanguageWord.Mark or LanguageWord.Suffix;
            hasLanguage |= kind is not (LanguageWord.None or LanguageWord.Mark or LanguageWord.Suffix);
            if (kind == LanguageWord.None || name[i].IsAfterSpacedDash)
            {
                return false;
            }
        }

        return hasDubbing && hasLanguage;
    }

    private static int FindRun(TokenizedName name, int from, int to)
    {
        var start = to;
        while (start - 1 > from && IsPart(name, from, start - 1, to))
        {
            start--;
        }

        return start;
    }

    private static bool IsPart(TokenizedName name, int from, int i, int to) => DubbingTerms.Classify(name.Word(i)) switch
    {
        LanguageWord.None => IsRegion(name, from, i),
        _ when IsAloneInBracket(name, i) => true,
        LanguageWord.Mark => i + 1 < to || name.Word(i) is "multi" or "dual" or "dub" or "dubs" or "subs" || LetterCase.IsShouted(name, from, i) || (i - 1 > from && IsLanguage(name, i - 1)),
        LanguageWord.Suffix => i - 1 > from && (IsLanguage(name, i - 1) || DubbingTerms.Classify(name.Word(i - 1)) is LanguageWord.Suffix or LanguageWord.Mark),
        LanguageWord.TitleWord => LetterCase.IsShouted(name, from, i),
        _ => true,
    };

    private static bool IsAloneInBracket(TokenizedName name, int i) => (name[i].SeparatorBefore & Separator.Open) != 0 && name.FindBracketEnd(i) == i;

    // "pt-BR"
    private static bool IsRegion(TokenizedName name, int from, int i) => name[i] is { Length: 2, IsAfterTightDash: true } && i - 1 > from
        && name[i - 1].Length == 2 && DubbingTerms.Classify(name.Word(i - 1)) == LanguageWord.TitleWord && LetterCase.IsShouted(name, from, i);

    // Before a mark: "German sub", "Dual Audio".
    private static bool IsLanguage(TokenizedName name, int i) =>
        DubbingTerms.Classify(name.Word(i)) is LanguageWord.Name or LanguageWord.Code or LanguageWord.Dubbing || name.Word(i) is "dual" or "multi";

    private static bool EndsTitle(TokenizedName name, int from, int start, int to)
    {
        if (start - from == 1 && TitleEndReader.IsArticle(name.Word(from)))
        {
            return false;
        }

        if (name[start].IsAfterSpacedDash || (name[start].SeparatorBefore & Separator.Open) != 0)
        {
            return true;
        }

        var kind = DubbingTerms.Classify(name.Word(start));
        if (name[start].BracketGroup != 0 || kind == LanguageWord.Suffix || (name.Is(start, "no") && to - start == 1) || (kind != LanguageWord.Dubbing && BindsNext(name.Word(start - 1))))
        {
            return false;
        }

        return kind is LanguageWord.Dubbing or LanguageWord.Code || to - start > 1 || LetterCase.IsShouted(name, from, start) || CountTitleWords(name, from, start) > 1;
    }

    private static int CountTitleWords(TokenizedName name, int from, int to)
    {
        var count = 0;
        for (var i = from; i < to; i++)
        {
            count += BindsNext(name.Word(i)) ? 0 : 1;
        }

        return count;
    }

    // "Lost in French", "Pardon My Danish", "Learning German"
    private static bool BindsNext(ReadOnlySpan<char> word) => TitleEndReader.IsConnectingWord(word) || word is [_, _, .., 'i', 'n', 'g']
        || word is "a" or "an" or "my" or "your" or "his" or "her" or "our" or "their" or "is" or "are" or "was" or "were" or "be" or "am" or "no" or "not" or "very" or "so" or "or"
            or "from" or "like" or "by" or "speak" or "speaks" or "spoke" or "learn" or "talk" or "think" or "en" or "el" or "la" or "le" or "il" or "auf" or "à" or "em" or "på" or "i" or "po";
}
