using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Finds the end of the title: the first certain word, or the less certain words that lead up to it. From there on weak terms count as release
/// words; before it they belong to the title ("The German Doctor", "Limited").
/// </summary>
internal sealed class TitleEndReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        var certain = FindFirstCertain(parsed);
        var end = SkipLeadingTerms(parsed, certain);

        if (end - 1 > parsed.Start && parsed.Name.Is(end - 1, "the") && parsed.Name.Is(end, "complete"))
        {
            end--;
        }

        if (end < certain && IsOnlyArticle(parsed, end))
        {
            end = certain;
        }

        // "Road of Remastered 1999": no title ends with "of".
        while (end < certain && end > parsed.Start && IsConnectingWord(parsed.Name.Word(end - 1)) && !parsed.Name.Is(end, "complete") && parsed.TermLength(end) < 2)
        {
            end++;
        }

        // "Title The Directors Cut 1999"
        if (end < certain && end - 1 > parsed.Start && parsed.Name.Is(end - 1, "the") && parsed.TermLength(end) > 1)
        {
            end--;
        }

        parsed.TitleEnd = end;
        parsed.WeakTermsStart = FindFirstStrongTerm(parsed);
    }

    private static int SkipLeadingTerms(ParsedName parsed, int certain)
    {
        var end = SkipBack(parsed, certain, certain);
        if (end < certain)
        {
            return end;
        }

        // "Title Extended German 2001"
        var tail = LanguageTail.FindStart(parsed.Name, parsed.Start, certain);
        var edition = SkipBack(parsed, tail, certain);
        return edition < tail ? edition : certain;
    }

    private static int SkipBack(ParsedName parsed, int end, int certain)
    {
        while (end - 1 > parsed.Start && PrecedesCertainTerm(parsed, end - 1, certain))
        {
            end--;
        }

        return end;
    }

    private static int FindFirstCertain(ParsedName parsed)
    {
        for (var i = parsed.Start; i < parsed.End; i++)
        {
            switch (parsed.RoleAt(i))
            {
                case TokenRole.Year or TokenRole.Episode or TokenRole.Season or TokenRole.Date or TokenRole.Part or TokenRole.Id:
                    return i;
                case TokenRole.Noise when i > parsed.Start:
                    return i;
                case TokenRole.Term when i > parsed.Start || StartsTechnicalBracket(parsed, i):
                    if (parsed.TermLength(i) > 0 && IsCertain(parsed, i))
                    {
                        return i;
                    }

                    break;
            }
        }

        return parsed.End;
    }

    private static bool IsCertain(ParsedName parsed, int i)
    {
        var term = parsed.TermAt(i)!;
        return term.Strength == TermStrength.Strong || (parsed.Name[i].BracketGroup != 0 && ContainsOnlyTerms(parsed, i, TermStrength.Medium))
            || (term.Strength == TermStrength.Medium && HasOnlyTermsToEnd(parsed, i) && !IsOnlyArticle(parsed, i) && !TrailingEdition.IsTitleWord(parsed, i, term));
    }

    private static bool StartsTechnicalBracket(ParsedName parsed, int i) => parsed.Name[i].BracketGroup != 0 && i + 1 < parsed.End;

    // "[HDTV 1080p]", "(Extended Cut)"
    private static bool ContainsOnlyTerms(ParsedName parsed, int i, TermStrength minStrength)
    {
        if ((parsed.Name[i].SeparatorBefore & Separator.Open) == 0)
        {
            return false;
        }

        var strong = false;
        for (var last = parsed.Name.FindBracketEnd(i); i <= last; i++)
        {
            if (parsed.TermAt(i) is not { } term)
            {
                return false;
            }

            strong |= term.Strength >= minStrength || term is { Kind: TermKind.Music or TermKind.Source };
        }

        return strong;
    }

    private static bool HasOnlyTermsToEnd(ParsedName parsed, int i)
    {
        for (; i < parsed.End; i++)
        {
            if (parsed.TermAt(i) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static bool PrecedesCertainTerm(ParsedName parsed, int i, int certain)
    {
        if (parsed.TermAt(i) is not { } term || certain >= parsed.End)
        {
            return certain < parsed.End && i + 1 < certain && parsed.TermAt(i + 1) is { Value: "Anniversary" } && parsed.Name.Word(i).EndsWith("th");
        }

        if (parsed.RoleAt(certain) == TokenRole.Term)
        {
            return term.Strength == TermStrength.Medium || !IsTitleWord(parsed, i, term);
        }

        // Before a year or an episode, only terms that nobody would use as a film title: "EXTENDED EDITION 2001".
        return term.Kind switch
        {
            TermKind.ThreeD => HasThreeDAfter(parsed, certain) || parsed.TermAt(i - 1) is { Kind: TermKind.Edition, Strength: not TermStrength.Weak },
            TermKind.Edition => TrailingEdition.EndsTitle(parsed, i, term),
            _ => parsed.Name.Is(i, "complete") && parsed.RoleAt(certain) == TokenRole.Season,
        };
    }

    // "Title.3D.2010.1080p.Half-OU": the 3D format after the year shows that the first "3D" does not belong to the title.
    private static bool HasThreeDAfter(ParsedName parsed, int certain)
    {
        for (var i = certain + 1; i < parsed.End; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.ThreeD })
            {
                return true;
            }
        }

        return false;
    }

    // Names of broadcasters and many short terms are also ordinary words. Releases write them in capitals ("AMZN", "iT"), titles do not ("Iron Fox").
    public static bool IsTitleWord(ParsedName parsed, int i, Term term)
    {
        if (term.Kind == TermKind.Language && term.Value.Length > 0 && parsed.Name[i].Length > 3)
        {
            return false;
        }

        if (term.Kind == TermKind.Language && LanguageTerms.IsTitleWord(parsed.Name.Word(i)))
        {
            return !LetterCase.IsShouted(parsed.Name, parsed.Start, i);
        }

        var raw = parsed.Name.RawText(i, i);
        var hasCapitals = raw.IndexOfAnyInRange('a', 'z') < 0 || raw[1..].IndexOfAnyInRange('A', 'Z') >= 0;
        return !hasCapitals && (raw.Length > 1) && IsCommonWord(parsed.Name.Word(i));
    }

    private static bool IsCommonWord(ReadOnlySpan<char> word) => word is "it" or "max" or "red" or "real" or "now" or "final" or "end" or "live" or "special"
        or "ultimate" or "fan" or "fox" or "nick" or "vice" or "ma" or "starz" or "stan" or "discovery" or "netflix" or "disney" or "peacock" or "complete"
        or "international" or "festival" or "diamond" or "anniversary" or "alternative" or "alternate" or "deluxe" or "dual" or "raw" or "bonus"
        or "extras" or "fix" or "switch" or "saturn" or "mac" or "single" or "lp" or "ep" or "stereo" or "mono" or "cam" or "sat" or "log" or "patch"
        or "update" or "beta" or "alpha" or "build" or "lite" or "desktop" or "server" or "release" or "stable" or "working" or "clone" or "promo" or "advance"
        or "vinyl" or "ape" or "custom" or "sample" or "proof" or "audio" or "subs" or "sub" or "sd" or "hs" or "aha";

    /// <summary>Whether the word cannot end a title.</summary>
    public static bool IsConnectingWord(ReadOnlySpan<char> word) =>
        word is "the" or "of" or "in" or "and" or "with" or "to" or "for" or "der" or "die" or "das" or "den" or "und" or "von" or "du" or "des" or "les" or "los";

    private static bool IsOnlyArticle(ParsedName parsed, int end) =>
        end - parsed.Start == 1 && IsArticle(parsed.Name.Word(parsed.Start));

    public static bool IsArticle(ReadOnlySpan<char> word) => word is "the" or "a" or "an" or "der" or "die" or "das" or "le" or "la" or "el";

    private static int FindFirstStrongTerm(ParsedName parsed)
    {
        for (var i = parsed.TitleEnd; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Strength: TermStrength.Strong })
            {
                return i;
            }
        }

        return parsed.Name.Count;
    }
}
