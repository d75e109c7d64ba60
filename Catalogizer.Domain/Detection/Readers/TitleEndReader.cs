using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Decides where the title ends: at the first sure word, and before the unsure words that lead up to it. From there on
/// weak words count as release words; before it they are title ("The German Doctor", "Limited").
/// </summary>
internal sealed class TitleEndReader : IClueReader
{
    public void Read(NameReading reading)
    {
        var sure = FirstSure(reading);
        var end = sure;
        while (end - 1 > reading.Start && LeadsUp(reading, end - 1, sure))
        {
            end--;
        }

        if (end - 1 > reading.Start && reading.Name.Is(end - 1, "the") && reading.Name.Is(end, "complete"))
        {
            end--;
        }

        if (end < sure && OnlyArticle(reading, end))
        {
            end = sure;
        }

        // "Road of Remastered 1999": "of" ends no title.
        while (end < sure && end > reading.Start && IsJoining(reading.Name.Word(end - 1)) && !reading.Name.Is(end, "complete") && reading.TermWords(end) < 2)
        {
            end++;
        }

        // "Title The Directors Cut 1999"
        if (end < sure && end - 1 > reading.Start && reading.Name.Is(end - 1, "the") && reading.TermWords(end) > 1)
        {
            end--;
        }

        reading.TitleEnd = end;
        reading.Zone = FirstTerm(reading);
    }

    private static int FirstSure(NameReading reading)
    {
        for (var i = reading.Start; i < reading.End; i++)
        {
            switch (reading.MarkAt(i))
            {
                case Mark.Year or Mark.Episode or Mark.Season or Mark.Date or Mark.Part or Mark.Id:
                    return i;
                case Mark.Noise when i > reading.Start:
                    return i;
                case Mark.Term when i > reading.Start || OpensTechnicalBracket(reading, i):
                    if (IsSure(reading, i))
                    {
                        return i;
                    }

                    break;
            }
        }

        return reading.End;
    }

    private static bool IsSure(NameReading reading, int i)
    {
        var term = reading.TermAt(i)!;
        return term.Strength == Strength.Strong || (reading.Name[i].Group != 0 && AllTerms(reading, i, Strength.Medium))
            || (term.Strength == Strength.Medium && RunsToEnd(reading, i) && !OnlyArticle(reading, i));
    }

    private static bool OpensTechnicalBracket(NameReading reading, int i) => reading.Name[i].Group != 0 && i + 1 < reading.End;

    // "[HDTV 1080p]", "(Extended Cut)"
    private static bool AllTerms(NameReading reading, int i, Strength least)
    {
        if ((reading.Name[i].Before & Gap.Open) == 0)
        {
            return false;
        }

        var strong = false;
        for (var last = reading.Name.BracketEnd(i); i <= last; i++)
        {
            if (reading.TermAt(i) is not { } term)
            {
                return false;
            }

            strong |= term.Strength >= least || term is { Kind: TermKind.Music or TermKind.Source };
        }

        return strong;
    }

    private static bool RunsToEnd(NameReading reading, int i)
    {
        for (; i < reading.End; i++)
        {
            if (reading.TermAt(i) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static bool LeadsUp(NameReading reading, int i, int sure)
    {
        if (reading.TermAt(i) is not { } term || sure >= reading.End)
        {
            return sure < reading.End && i + 1 < sure && reading.TermAt(i + 1) is { Value: "Anniversary" } && reading.Name.Word(i).EndsWith("th");
        }

        // Before a year or an episode only what nobody would call a film: "EXTENDED EDITION 2001".
        return reading.MarkAt(sure) == Mark.Term
            ? term.Strength == Strength.Medium || !IsTitleWord(reading, i, term)
            : term.Kind is TermKind.ThreeD && ThreeDBehind(reading, sure) || term.Kind is TermKind.Edition && (PhraseWords(reading, i) > 1 || reading.TermAt(i + 1) == term || reading.TermAt(i + 1)?.Kind == TermKind.Edition || (i - 1 > reading.Start && reading.TermAt(i - 1)?.Kind == TermKind.Edition)
                    || (i > reading.Start + 1 && term.Value is "Extended" or "Unrated" or "Remastered" or "Uncensored" or "Restored" or "Despecialized"))
                || reading.Name.Is(i, "complete") && reading.MarkAt(sure) == Mark.Season;
    }

    // "Title.3D.2010.1080p.Half-OU": the form behind the year says that the first is none of the title's.
    private static bool ThreeDBehind(NameReading reading, int sure)
    {
        for (var i = sure + 1; i < reading.End; i++)
        {
            if (reading.TermAt(i) is { Kind: TermKind.ThreeD })
            {
                return true;
            }
        }

        return false;
    }

    // Broadcasters and many short marks are words as well; releases shout them ("AMZN", "iT"), titles do not ("Iron Fox").
    public static bool IsTitleWord(NameReading reading, int i, Term term)
    {
        if (term.Kind == TermKind.Language && term.Value.Length > 0 && reading.Name[i].Length > 3)
        {
            return false;
        }

        var raw = reading.Name.Raw(i, i);
        var shouted = raw.IndexOfAnyInRange('a', 'z') < 0 || raw[1..].IndexOfAnyInRange('A', 'Z') >= 0;
        return !shouted && (raw.Length > 1) && IsCommonWord(reading.Name.Word(i));
    }

    private static bool IsCommonWord(ReadOnlySpan<char> word) => word is "it" or "max" or "red" or "real" or "now" or "final" or "end" or "live" or "special"
        or "ultimate" or "fan" or "fox" or "nick" or "vice" or "ma" or "starz" or "stan" or "discovery" or "netflix" or "disney" or "peacock" or "complete"
        or "international" or "festival" or "diamond" or "anniversary" or "alternative" or "alternate" or "deluxe" or "dual" or "raw" or "bonus"
        or "extras" or "fix" or "switch" or "saturn" or "mac" or "single" or "lp" or "ep" or "stereo" or "mono" or "cam" or "sat" or "log" or "patch"
        or "update" or "beta" or "alpha" or "build" or "lite" or "desktop" or "server" or "release" or "stable" or "working" or "clone" or "promo" or "advance"
        or "vinyl" or "ape" or "custom" or "sample" or "proof" or "audio" or "subs" or "sub" or "sd" or "hs" or "aha";

    private static int PhraseWords(NameReading reading, int i)
    {
        while (i >= 0 && reading.TermWords(i) == 0)
        {
            i--;
        }

        return i < 0 ? 0 : reading.TermWords(i);
    }

    /// <summary>A word that no title ends with.</summary>
    public static bool IsJoining(ReadOnlySpan<char> word) =>
        word is "the" or "of" or "in" or "and" or "with" or "to" or "for" or "der" or "die" or "das" or "den" or "und" or "von" or "du" or "des" or "les" or "los";

    private static bool OnlyArticle(NameReading reading, int end) =>
        end - reading.Start == 1 && reading.Name.Word(reading.Start) is "the" or "a" or "an" or "der" or "die" or "das" or "le" or "la" or "el";

    private static int FirstTerm(NameReading reading)
    {
        for (var i = reading.TitleEnd; i < reading.Name.Count; i++)
        {
            if (reading.TermAt(i) is { Strength: Strength.Strong })
            {
                return i;
            }
        }

        return reading.Name.Count;
    }
}
