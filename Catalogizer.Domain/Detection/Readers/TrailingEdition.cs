using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Decides whether a word of an edition at the end of a title, before a year or an episode, is part of it.</summary>
internal static class TrailingEdition
{
    /// <summary>"Title Extended Cut 2001" and "Title Uncut 2001", but neither "Extended Cut 2001" nor "Title Diamond 2001".</summary>
    public static bool EndsTitle(ParsedName parsed, int i, Term term)
    {
        var start = FindPhraseStart(parsed, i);
        if (start <= parsed.Start)
        {
            return false;
        }

        return parsed.TermLength(start) > 1 || parsed.TermAt(i + 1)?.Kind == TermKind.Edition
            || (i - 1 > parsed.Start && parsed.TermAt(i - 1)?.Kind == TermKind.Edition) || IsBareEdition(parsed, i, term);
    }

    /// <summary>Whether only the capitals of the last word could tell that it is no title: "The Harbour Limited".</summary>
    public static bool IsTitleWord(ParsedName parsed, int i, Term term) => term is { Kind: TermKind.Edition, Value: "Limited" } && parsed.TermLength(i) == 1
        && i + 1 == parsed.End && !parsed.Name[i].IsAfterSpacedDash && !LetterCase.IsShouted(parsed.Name, parsed.Start, i);

    private static int FindPhraseStart(ParsedName parsed, int i)
    {
        while (i > 0 && parsed.TermLength(i) == 0)
        {
            i--;
        }

        return i;
    }

    private static bool IsBareEdition(ParsedName parsed, int i, Term term)
    {
        // "Longer & Louder & Uncut"
        if (term.Strength == TermStrength.Weak || (parsed.Name[i].SeparatorBefore & Separator.Plus) != 0)
        {
            return false;
        }

        return term.Value is "" or "Extended" or "Unrated" or "Uncut" or "Remastered" or "Uncensored" or "Theatrical" or "Despecialized" or "IMAX" or "2in1"
            || (term.Value is "Restored" or "Criterion" && i > parsed.Start + 1)
            || IsGlued(parsed.Name.Word(i)) || parsed.Name[i].IsAfterSpacedDash || LetterCase.IsShouted(parsed.Name, parsed.Start, i);
    }

    // "directorscut", "langfassung", but not "uncut"
    private static bool IsGlued(ReadOnlySpan<char> word) => word is "recut" || word.Length > 5
        && (word.EndsWith("cut") || word.EndsWith("cuts") || word.EndsWith("edition") || word.EndsWith("editions") || word.EndsWith("version") || word.EndsWith("fassung"));
}
