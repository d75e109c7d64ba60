using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Who made the release: what stands behind the last release word, the bracket in front of an anime's name, or the
/// tag at the end.</summary>
internal sealed class GroupReader : IClueReader
{
    private const int MostWords = 4;

    public void Read(NameReading reading)
    {
        DropTags(reading);
        var (first, last) = Behind(reading);
        string? group = null;
        if (first <= last)
        {
            group = reading.Name.Raw(first, last).ToString();
            reading.GroupAt = first;
            reading.Say("release_group", group, 0.85, "behind the release words", first, last);
        }

        if (group is null && reading.LeadGroup is not null)
        {
            group = reading.LeadGroup;
            reading.Say("release_group", group, 0.8, "bracket in front", 0, Math.Max(0, reading.Start - 1));
        }

        reading.Fields.ReleaseGroup = group ?? (HasQuality(reading) || reading.Episode?.Pattern == NamedPattern.Absolute ? reading.TailTag : null);
    }

    // "-GROUP[tag]", "-GROUP (Blue, Subs)"
    private static void DropTags(NameReading reading)
    {
        var name = reading.Name;
        for (var turn = 0; turn < 2 && reading.End > reading.Start + 1; turn++)
        {
            var last = reading.End - 1;
            var group = name[last].Group;
            if (group == 0 || (reading.LeadGroup is not null && turn == 0 && name[last].Bracket == '('))
            {
                return;
            }

            var first = last;
            while (first > 0 && name[first - 1].Group == group)
            {
                first--;
            }

            if (first <= reading.Start || first <= reading.TitleEnd || HoldsQuality(reading, first, last))
            {
                return;
            }

            if (name[first].Bracket == '[' && reading.MarkAt(first) == Mark.None && !IsTracker(name.Word(first)))
            {
                reading.TailTag ??= name.Raw(first, last).ToString();
            }

            reading.End = first;
        }
    }

    private static bool IsTracker(ReadOnlySpan<char> word) => word is "eztv" or "ettv" or "rartv" or "rarbg" or "tgx" or "glodls" or "vtv" or "1337x" or "eztvx" or "thepiratebay" or "torrentgalaxy";

    private static bool HoldsQuality(NameReading reading, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            if (reading.TermAt(i) is { Strength: Strength.Strong } || reading.MarkAt(i) is Mark.Year or Mark.Episode)
            {
                return true;
            }
        }

        return false;
    }

    private static (int First, int Last) Behind(NameReading reading)
    {
        var name = reading.Name;
        var last = reading.End - 1;
        if (last <= reading.TitleEnd)
        {
            return (1, 0);
        }

        // The word behind a last tight dash is the group even when it also means something: "x264-FHD".
        if (name[last].AfterTightDash && reading.TermWords(last) == 1 && IsGroupLike(reading.TermAt(last)!, name.Word(last)) && reading.MarkAt(last - 1) == Mark.Term)
        {
            return (last, last);
        }

        var first = last + 1;
        while (first - 1 > reading.TitleEnd && reading.MarkAt(first - 1) == Mark.None)
        {
            first--;
        }

        // "H264-BEN.AND.CO": right behind the dash even a word that means something begins the group.
        if (first <= last && first > reading.TitleEnd + 1 && name[first - 1].AfterTightDash && reading.TermWords(first - 1) == 1
            && reading.TermAt(first - 1) is { Strength: Strength.Weak } && reading.MarkAt(first - 2) == Mark.Term && name[first].Before == Gap.Dot)
        {
            first--;
        }

        if (first > last || reading.MarkAt(first - 1) is not (Mark.Term or Mark.Year or Mark.Episode or Mark.Season or Mark.Part or Mark.Date))
        {
            return (1, 0);
        }

        if (reading.MarkAt(first - 1) != Mark.Term)
        {
            // Without a release word only a tight dash behind a name without spaces tells a group from a title.
            return name[last].AfterTightDash && !name.Text.Contains(' ') && reading.Name[last].Length > 1 ? (last, last) : (1, 0);
        }

        return Narrow(reading, first, last);
    }

    private static (int First, int Last) Narrow(NameReading reading, int first, int last)
    {
        var name = reading.Name;
        for (var i = first; i <= last; i++)
        {
            if (name.Is(i, "by") && i < last)
            {
                first = i + 1;
            }
        }

        // "[DTS 5.1][JA]-GROUP": behind a bracket and a dash stands the group.
        if ((name[last].Before & (Gap.Close | Gap.Dash | Gap.Space)) == (Gap.Close | Gap.Dash) && name[last].Group == 0)
        {
            return (last, last);
        }

        // Words apart by spaces: the first is the group, "Maker Crew", "Maker - Crew". By dots or dashes: all of it.
        for (var i = first + 1; i <= last; i++)
        {
            if ((name[i].Before & (Gap.Space | Gap.Open | Gap.Close | Gap.Comma | Gap.Slash)) != 0)
            {
                last = i - 1;
            }
        }

        var tight = LastTightDash(name, first, last);
        if (last - first + 1 > MostWords || (tight > first && !name[first].AfterTightDash && (tight - first > 1 || name[first].IsNumber)))
        {
            first = tight;
        }

        return last - first + 1 > MostWords ? (1, 0) : (first, last);
    }

    private static int LastTightDash(NameText name, int first, int last)
    {
        for (var i = last; i > first; i--)
        {
            if (name[i].AfterTightDash)
            {
                return i;
            }
        }

        return first;
    }

    private static bool IsGroupLike(Term term, ReadOnlySpan<char> word) => term is { Kind: TermKind.Release or TermKind.Language or TermKind.Music or TermKind.Anime }
        || (term.Kind == TermKind.Resolution && word is "fhd") || term is { Strength: Strength.Weak };

    private static bool HasQuality(NameReading reading) =>
        reading.Has(TermKind.Source) || reading.Has(TermKind.VideoCodec) || reading.Has(TermKind.Resolution) || reading.Has(TermKind.AudioCodec);
}
