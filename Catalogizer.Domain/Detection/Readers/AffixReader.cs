using System.Buffers;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Reads what surrounds a title: a site address, the group in a leading bracket, checksums.</summary>
internal sealed class AffixReader : IClueReader
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public void Read(ParsedName parsed)
    {
        ReadSiteAddresses(parsed);
        ReadChecksums(parsed);
        ReadLeadingSite(parsed);
        ReadLeadingBrackets(parsed);
    }

    private static void ReadSiteAddresses(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = 0; i + 2 < name.Count; i++)
        {
            if (!name.Is(i, "www"))
            {
                continue;
            }

            var last = i + 1;
            while (last + 1 < name.Count && name[last + 1].SeparatorBefore is Separator.Dot or Separator.Dash)
            {
                last++;
                if (name[last - 1].SeparatorBefore == Separator.Dot && name[last].Length <= 4 && name[last].Kind == TokenKind.Word && last >= i + 2)
                {
                    break;
                }
            }

            parsed.SetRole(i, last, TokenRole.Noise);
            if (i == 0 || (name[i].BracketGroup != 0 && name[i].BracketGroup == name[0].BracketGroup))
            {
                parsed.SetRole(0, name.FindBracketEnd(last), TokenRole.Noise);
                parsed.Start = name.FindBracketEnd(last) + 1;
            }
            else if (last + 1 >= name.Count)
            {
                parsed.End = Math.Min(parsed.End, i);
            }

            i = last;
        }
    }

    // "{site}_Title", "{site.example} Title", "site.com - Title". Braces in front never hold a title.
    private static void ReadLeadingSite(ParsedName parsed)
    {
        var name = parsed.Name;
        if (parsed.Start > 0 || name.Count == 0)
        {
            return;
        }

        var last = FindBracesEnd(name);
        last = last >= 0 ? last : FindBareSiteEnd(name);
        if (last >= 0 && last + 1 < name.Count)
        {
            parsed.SetRole(0, last, TokenRole.Noise);
            parsed.Start = last + 1;
        }
    }

    // "{site}_{other}_Title": the last word in braces, -1 without one.
    private static int FindBracesEnd(TokenizedName name)
    {
        var last = -1;
        while (last + 2 < name.Count && name[last + 1].Bracket == '{' && StartsBracket(name, last + 1) && !name.Is(last + 1, "edition"))
        {
            var next = name.FindBracketEnd(last + 1);
            if (next + 1 >= name.Count)
            {
                break;
            }

            last = next;
        }

        return last;
    }

    // "Startup.com (2001)" and "Startup.com.2001" are titles.
    private static int FindBareSiteEnd(TokenizedName name)
    {
        for (var last = 1; last < Math.Min(4, name.Count - 1); last++)
        {
            if (name[last].BracketGroup == 0 && SiteAddress.IsCertainAddress(name, 0, last))
            {
                var isSetOff = (name[last + 1].SeparatorBefore & (Separator.Dash | Separator.Underscore | Separator.Other)) != 0;
                return isSetOff && !name[last + 1].IsNumber ? last : -1;
            }
        }

        return -1;
    }

    // [5A1AD35B]: eight hexadecimal digits alone in a bracket.
    private static void ReadChecksums(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = 1; i < name.Count; i++)
        {
            if (name[i] is { BracketGroup: not 0, Length: 8 } token && name[i - 1].BracketGroup != token.BracketGroup && name.FindBracketEnd(i) == i
                && (token.Kind == TokenKind.Mixed || name.Count - i <= 2) && name.Word(i).IndexOfAnyExcept(HexDigits) < 0)
            {
                parsed.SetRole(i, i, TokenRole.Noise);
                parsed.End = i + 1 == parsed.End ? i : parsed.End;
            }
        }
    }

    private static void ReadLeadingBrackets(ParsedName parsed)
    {
        var name = parsed.Name;
        var followsSite = false;
        for (var pass = 0; pass < 2 && parsed.Start < name.Count; pass++)
        {
            var first = parsed.Start;
            if (name[first] is not { BracketGroup: not 0, Bracket: '[' or '(' } token || !StartsBracket(name, first)
                || (token.Bracket == '(' && pass > 0))
            {
                return;
            }

            var last = name.FindBracketEnd(first);
            if (pass == 0 && first == 0 && first == last && last + 1 < parsed.End && name[last + 1].BracketGroup == 0 && IsTechnical(name, first, last)
                && !name.Word(first).StartsWith("s0"))
            {
                // "[FLAC] Artist - Album": the word counts as a term, and the title starts after it.
                parsed.Start = last + 1;
                return;
            }

            if (last + 1 >= parsed.End || (name[last + 1].SeparatorBefore == Separator.Close && char.IsLower(name.Text[name[last + 1].Start])) || (first == last && name[first].IsNumber) || IsTechnical(name, first, last)
                || (pass > 0 && (name[last + 1].BracketGroup != 0 || last - first > 2)))
            {
                return;
            }

            // "[Title][1999][1080p]", "[Title] (1999) 1080p": a bracket directly before a year in brackets is the title, unless a title follows.
            if (pass == 0 && name[last + 1] is { BracketGroup: not 0, IsNumber: true, Length: 4 } && name.FindBracketEnd(last + 1) == last + 1
                && name.Number(last + 1) is >= YearReader.MinYear and <= YearReader.MaxYear && !HasTitleAfter(name, last + 2))
            {
                return;
            }

            var raw = name.RawText(first, last);
            var isSite = SiteAddress.IsAddress(name, first, last);
            if (token.Bracket == '[' && !isSite && (pass == 0 || followsSite))
            {
                parsed.LeadingGroup = raw.ToString();
            }

            followsSite = isSite;
            parsed.SetRole(first, last, TokenRole.Noise);
            parsed.Start = last + 1;
        }
    }

    private static bool HasTitleAfter(TokenizedName name, int from)
    {
        while (from < name.Count && name[from].BracketGroup != 0)
        {
            from++;
        }

        return from < name.Count && !(Lexicon.TryFind(name.Word(from), out var term) && term.Strength == TermStrength.Strong);
    }

    private static bool StartsBracket(TokenizedName name, int first) => first == 0
        ? Characters.GetSeparator(name.Text[0]) == Separator.Open
        : (name[first].SeparatorBefore & Separator.Open) != 0;

    private static bool IsTechnical(TokenizedName name, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            var digits = new DigitScanner(name.Word(i));
            if (digits.TrySkip('s') && digits.TryRead(4, out _) && digits.TrySkip('e') && digits.TryRead(4, out _))
            {
                return true;
            }

            if (Lexicon.TryFind(name.Word(i), out var term) && term.Strength == TermStrength.Strong && last - first < 2)
            {
                return true;
            }
        }

        return false;
    }
}
