using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Volume and chapter of a comic: v03, Vol. 11, c012, ch01-05, Chapter 29, #201, 第03卷, 13회, or a bare 012.</summary>
internal static class ComicNumbers
{
    public static bool HasForm(NameReading reading)
    {
        var draft = new FieldsDraft();
        Marked(reading.Name, reading.Start, draft, out _, out var certain);
        return certain;
    }

    public static void Fill(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        if (name.Count == 0)
        {
            return;
        }

        Marked(name, reading.Start, fields, out var first, out _);
        var start = reading.Start;
        if (fields.Chapter is null && (fields.Volume is null || first < name.Count))
        {
            var bare = Bare(reading);
            if (bare >= 0 && (fields.Volume is null || bare > first))
            {
                fields.Chapter = Numbers.Plain(Span(name, bare, out _));
                first = Math.Min(first, bare);
            }
        }

        if (start + 1 < name.Count && name.Number(start) >= 0 && name[start].Length <= 3 && name[start + 1].AfterSpacedDash)
        {
            start++;
        }

        var end = Math.Min(first, SeriesEnd(reading, start));
        fields.Series = end > start ? TitleText.CleanAlias(name.Text.AsSpan(name[start].Start, (end < name.Count ? name[end].Start : name.Text.Length) - name[start].Start)) : null;
        fields.Series = fields.Series?.TrimEnd('#', ' ');
        fields.Year = reading.YearAt >= 0 && name[reading.YearAt].Group != 0 ? name.Number(reading.YearAt) : null;
    }

    private static void Marked(NameText name, int start, FieldsDraft fields, out int first, out bool certain)
    {
        first = name.Count;
        certain = false;
        for (var i = start; i < name.Count; i++)
        {
            if (TryGlued(name.Word(i), out var volume, out var chapter))
            {
                (fields.Volume, fields.Chapter) = (fields.Volume ?? volume, fields.Chapter ?? chapter);
                (first, certain) = (Math.Min(first, i), true);
                continue;
            }

            if (!TryAt(name, i, out var isVolume, out var number, out var last))
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
    private static bool TryGlued(ReadOnlySpan<char> word, out string volume, out string chapter)
    {
        (volume, chapter) = ("", "");
        var digits = new Digits(word);
        if (!digits.Skip('v') || !digits.Read(3, out _) || !digits.Skip('c'))
        {
            return false;
        }

        volume = Numbers.Plain(word[1..^(digits.Rest.Length + 1)]);
        _ = digits.Skip('h');
        chapter = digits.Rest.IsEmpty ? "" : Numbers.Plain(digits.Rest);
        return digits.Read(5, out _) && digits.AtEnd;
    }

    private static bool TryAt(NameText name, int i, out bool isVolume, out string number, out int last)
    {
        last = i;
        number = "";
        isVolume = false;
        var word = name.Word(i);
        if ((name[i].Before & Gap.Hash) != 0 && name.Number(i) >= 0 && i > 0)
        {
            number = Numbers.Plain(Span(name, i, out last));
            return true;
        }

        var letters = word.IndexOfAnyInRange('0', '9');
        if (letters < 0)
        {
            if (!IsWord(word, out isVolume) || word.Length < 2 || name.Number(i + 1) < 0)
            {
                // "Ch.012v2"
                if (i + 1 < name.Count && isVolume is false && word.Length > 1 && IsWord(word, out _) && name.Word(i + 1) is [.. var stated, 'v', >= '2' and <= '9']
                    && !stated.IsEmpty && stated.IndexOfAnyExceptInRange('0', '9') < 0)
                {
                    (number, last) = (Numbers.Plain(stated), i + 1);
                    return true;
                }

                return false;
            }

            number = Numbers.Plain(Span(name, i + 1, out last));
            return true;
        }

        if (letters > 0 && i + 1 < name.Count && name[i + 1].AfterTightDash && name.Word(i + 1).StartsWith(word[..letters]) && IsWord(word[..letters], out isVolume))
        {
            // "c001-c005"
            var end = name.Word(i + 1)[letters..];
            if (!end.IsEmpty && end.IndexOfAnyExceptInRange('0', '9') < 0 && word[letters..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                (number, last) = (Numbers.Plain($"{word[letters..]}-{end}"), i + 1);
                return true;
            }
        }

        if (letters == 0)
        {
            return TryBehind(word, out isVolume, out number);
        }

        if (word[0] == '第')
        {
            return TryBehind(word[1..], out isVolume, out number);
        }

        var digits = new Digits(word[letters..]);
        if (!IsWord(word[..letters], out isVolume) || !digits.Read(5, out _) || !(digits.AtEnd || digits.Rest is ['v', >= '2' and <= '9']))
        {
            return false;
        }

        number = Numbers.Plain(digits.AtEnd ? Span(name, i, out last)[letters..] : word[letters..^2]);
        return true;
    }

    // 03卷, 13회, 12화, 5話
    private static bool TryBehind(ReadOnlySpan<char> word, out bool isVolume, out string number)
    {
        var digits = new Digits(word);
        var fits = digits.Read(4, out _) && !digits.AtEnd;
        number = fits ? Numbers.Plain(word[..^digits.Rest.Length]) : "";
        isVolume = fits && digits.Rest[0] is '卷' or '巻' or '권' or '册';
        return fits && (isVolume || digits.Rest[0] is '회' or '화' or '話' or '话' or '章');
    }

    private static bool IsWord(ReadOnlySpan<char> word, out bool isVolume)
    {
        isVolume = word is "v" or "vol" or "volume" or "t" or "tome" or "tomo" or "band" or "volumes" or "vols" or "том";
        return isVolume || word is "c" or "ch" or "chp" or "chap" or "chapter" or "chapters" or "issue" or "chapitre" or "kapitel" or "episode" or "ep" or "глава";
    }

    /// <summary>A number with its fraction or the end of its range: "03.5", "101-108".</summary>
    private static ReadOnlySpan<char> Span(NameText name, int i, out int last)
    {
        last = i;
        if (i + 1 < name.Count && name[i + 1].IsNumber && ((name[i + 1].Before == Gap.Dot && name[i + 1].Length <= 2 && !IsPadded(name, i + 1)) || name[i + 1].AfterTightDash))
        {
            last = i + 1;
        }

        return name.Raw(i, last);
    }

    private static bool IsPadded(NameText name, int i) => name[i].Length > 2;

    // A bare issue number: three padded digits before anything else, else the first number behind the first word.
    private static int Bare(NameReading reading)
    {
        var name = reading.Name;
        var found = -1;
        for (var i = reading.Start + 1; i < name.Count; i++)
        {
            if (i == reading.YearAt && name[i].Group != 0 && name.BracketEnd(i) == i)
            {
                continue;
            }

            if ((name[i].Before & Gap.Open) != 0 && name[i].Group != 0)
            {
                break;
            }

            if (name.Number(i) < 0 || name[i].Length > 3 || name.Is(i - 1, "of") || (name[i].AfterTightDash && (name[i - 1].IsNumber || i + 1 < name.Count)) || ((name[i].Before & (Gap.Dash | Gap.Dot)) == Gap.Dot && name[i - 1].IsNumber)
                || name.Is(i - 1, "no") || IsWord(name.Word(i - 1), out _) || (i + 1 < name.Count && name[i + 1] is { Before: Gap.Dot, IsNumber: true, Length: 1 } && name[i].Length == 1))
            {
                continue;
            }

            if (name[i].Length == 3 && name.Word(i)[0] == '0')
            {
                return i;
            }

            found = found < 0 && (name[i].Length > 1 || (i + 1 == reading.YearAt && name[i + 1].Group != 0)) || (found < 0 && i + 1 == name.Count) ? i : found;
        }

        return found;
    }

    private static int SeriesEnd(NameReading reading, int start)
    {
        var name = reading.Name;
        for (var i = start + 1; i < name.Count; i++)
        {
            if ((name[i].Before & Gap.Open) != 0)
            {
                return i;
            }
        }

        return name.Count;
    }
}
