using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Editions that no list can name: any word before "Edition", words said of cuts before "Cut" or "Version", and tags such as {edition-Harbour Print}.
/// The first words of a name belong to its title.
/// </summary>
internal sealed class EditionReader : IClueReader
{
    private static readonly Term Special = new(TermKind.Edition, "Special", TermStrength.Medium);

    // Only marks the end of the title.
    private static readonly Term Nameless = new(TermKind.Edition, "", TermStrength.Medium);

    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start + 1; i < name.Count; i++)
        {
            if (parsed.IsFree(i))
            {
                ReadPhrase(parsed, i);
            }

            if (parsed.TermAt(i) is { Kind: TermKind.Edition } && parsed.TermLength(i) > 0)
            {
                ReadQualifier(parsed, i);
            }
        }

        for (var i = 1; i < name.Count; i++)
        {
            if (name.Is(i, "edition") && (name[i].SeparatorBefore & Separator.Open) != 0 && i + 1 < name.Count && name[i + 1].IsAfterTightDash)
            {
                ReadTag(parsed, i);
            }
        }
    }

    // "Signature Edition", "Assembly Cut", "Producer_s Cut"
    private static void ReadPhrase(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var isEdition = name.Word(i) is "edition" or "editions";
        if (!isEdition && name.Word(i) is not ("cut" or "cuts" or "version" or "versions" or "edit"))
        {
            return;
        }

        var first = name.Is(i - 1, "s") && Continues(parsed, i - 1) ? i - 2 : i - 1;
        if (first < parsed.Start || !Continues(parsed, i) || !LeavesTitle(parsed, first))
        {
            return;
        }

        if (parsed.TermAt(first) is { Kind: TermKind.Edition } or { Strength: TermStrength.Strong })
        {
            // "IMAX Cut", "Blu-ray Edition"
            parsed.SetTerm(i, 1, Nameless);
        }
        else if (isEdition ? CanNameEdition(name, first) : EditionTerms.TryGetCut(name.Word(first), out _))
        {
            var start = FindPhraseStart(parsed, first, isEdition);
            parsed.SetTerm(start, i - start + 1, Special with { Value = FindValue(parsed, start, first, i) });
        }
    }

    // "Black and Silver Edition", "R-Rated Cut"
    private static int FindPhraseStart(ParsedName parsed, int first, bool isEdition)
    {
        var name = parsed.Name;
        var start = isEdition && name.Is(first - 1, "and") && Continues(parsed, first) && Continues(parsed, first - 1) ? first - 2
            : isEdition && (name[first].SeparatorBefore & Separator.Plus) != 0 || (name.Is(first, "rated") && name.Word(first - 1) is "r" or "x")
                || (name.Is(first, "kong") && name.Is(first - 1, "hong")) ? first - 1
            : first;
        return LeavesTitle(parsed, start) ? start : first;
    }

    private static string FindValue(ParsedName parsed, int start, int first, int i)
    {
        var name = parsed.Name;
        if (name.Word(i) is "edition" or "editions")
        {
            // "Ultimate Harbour Edition": the known word is the better value.
            var follows = parsed.TermAt(start - 1) is { Kind: TermKind.Edition } && Continues(parsed, start);
            return follows || IsOrdinary(name.Word(first)) ? "" : Special.Value;
        }

        EditionTerms.TryGetCut(name.Word(first), out var cut);
        return name.Word(i).StartsWith("version") && DubbingTerms.Classify(name.Word(first)) == LanguageWord.Name ? "" : cut;
    }

    // "40th Anniversary Edition", "Super Extended Cut", "Theatrical and Extended"
    private static void ReadQualifier(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var before = i - 1;
        if (before <= parsed.Start || !parsed.IsFree(before) || !Continues(parsed, i) || !LeavesTitle(parsed, before))
        {
            return;
        }

        var term = parsed.TermAt(i)!;
        var isQualifier = term.Value == "Anniversary" && IsOrdinal(name, before) ? parsed.TermLength(i) > 1 || (before - 1 > parsed.Start && !name[before].IsNumber)
            : name.Is(before, "and") ? parsed.TermAt(before - 1) is { Kind: TermKind.Edition }
            : parsed.TermLength(i) > 1 && EditionTerms.TryGetCut(name.Word(before), out _);
        if (isQualifier)
        {
            parsed.SetTerm(before, parsed.TermLength(i) + 1, term with { Strength = TermStrength.Medium });
        }
    }

    // {edition-Harbour Print}
    private static void ReadTag(ParsedName parsed, int i)
    {
        var last = parsed.Name.FindBracketEnd(i);
        var isNamed = false;
        for (var k = i; k <= last; k++)
        {
            isNamed |= parsed.TermAt(k) is { Kind: TermKind.Edition, Value.Length: > 0 };
        }

        for (var k = i; k <= last; k++)
        {
            if (parsed.IsFree(k))
            {
                parsed.SetTerm(k, 1, isNamed || k < last ? Nameless : Special);
            }
        }
    }

    private static bool LeavesTitle(ParsedName parsed, int first) =>
        first > parsed.Start && (parsed.Name[first].BracketGroup == 0 || parsed.Name[parsed.Start].BracketGroup != parsed.Name[first].BracketGroup);

    private static bool Continues(ParsedName parsed, int i) => !parsed.Name[i].IsAfterSpacedDash
        && (parsed.Name[i].SeparatorBefore & (Separator.Open | Separator.Close | Separator.Slash | Separator.Hash | Separator.Comma)) == 0;

    // "2nd Edition" is said of books, and "The Edition" is a title.
    private static bool CanNameEdition(TokenizedName name, int i) => !IsOrdinal(name, i) && !TitleEndReader.IsConnectingWord(name.Word(i))
        && name.Word(i) is not ("a" or "an" or "this" or "new") && NumberTerms.Parse(name.Word(i), NumberLanguages.English) == 0;

    private static bool IsOrdinary(ReadOnlySpan<char> word) =>
        word is "standard" or "regular" or "normal" or "basic" or "retail" or "digital" or "dvd" or "home" or "video" or "original";

    private static bool IsOrdinal(TokenizedName name, int i) => name[i].IsNumber
        || (name.Word(i) is [>= '1' and <= '9', .., 't', 'h'] or [.., '1', 's', 't'] or [.., '2', 'n', 'd'] or [.., '3', 'r', 'd'] or [.., 'i', 'e', 't', 'h'] or "tenth");
}
