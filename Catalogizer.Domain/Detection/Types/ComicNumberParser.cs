using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Volume and chapter of a comic: v03, Vol. 11, c012, ch01-05, Chapter 29, #201, 第03卷, 13회, or a bare 012.</summary>
internal static class ComicNumberParser
{
    public static bool HasVolumeOrChapter(ParsedName parsed)
    {
        var draft = new MediaFieldsBuilder();
        ReadMarkedNumbers(parsed.Name, parsed.Start, draft, out _, out var certain);
        return certain;
    }

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        if (name.Count == 0)
        {
            return;
        }

        ReadMarkedNumbers(name, parsed.Start, fields, out var first, out _);
        var start = parsed.Start;
        if (fields.Chapter is null && (fields.Volume is null || first < name.Count))
        {
            var bare = FindBareNumber(parsed);
            if (bare >= 0 && (fields.Volume is null || bare > first))
            {
                fields.Chapter = IssueNumbers.Normalize(ReadNumber(name, bare, out _));
                first = Math.Min(first, bare);
            }
        }

        if (start + 1 < name.Count && name.Number(start) >= 0 && name[start].Length <= 3 && name[start + 1].IsAfterSpacedDash)
        {
            start++;
        }

        var end = Math.Min(first, name.FindBracketStart(start + 1, name.Count));
        fields.Series = end > start ? TitleCleaner.CleanPreferringLatin(name.TextUntil(start, end)) : null;
        fields.Series = fields.Series?.TrimEnd('#', ' ');
        fields.Year = parsed.YearIndex >= 0 && name[parsed.YearIndex].BracketGroup != 0 ? name.Number(parsed.YearIndex) : null;
    }

    private static void ReadMarkedNumbers(TokenizedName name, int start, MediaFieldsBuilder fields, out int first, out bool certain)
    {
        first = name.Count;
        certain = false;
        for (var i = start; i < name.Count; i++)
        {
            if (TryReadGlued(name.Word(i), out var volume, out var chapter))
            {
                (fields.Volume, fields.Chapter) = (fields.Volume ?? volume, fields.Chapter ?? chapter);
                (first, certain) = (Math.Min(first, i), true);
                continue;
            }

            if (!TryReadAt(name, i, out var isVolume, out var number, out var last))
            {
                continue;
            }

            certain |= number.Length > 0 && (name.Word(i)[0] is 'v' or 'c' || name[i].Length > 1);
            if (isVolume)
            {
                fields.Volume ??= number;
            }
            else
            {
                fields.Chapter ??= number;
            }

            first = Math.Min(first, i);
            i = last;
        }
    }

    // v03c012
    private static bool TryReadGlued(ReadOnlySpan<char> word, out string volume, out string chapter)
    {
        (volume, chapter) = ("", "");
        var digits = new DigitScanner(word);
        if (!digits.TrySkip('v') || !digits.TryRead(3, out _) || !digits.TrySkip('c'))
        {
            return false;
        }

        volume = IssueNumbers.Normalize(word[1..^(digits.Rest.Length + 1)]);
        _ = digits.TrySkip('h');
        chapter = digits.Rest.IsEmpty ? "" : IssueNumbers.Normalize(digits.Rest);
        return digits.TryRead(5, out _) && digits.IsAtEnd;
    }

    private static bool TryReadAt(TokenizedName name, int i, out bool isVolume, out string number, out int last)
    {
        last = i;
        number = "";
        isVolume = false;
        var word = name.Word(i);
        if ((name[i].SeparatorBefore & Separator.Hash) != 0 && name.Number(i) >= 0 && i > 0)
        {
            number = IssueNumbers.Normalize(ReadNumber(name, i, out last));
            return true;
        }

        var letters = word.IndexOfAnyInRange('0', '9');
        if (letters < 0)
        {
            if (!IsNumberWord(word, out isVolume) || word.Length < 2 || name.Number(i + 1) < 0)
            {
                // "Ch.012v2"
                if (i + 1 < name.Count && isVolume is false && word.Length > 1 && IsNumberWord(word, out _) && name.Word(i + 1) is [.. var stated, 'v', >= '2' and <= '9']
                    && !stated.IsEmpty && stated.IndexOfAnyExceptInRange('0', '9') < 0)
                {
                    (number, last) = (IssueNumbers.Normalize(stated), i + 1);
                    return true;
                }

                return false;
            }

            number = IssueNumbers.Normalize(ReadNumber(name, i + 1, out last));
            return true;
        }

        if (letters > 0 && i + 1 < name.Count && name[i + 1].IsAfterTightDash && name.Word(i + 1).StartsWith(word[..letters]) && IsNumberWord(word[..letters], out isVolume))
        {
            // "c001-c005"
            var end = name.Word(i + 1)[letters..];
            if (!end.IsEmpty && end.IndexOfAnyExceptInRange('0', '9') < 0 && word[letters..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                (number, last) = (IssueNumbers.Normalize($"{word[letters..]}-{end}"), i + 1);
                return true;
            }
        }

        if (letters == 0)
        {
            return TryReadSuffixed(word, out isVolume, out number);
        }

        if (word[0] == '第')
        {
            return TryReadSuffixed(word[1..], out isVolume, out number);
        }

        var digits = new DigitScanner(word[letters..]);
        if (!IsNumberWord(word[..letters], out isVolume) || !digits.TryRead(5, out _) || !(digits.IsAtEnd || digits.Rest is ['v', >= '2' and <= '9']))
        {
            return false;
        }

        number = IssueNumbers.Normalize(digits.IsAtEnd ? ReadNumber(name, i, out last)[letters..] : word[letters..^2]);
        return true;
    }

    // 03卷, 13회, 12화, 5話
    private static bool TryReadSuffixed(ReadOnlySpan<char> word, out bool isVolume, out string number)
    {
        var digits = new DigitScanner(word);
        var fits = digits.TryRead(4, out _) && !digits.IsAtEnd;
        number = fits ? IssueNumbers.Normalize(word[..^digits.Rest.Length]) : "";
        isVolume = fits && digits.Rest[0] is '卷' or '巻' or '권' or '册';
        return fits && (isVolume || digits.Rest[0] is '회' or '화' or '話' or '话' or '章');
    }

    private static bool IsNumberWord(ReadOnlySpan<char> word, out bool isVolume)
    {
        isVolume = word is "v" or "vol" or "volume" or "t" or "tome" or "tomo" or "band" or "volumes" or "vols" or "том";
        return isVolume || word is "c" or "ch" or "chp" or "chap" or "chapter" or "chapters" or "issue" or "chapitre" or "kapitel" or "episode" or "ep" or "глава";
    }

    /// <summary>A number with its fraction or the end of its range: "03.5", "101-108".</summary>
    private static ReadOnlySpan<char> ReadNumber(TokenizedName name, int i, out int last)
    {
        last = i;
        if (i + 1 < name.Count && name[i + 1].IsNumber && ((name[i + 1].SeparatorBefore == Separator.Dot && name[i + 1].Length <= 2 && !IsPadded(name, i + 1)) || name[i + 1].IsAfterTightDash))
        {
            last = i + 1;
        }

        return name.RawText(i, last);
    }

    private static bool IsPadded(TokenizedName name, int i) => name[i].Length > 2;

    // A bare issue number: one with three zero-padded digits, otherwise the first number after the first word; -1 without one.
    private static int FindBareNumber(ParsedName parsed)
    {
        var name = parsed.Name;
        var found = -1;
        for (var i = parsed.Start + 1; i < name.Count; i++)
        {
            if (i == parsed.YearIndex && name[i].BracketGroup != 0 && name.FindBracketEnd(i) == i)
            {
                continue;
            }

            if ((name[i].SeparatorBefore & Separator.Open) != 0 && name[i].BracketGroup != 0)
            {
                break;
            }

            if (name.Number(i) < 0 || name[i].Length > 3 || name.Is(i - 1, "of") || (name[i].IsAfterTightDash && (name[i - 1].IsNumber || i + 1 < name.Count)) || ((name[i].SeparatorBefore & (Separator.Dash | Separator.Dot)) == Separator.Dot && name[i - 1].IsNumber)
                || name.Is(i - 1, "no") || IsNumberWord(name.Word(i - 1), out _) || (i + 1 < name.Count && name[i + 1] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } && name[i].Length == 1))
            {
                continue;
            }

            if (name[i].Length == 3 && name.Word(i)[0] == '0')
            {
                return i;
            }

            found = found < 0 && (name[i].Length > 1 || (i + 1 == parsed.YearIndex && name[i + 1].BracketGroup != 0)) || (found < 0 && i + 1 == name.Count) ? i : found;
        }

        return found;
    }
}
