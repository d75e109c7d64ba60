using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Finds the terms of the lexicon, the longest spelling first, and picture sizes such as 1920x1080.</summary>
internal sealed class TermReader : IClueReader
{
    private static readonly Term FileSize = new(TermKind.Release, "", TermStrength.Strong);

    private static readonly Term Hdr10Plus = new(TermKind.Hdr, "HDR10+", TermStrength.Strong);

    private static readonly Term DolbyDigitalPlus = new(TermKind.AudioCodec, "EAC3", TermStrength.Strong);

    private static readonly Term[] Resolutions =
    [
        new(TermKind.Resolution, "480p", TermStrength.Strong), new(TermKind.Resolution, "576p", TermStrength.Strong),
        new(TermKind.Resolution, "720p", TermStrength.Strong), new(TermKind.Resolution, "1080p", TermStrength.Strong),
        new(TermKind.Resolution, "1440p", TermStrength.Strong), new(TermKind.Resolution, "2160p", TermStrength.Strong),
    ];

    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = 0; i < name.Count;)
        {
            i += parsed.IsFree(i) ? Math.Max(1, ReadAt(parsed, i)) : 1;
        }
    }

    private static int ReadAt(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        if (TryReadFileSize(name, i, out var length))
        {
            parsed.SetTerm(i, length, FileSize);
            return length;
        }

        if (SoundMark.TryRead(parsed, i, out var sound, out length))
        {
            parsed.SetTerm(i, length, ApplyPlusSign(name, i, length, sound));
            return length;
        }

        var max = Lexicon.StartsPhrase(name.Word(i)) ? Math.Min(Lexicon.MaxWords, name.Count - i) : 1;
        for (var words = max; words > 0; words--)
        {
            if (CanFormPhrase(parsed, i, words) && Lexicon.TryFind(name.Phrase(i, words), out var term))
            {
                parsed.SetTerm(i, words, ApplyPlusSign(name, i, words, term));
                return words;
            }
        }

        if (name[i].Kind == TokenKind.Mixed)
        {
            ReadMixed(parsed, i);
        }

        return 1;
    }

    // "DD+5.1", "HDR10+": elsewhere the plus sign is only a separator.
    private static Term ApplyPlusSign(TokenizedName name, int i, int words, Term term) => term.Value switch
    {
        "AC3" when name.Is(i, "dd") && (name.SeparatorAfter(i) & Separator.Plus) != 0 => DolbyDigitalPlus with { Channels = term.Channels },
        "HDR10" when name.Word(i).EndsWith("10") && (name.SeparatorAfter(i + words - 1) & Separator.Plus) != 0 => Hdr10Plus,
        _ => term,
    };

    /// <summary>Whether the words can be one term: all free, and not separated by a bracket, slash, hash, comma or spaced dash.</summary>
    public static bool CanFormPhrase(ParsedName parsed, int i, int words)
    {
        for (var k = i + 1; k < i + words; k++)
        {
            var separator = parsed.Name[k].SeparatorBefore;
            if (!parsed.IsFree(k) || (separator & (Separator.Open | Separator.Close | Separator.Slash | Separator.Hash | Separator.Comma)) != 0
                || parsed.Name[k].IsAfterSpacedDash && !parsed.Name.Is(i, "dd"))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadMixed(ParsedName parsed, int i)
    {
        var word = parsed.Name.Word(i);
        if (ParsePictureSize(word) is { } size)
        {
            parsed.SetTerm(i, 1, size);
        }
        else if (word.EndsWith("mb") || word.EndsWith("gb") || word.EndsWith("kbps") || word.EndsWith("gib") || word.EndsWith("mib"))
        {
            var isRate = word.EndsWith("kbps");
            var digits = word[..^(isRate ? 4 : word.EndsWith("ib") ? 3 : 2)];
            if (!digits.IsEmpty && digits.IndexOfAnyExceptInRange('0', '9') < 0)
            {
                parsed.SetTerm(i, 1, isRate ? new Term(TermKind.Music, "bitrate", TermStrength.Strong) : FileSize);
            }
        }
    }

    /// <summary>The resolution for a picture size such as "1280x720"; null for any other word.</summary>
    public static Term? ParsePictureSize(ReadOnlySpan<char> word)
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
        return Resolutions[step];
    }

    // "1.54 GB", "800 MB"
    private static bool TryReadFileSize(TokenizedName name, int i, out int words)
    {
        words = 0;
        if (!name[i].IsNumber || name[i].Length > 4)
        {
            return false;
        }

        var unit = i + 1;
        if (unit < name.Count && name[unit] is { SeparatorBefore: Separator.Dot, IsNumber: true })
        {
            unit++;
        }

        if (unit < name.Count && name.Word(unit) is "gb" or "mb" or "gib" or "mib")
        {
            words = unit - i + 1;
        }
        else if (i + 1 < name.Count && name[i + 1] is { SeparatorBefore: Separator.Dot, Kind: TokenKind.Mixed } && name.Word(i + 1) is [>= '0' and <= '9', .., 'g' or 'm', 'b'])
        {
            words = 2;
        }

        return words > 0;
    }
}
