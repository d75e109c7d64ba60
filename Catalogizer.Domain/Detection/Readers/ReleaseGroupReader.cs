using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Finds the release group: the words after the last release word, the leading bracket of an anime name, or the tag at the end.</summary>
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

            var first = name.FindBracketFirst(last);

            if (first <= parsed.Start || first <= parsed.TitleEnd || ContainsQuality(parsed, first, last))
            {
                return;
            }

            if (name[first].Bracket == '[' && parsed.RoleAt(first) == TokenRole.None && !IsTracker(name.Word(first)) && !SiteAddress.IsAddress(name, first, last))
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

        // "x264-FHD": the word after the last tight dash is the group, even when it is also a known term.
        if (name[last].IsAfterTightDash && parsed.TermLength(last) == 1 && IsGroupLike(parsed.TermAt(last)!, name.Word(last)) && parsed.RoleAt(last - 1) == TokenRole.Term)
        {
            return (last, last);
        }

        var first = last + 1;
        while (first - 1 > parsed.TitleEnd && parsed.RoleAt(first - 1) == TokenRole.None)
        {
            first--;
        }

        // "H264-BEN.AND.CO": directly after the dash, even a known term starts the group.
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
            // Without a release word, only a tight dash in a name without spaces distinguishes a group from a title.
            return name[last].IsAfterTightDash && !name.Text.Contains(' ') && parsed.Name[last].Length > 1 ? (last, last) : (1, 0);
        }

        // "[Group] Title [1080p] {OP & ED Lyrics}": a bracket of several words is a remark where the group stands in front.
        return parsed.LeadingGroup is not null && (name[first].SeparatorBefore & Separator.Open) != 0 && name.FindBracketEnd(first) > first ? (1, 0) : NarrowToGroup(parsed, first, last);
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

        // "[DTS 5.1][JA]-GROUP": the word after a closing bracket and a dash is the group.
        if ((name[last].SeparatorBefore & (Separator.Close | Separator.Dash | Separator.Space)) == (Separator.Close | Separator.Dash) && name[last].BracketGroup == 0)
        {
            return (last, last);
        }

        // Separated by spaces, only the first word is the group ("Maker Crew", "Maker - Crew"). Separated by dots or dashes, all of them are.
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
        || (term.Kind == TermKind.Resolution && word is "fhd") || term is { Strength: TermStrength.Weak, Kind: not (TermKind.AudioCodec or TermKind.Channels) };

    private static bool HasQualityTerms(ParsedName parsed) =>
        parsed.HasTerm(TermKind.Source) || parsed.HasTerm(TermKind.VideoCodec) || parsed.HasTerm(TermKind.Resolution) || parsed.HasTerm(TermKind.AudioCodec);
}
