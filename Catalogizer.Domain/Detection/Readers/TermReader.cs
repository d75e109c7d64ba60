using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Finds the lexicon's words, the longest spelling first, and picture sizes such as 1920x1080.</summary>
internal sealed class TermReader : IClueReader
{
    private static readonly Term FileSize = new(TermKind.Release, "", Strength.Strong);

    private static readonly Term DynamicHdr = new(TermKind.Hdr, "HDR10+", Strength.Strong);

    private static readonly Term DigitalPlus = new(TermKind.AudioCodec, "EAC3", Strength.Strong);

    private static readonly Term[] Sizes =
    [
        new(TermKind.Resolution, "480p", Strength.Strong), new(TermKind.Resolution, "576p", Strength.Strong),
        new(TermKind.Resolution, "720p", Strength.Strong), new(TermKind.Resolution, "1080p", Strength.Strong),
        new(TermKind.Resolution, "1440p", Strength.Strong), new(TermKind.Resolution, "2160p", Strength.Strong),
    ];

    public void Read(NameReading reading)
    {
        var name = reading.Name;
        for (var i = 0; i < name.Count;)
        {
            i += reading.IsFree(i) ? Math.Max(1, ReadAt(reading, i)) : 1;
        }
    }

    private static int ReadAt(NameReading reading, int i)
    {
        var name = reading.Name;
        if (IsFileSize(name, i, out var length))
        {
            reading.SetTerm(i, length, FileSize);
            return length;
        }

        var most = Lexicon.StartsPhrase(name.Word(i)) ? Math.Min(Lexicon.MaxWords, name.Count - i) : 1;
        for (var words = most; words > 0; words--)
        {
            if (Holds(reading, i, words) && Lexicon.TryFind(name.Phrase(i, words), out var term))
            {
                reading.SetTerm(i, words, WithPlus(name, i, words, term));
                return words;
            }
        }

        if (name[i].Shape == Shape.Mixed)
        {
            ReadMixed(reading, i);
        }

        return 1;
    }

    // "DD+5.1", "HDR10+": the plus is a separator elsewhere.
    private static Term WithPlus(NameText name, int i, int words, Term term) => term.Value switch
    {
        "AC3" when name.Is(i, "dd") && (name.After(i) & Gap.Plus) != 0 => DigitalPlus with { Channels = term.Channels },
        "HDR10" when name.Word(i).EndsWith("10") && (name.After(i + words - 1) & Gap.Plus) != 0 => DynamicHdr,
        _ => term,
    };

    /// <summary>The words of one spelling stand in one bracket with nothing but one separator between them.</summary>
    private static bool Holds(NameReading reading, int i, int words)
    {
        for (var k = i + 1; k < i + words; k++)
        {
            var gap = reading.Name[k].Before;
            if (!reading.IsFree(k) || (gap & (Gap.Open | Gap.Close | Gap.Slash | Gap.Hash | Gap.Comma)) != 0
                || reading.Name[k].AfterSpacedDash && !reading.Name.Is(i, "dd"))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadMixed(NameReading reading, int i)
    {
        var word = reading.Name.Word(i);
        if (SizeOf(word) is { } size)
        {
            reading.SetTerm(i, 1, size);
        }
        else if (word.EndsWith("mb") || word.EndsWith("gb") || word.EndsWith("kbps") || word.EndsWith("gib") || word.EndsWith("mib"))
        {
            var isRate = word.EndsWith("kbps");
            var digits = word[..^(isRate ? 4 : word.EndsWith("ib") ? 3 : 2)];
            if (!digits.IsEmpty && digits.IndexOfAnyExceptInRange('0', '9') < 0)
            {
                reading.SetTerm(i, 1, isRate ? new Term(TermKind.Music, "bitrate", Strength.Strong) : FileSize);
            }
        }
    }

    /// <summary>"1280x720"; null for any other pair of numbers.</summary>
    public static Term? SizeOf(ReadOnlySpan<char> word)
    {
        var cross = word.IndexOfAny('x', '×');
        if (cross is < 3 or > 4 || word.Length - cross - 1 is < 3 or > 5
            || !int.TryParse(word[..cross], out var width) || !int.TryParse(word[(cross + 1)..].TrimEnd('p'), out var height)
            || width < 480 || height < 240 || height > width)
        {
            return null;
        }

        var step = (width, height) switch
        {
            (>= 3000, _) or (_, >= 1500) => 5,
            (>= 2200, _) or (_, >= 1200) => 4,
            (>= 1700, _) or (_, >= 1000) => 3,
            (>= 1100, _) or (_, >= 700) => 2,
            (_, >= 560) => 1,
            _ => 0,
        };
        return Sizes[step];
    }

    // "1.54 GB", "800 MB"
    private static bool IsFileSize(NameText name, int i, out int words)
    {
        words = 0;
        if (!name[i].IsNumber || name[i].Length > 4)
        {
            return false;
        }

        var unit = i + 1;
        if (unit < name.Count && name[unit] is { Before: Gap.Dot, IsNumber: true })
        {
            unit++;
        }

        if (unit < name.Count && name.Word(unit) is "gb" or "mb" or "gib" or "mib")
        {
            words = unit - i + 1;
        }
        else if (i + 1 < name.Count && name[i + 1] is { Before: Gap.Dot, Shape: Shape.Mixed } && name.Word(i + 1) is [>= '0' and <= '9', .., 'g' or 'm', 'b'])
        {
            words = 2;
        }

        return words > 0;
    }
}
