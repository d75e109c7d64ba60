using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Who made the release: what stands behind the last release word, the bracket in front of an anime's name, or the
/// tag at the end.</summary>
internal sealed class ReleaseGroupReader : IClueReader
{
    private const int MaxWords = 4;

    public void Read(ParsedName parsed)
    {
        RemoveTrailingTags(parsed);
        var (first, last) = FindAfterTerms(parsed);
        string? group = null;
        if (first <= last)
        {
            group = parsed.Name.RawText(first, last).ToString();
            parsed.GroupIndex = first;
            parsed.AddClue("release_group", group, 0.85, "behind the release words", first, last);
        }

        if (group is null && parsed.LeadingGroup is not null)
        {
            group = parsed.LeadingGroup;
            parsed.AddClue("release_group", group, 0.8, "bracket in front", 0, Math.Max(0, parsed.Start - 1));
        }

        parsed.Fields.ReleaseGroup = group ?? (HasQualityTerms(parsed) || parsed.Episode?.Pattern == NamedPattern.Absolute ? parsed.TrailingTag : null);
    }

    // "-GROUP[tag]", "-GROUP (Blue, Subs)"
    private static void RemoveTrailingTags(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var pass = 0; pass < 2 && parsed.End > parsed.Start + 1; pass++)
        {
            var last = parsed.End - 1;
            var group = name[last].BracketGroup;
            if (group == 0 || (parsed.LeadingGroup is not null && pass == 0 && name[last].Bracket == '('))
            {
                return;
            }

            var first = last;
            while (first > 0 && name[first - 1].BracketGroup == group)
            {
                first--;
            }

            if (first <= parsed.Start || first <= parsed.TitleEnd || ContainsQuality(parsed, first, last))
            {
                return;
            }

            if (name[first].Bracket == '[' && parsed.RoleAt(first) == TokenRole.None && !IsTracker(name.Word(first)))
            {
                parsed.TrailingTag ??= name.RawText(first, last).ToString();
            }

            parsed.End = first;
        }
    }

    private static bool IsTracker(ReadOnlySpan<char> word) => word is "eztv" or "ettv" or "rartv" or "rarbg" or "tgx" or "glodls" or "vtv" or "1337x" or "eztvx" or "thepiratebay" or "torrentgalaxy";

    private static bool ContainsQuality(ParsedName parsed, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            if (parsed.TermAt(i) is { Strength: TermStrength.Strong } || parsed.RoleAt(i) is TokenRole.Year or TokenRole.Episode)
            {
                return true;
            }
        }

        return false;
    }

    private static (int First, int Last) FindAfterTerms(ParsedName parsed)
    {
        var name = parsed.Name;
        var last = parsed.End - 1;
        if (last <= parsed.TitleEnd)
        {
            return (1, 0);
        }

        // The word behind a last tight dash is the group even when it also means something: "x264-FHD".
        if (name[last].IsAfterTightDash && parsed.TermLength(last) == 1 && IsGroupLike(parsed.TermAt(last)!, name.Word(last)) && parsed.RoleAt(last - 1) == TokenRole.Term)
        {
            return (last, last);
        }

        var first = last + 1;
        while (first - 1 > parsed.TitleEnd && parsed.RoleAt(first - 1) == TokenRole.None)
        {
            first--;
        }

        // "H264-BEN.AND.CO": right behind the dash even a word that means something begins the group.
        if (first <= last && first > parsed.TitleEnd + 1 && name[first - 1].IsAfterTightDash && parsed.TermLength(first - 1) == 1
            && parsed.TermAt(first - 1) is { Strength: TermStrength.Weak } && parsed.RoleAt(first - 2) == TokenRole.Term && name[first].SeparatorBefore == Separator.Dot)
        {
            first--;
        }

        if (first > last || parsed.RoleAt(first - 1) is not (TokenRole.Term or TokenRole.Year or TokenRole.Episode or TokenRole.Season or TokenRole.Part or TokenRole.Date))
        {
            return (1, 0);
        }

        if (parsed.RoleAt(first - 1) != TokenRole.Term)
        {
            // Without a release word only a tight dash behind a name without spaces tells a group from a title.
            return name[last].IsAfterTightDash && !name.Text.Contains(' ') && parsed.Name[last].Length > 1 ? (last, last) : (1, 0);
        }

        return NarrowToGroup(parsed, first, last);
    }

    private static (int First, int Last) NarrowToGroup(ParsedName parsed, int first, int last)
    {
        var name = parsed.Name;
        for (var i = first; i <= last; i++)
        {
            if (name.Is(i, "by") && i < last)
            {
                first = i + 1;
            }
        }

        // "[DTS 5.1][JA]-GROUP": behind a bracket and a dash stands the group.
        if ((name[last].SeparatorBefore & (Separator.Close | Separator.Dash | Separator.Space)) == (Separator.Close | Separator.Dash) && name[last].BracketGroup == 0)
        {
            return (last, last);
        }

        // Words apart by spaces: the first is the group, "Maker Crew", "Maker - Crew". By dots or dashes: all of it.
        for (var i = first + 1; i <= last; i++)
        {
            if ((name[i].SeparatorBefore & (Separator.Space | Separator.Open | Separator.Close | Separator.Comma | Separator.Slash)) != 0)
            {
                last = i - 1;
            }
        }

        var tight = FindLastTightDash(name, first, last);
        if (last - first + 1 > MaxWords || (tight > first && !name[first].IsAfterTightDash && (tight - first > 1 || name[first].IsNumber)))
        {
            first = tight;
        }

        return last - first + 1 > MaxWords ? (1, 0) : (first, last);
    }

    private static int FindLastTightDash(TokenizedName name, int first, int last)
    {
        for (var i = last; i > first; i--)
        {
            if (name[i].IsAfterTightDash)
            {
                return i;
            }
        }

        return first;
    }

    private static bool IsGroupLike(Term term, ReadOnlySpan<char> word) => term is { Kind: TermKind.Release or TermKind.Language or TermKind.Music or TermKind.Anime }
        || (term.Kind == TermKind.Resolution && word is "fhd") || term is { Strength: TermStrength.Weak };

    private static bool HasQualityTerms(ParsedName parsed) =>
        parsed.HasTerm(TermKind.Source) || parsed.HasTerm(TermKind.VideoCodec) || parsed.HasTerm(TermKind.Resolution) || parsed.HasTerm(TermKind.AudioCodec);
}
