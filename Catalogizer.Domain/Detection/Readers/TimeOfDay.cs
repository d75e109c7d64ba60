using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>The time of day behind the date of a recording: 22_05_00, 20.15, 201500, 20h15. Date and time are one moment, so the time is no episode.</summary>
internal static class TimeOfDay
{
    /// <summary>Index of the time's last word; <paramref name="date"/>, the date's last word, when no time follows.</summary>
    public static int FindEnd(ParsedName parsed, int date)
    {
        var name = parsed.Name;
        if (EndsWithHour(name.Word(date)))
        {
            return SkipNumbers(parsed, date);
        }

        var first = name.Is(date + 1, "at") || name.Is(date + 1, "um") || name.Is(date + 1, "t") ? date + 2 : date + 1;
        if (first >= name.Count || !DateReader.IsDatePart(parsed, first) || (name[first].SeparatorBefore & (Separator.Open | Separator.Comma | Separator.Slash)) != 0)
        {
            return date;
        }

        var word = name.Word(first).TrimStart('t');
        var last = IsWrittenTogether(word, name[first].SeparatorBefore) ? first : FindLastNumber(parsed, first, word);
        if (last < 0)
        {
            return date;
        }

        return last + 1 < name.Count && name.Word(last + 1) is "am" or "pm" or "uhr" ? last + 1 : last;
    }

    /// <summary>"01t20" of "2024-07-01T20-15-00", and "20240701t201500".</summary>
    public static bool EndsWithHour(ReadOnlySpan<char> word) => word.IndexOf('t') is (2 or 8) and var t
        && word[..t].IndexOfAnyExceptInRange('0', '9') < 0 && word[(t + 1)..].TrimEnd('z') is { Length: 2 or 4 or 6 } time
        && time.IndexOfAnyExceptInRange('0', '9') < 0 && IsTwoDigits(time[..2], 24);

    private static int SkipNumbers(ParsedName parsed, int last)
    {
        for (var count = 0; count < 2 && last + 1 < parsed.Name.Count && DateReader.IsDatePart(parsed, last + 1) && IsTwoDigits(parsed.Name.Word(last + 1).TrimEnd('z'), 60); count++)
        {
            last++;
        }

        return last;
    }

    // "22_05_00", "20.15"
    private static int FindLastNumber(ParsedName parsed, int first, ReadOnlySpan<char> hour)
    {
        var name = parsed.Name;
        var minute = first + 1;
        if (minute >= name.Count || !IsTwoDigits(hour, 24) || !DateReader.IsDatePart(parsed, minute) || !IsTwoDigits(RemoveSuffix(name.Word(minute)), 60)
            || name[minute].SeparatorBefore is not (Separator.Dot or Separator.Dash or Separator.Underscore or Separator.Space or Separator.Other))
        {
            return -1;
        }

        var second = minute + 1;
        if (second < name.Count && name[second].SeparatorBefore == name[minute].SeparatorBefore && DateReader.IsDatePart(parsed, second) && IsTwoDigits(RemoveSuffix(name.Word(second)), 60))
        {
            return second;
        }

        // "2024-07-01 - 10 20 Years": only spaces, and no seconds.
        return name[minute].SeparatorBefore == Separator.Space ? -1 : minute;
    }

    // "2015" behind a dot is more often a word of a title.
    private static bool IsWrittenTogether(ReadOnlySpan<char> word, Separator before)
    {
        var digits = new DigitScanner(word);
        if (word.Length is 4 or 6 or 8 && word.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            // Eight digits are the times of start and end.
            return before != Separator.Dot && IsTwoDigits(word[..2], 24) && IsTwoDigits(word[2..4], 60)
                && (word.Length < 6 || IsTwoDigits(word[4..6], word.Length == 8 ? 24 : 60)) && (word.Length < 8 || IsTwoDigits(word[6..], 60));
        }

        return word.Length is >= 4 and <= 9 && digits.TryRead(2, out var hour) && hour < 24 && digits.TrySkip('h') && digits.TryRead(2, out var minute) && minute < 60
            && (digits.IsAtEnd || (digits.TrySkip('m') && (digits.IsAtEnd || (digits.TryRead(2, out _) && digits.TrySkip('s') && digits.IsAtEnd))));
    }

    // "05pm", "00z"
    private static ReadOnlySpan<char> RemoveSuffix(ReadOnlySpan<char> word) => word is [_, _, 'a' or 'p', 'm'] ? word[..2] : word is [_, _, 'z'] ? word[..2] : word;

    private static bool IsTwoDigits(ReadOnlySpan<char> word, int limit) =>
        word is [>= '0' and <= '9', >= '0' and <= '9'] && (word[0] - '0') * 10 + word[1] - '0' < limit;
}
