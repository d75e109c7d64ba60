using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>A number that counts through the whole series, as anime is numbered: "Title - 07 [1080p]", "[Group] Title 012".</summary>
internal static class AbsoluteForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        var tight = -1;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (!TryNumber(reading, i, out var number) || !StandsAlone(reading, i))
            {
                continue;
            }

            // "[Group] U-47 - 05": a dash with spaces tells more than one without.
            if (name[i].AfterTightDash && name[i].Group == 0)
            {
                tight = tight < 0 ? i : tight;
                continue;
            }

            return Found(reading, i, number);
        }

        if (tight >= 0 && TryNumber(reading, tight, out var only))
        {
            return Found(reading, tight, only);
        }

        return reading.LeadGroup is null ? null : LastNumber(reading);
    }

    // "[Group] Title 01 Episode Name": nothing sets the number off, so the group in front must vouch for it.
    private static EpisodeFind? LastNumber(NameReading reading)
    {
        for (var i = Math.Min(FirstStrong(reading), reading.Name.Count) - 1; i > reading.Start; i--)
        {
            if (reading.Name[i].Length is >= 2 and <= 4 && TryNumber(reading, i, out var number))
            {
                if (reading.Name[i].AfterTightDash && reading.Name[i - 1].Length >= 2 && i - 1 > reading.Start && TryNumber(reading, i - 1, out var first))
                {
                    (i, number) = (i - 1, first);
                }

                return Found(reading, i, number);
            }
        }

        return null;
    }

    private static EpisodeFind Found(NameReading reading, int i, int number)
    {
        List<int> episodes = [number];
        var last = i;
        EpisodeRun.Continue(reading, null, episodes, ref last);
        return new EpisodeFind(NamedPattern.Absolute, i, last) { Episodes = episodes };
    }

    private static bool TryNumber(NameReading reading, int i, out int number)
    {
        number = -1;
        var name = reading.Name;
        if (!reading.IsFree(i) || i >= name.Count)
        {
            return false;
        }

        var digits = new Digits(name.Word(i));
        return digits.Read(4, out number) && digits.AtLooseEnd && !(name[i].Length == 4 && number is >= 1900 and <= 2035)
            && (name[i].Shape == Shape.Number || name[i].Length > 2);
    }

    private static bool StandsAlone(NameReading reading, int i)
    {
        var name = reading.Name;
        var token = name[i];
        if (token.Group != 0)
        {
            return IsOwnBracket(reading, i);
        }

        // "Title 045" ends with a number that is padded to be sorted.
        if (token is { IsNumber: true, Length: 2 or 3 } && name.Word(i)[0] == '0' && i > reading.Start
            && (i + 1 == reading.End || reading.TermAt(i + 1) is { Strength: Strength.Strong } || name.Is(i + 1, "vostfr")) && (token.Before is Gap.Space or Gap.Underscore || (token.Before == Gap.Dot && !name[i - 1].IsNumber))
            && name.Word(i - 1) is not ("part" or "pt" or "cd" or "disc" or "disk" or "dvd" or "vol" or "volume" or "no"))
        {
            return true;
        }

        var dashed = token.AfterSpacedDash || (token.AfterTightDash && i > 0 && !name[i - 1].IsNumber && token.Length > 1 && reading.LeadGroup is not null);
        if (!dashed || i == reading.Start || token.Length < 2)
        {
            return false;
        }

        var after = name.After(i);
        return i + 1 >= name.Count || (after & (Gap.Open | Gap.Close)) != 0 || name[i + 1].AfterSpacedDash || name[i + 1].AfterTightDash
            || reading.MarkAt(i + 1) != Mark.None || reading.LeadGroup is not null;
    }

    // [07], [26 END], (01-25): a bracket that holds the number and nothing else.
    private static bool IsOwnBracket(NameReading reading, int i)
    {
        var name = reading.Name;
        var last = name.BracketEnd(i);
        if (i == reading.Start || (name[i].Before & Gap.Open) == 0 || name[i].Length < 2)
        {
            return false;
        }

        return name[i].Bracket == '['
            ? last == i || (last == i + 1 && (name.Is(last, "end") || name.Is(last, "fin") || name.Is(last, "v2") || name[last].AfterTightDash && name[last].IsNumber))
            : last == i + 1 && (name[last].AfterTightDash || name[last].AfterSpacedDash) && name[last].IsNumber && reading.LeadGroup is not null;
    }

    private static int FirstStrong(NameReading reading)
    {
        for (var i = reading.Start + 1; i < reading.Name.Count; i++)
        {
            if (reading.MarkAt(i) is Mark.Noise || reading.TermAt(i) is { Strength: Strength.Strong } || reading.Name[i].Group != 0)
            {
                return i;
            }
        }

        return reading.Name.Count;
    }
}
