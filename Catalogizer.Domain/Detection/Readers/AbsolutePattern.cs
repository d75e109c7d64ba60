using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>A number that counts through the whole series, as in anime: "Title - 07 [1080p]", "[Group] Title 012".</summary>
internal static class AbsolutePattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        var tight = -1;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (!TryReadNumber(parsed, i, out var number) || !IsSetApart(parsed, i))
            {
                continue;
            }

            // "[Group] U-47 - 05": a dash with spaces is a stronger sign than one without.
            if (name[i].IsAfterTightDash && name[i].BracketGroup == 0)
            {
                tight = tight < 0 ? i : tight;
                continue;
            }

            return CreateResult(parsed, i, number);
        }

        if (tight >= 0 && TryReadNumber(parsed, tight, out var only))
        {
            return CreateResult(parsed, tight, only);
        }

        return LooseNumberPattern.Find(parsed) ?? (parsed.LeadingGroup is null ? null : FindLastNumber(parsed));
    }

    // "[Group] Title 01 Episode Name": nothing sets the number apart, so it counts only in a name with a leading group.
    private static EpisodePatternResult? FindLastNumber(ParsedName parsed)
    {
        for (var i = Math.Min(FindFirstStrongTerm(parsed), parsed.Name.Count) - 1; i > parsed.Start; i--)
        {
            if (parsed.Name[i].Length is >= 2 and <= 4 && TryReadNumber(parsed, i, out var number) && !FilmWords.IsWord(parsed.Name.Word(i - 1)))
            {
                if (parsed.Name[i].IsAfterTightDash && parsed.Name[i - 1].Length >= 2 && i - 1 > parsed.Start && TryReadNumber(parsed, i - 1, out var first))
                {
                    (i, number) = (i - 1, first);
                }

                return CreateResult(parsed, i, number);
            }
        }

        return null;
    }

    public static EpisodePatternResult CreateResult(ParsedName parsed, int i, int number)
    {
        List<int> episodes = [number];
        var last = i;
        EpisodeSequence.Continue(parsed, null, episodes, ref last);
        return new EpisodePatternResult(NamedPattern.Absolute, i, last) { Episodes = episodes };
    }

    public static bool TryReadNumber(ParsedName parsed, int i, out int number)
    {
        number = -1;
        var name = parsed.Name;
        if (!parsed.IsFree(i) && !(parsed.IsVideo && parsed.IsClaimable(i) && name[i].IsAfterSpacedDash))
        {
            return false;
        }

        var digits = new DigitScanner(name.Word(i));
        return digits.TryRead(4, out number) && digits.IsAtEndOrSuffix && !(name[i].Length == 4 && number is >= 1900 and <= 2100)
            && (name[i].Kind == TokenKind.Number || name[i].Length > 2);
    }

    private static bool IsSetApart(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var token = name[i];
        if (token.BracketGroup != 0)
        {
            return IsAloneInBracket(parsed, i);
        }

        // "Title Movie 02": the number of the film.
        if (i > parsed.Start && FilmWords.IsWord(name.Word(i - 1)))
        {
            return false;
        }

        // "Title 045": a number at the end, zero-padded for sorting.
        if (token is { IsNumber: true, Length: 2 or 3 } && name.Word(i)[0] == '0' && i > parsed.Start
            && (i + 1 == parsed.End || parsed.TermAt(i + 1) is { Strength: TermStrength.Strong } || name.Is(i + 1, "vostfr")) && (token.SeparatorBefore is Separator.Space or Separator.Underscore || (token.SeparatorBefore == Separator.Dot && !name[i - 1].IsNumber))
            && !EpisodeTerms.IsPartOrVolumeWord(name.Word(i - 1)))
        {
            return true;
        }

        var dashed = token.IsAfterSpacedDash || (token.IsAfterTightDash && i > 0 && !name[i - 1].IsNumber && token.Length > 1 && parsed.LeadingGroup is not null);
        if (!dashed || i == parsed.Start || token.Length < 2)
        {
            return false;
        }

        var after = name.SeparatorAfter(i);
        return i + 1 >= name.Count || (after & (Separator.Open | Separator.Close)) != 0 || name[i + 1].IsAfterSpacedDash || name[i + 1].IsAfterTightDash
            || parsed.RoleAt(i + 1) != TokenRole.None || parsed.LeadingGroup is not null;
    }

    // [07], [26 END], (01-25): a bracket that contains nothing but the number or range.
    private static bool IsAloneInBracket(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var last = name.FindBracketEnd(i);
        if (i == parsed.Start || (name[i].SeparatorBefore & Separator.Open) == 0 || name[i].Length < 2)
        {
            return false;
        }

        return name[i].Bracket == '['
            ? last == i || (last == i + 1 && (name.Is(last, "end") || name.Is(last, "fin") || name.Is(last, "v2") || name[last].IsAfterTightDash && name[last].IsNumber))
            : last == i + 1 && (name[last].IsAfterTightDash || name[last].IsAfterSpacedDash) && name[last].IsNumber && (parsed.LeadingGroup is not null || parsed.IsVideo);
    }

    private static int FindFirstStrongTerm(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.RoleAt(i) is TokenRole.Noise || parsed.TermAt(i) is { Strength: TermStrength.Strong } || parsed.Name[i].BracketGroup != 0)
            {
                return i;
            }
        }

        return parsed.Name.Count;
    }
}
