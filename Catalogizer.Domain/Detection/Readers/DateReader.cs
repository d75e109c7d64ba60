using System.Globalization;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Complete dates: 2015.09.07, 30-04-2024, 5th Mar 2025, 20161024.</summary>
internal sealed class DateReader : IClueReader
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] GermanMonths =
        ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"];

    public void Read(ParsedName parsed)
    {
        for (var i = 0; i < parsed.End; i++)
        {
            if (parsed.IsClaimable(i) && TryReadDate(parsed, i, out var date, out var last))
            {
                var day = last;
                last = TimeOfDay.FindEnd(parsed, last);
                var text = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                parsed.Fields.Date = text;
                parsed.DateIndex = i;
                parsed.DateEndIndex = last;
                parsed.SetRole(i, last, TokenRole.Date);
                parsed.AddClue("date", text, 0.85, "date", i, last);
                if (i == parsed.Start && (last > day || TimeOfDay.EndsWithHour(parsed.Name.Word(day))))
                {
                    SkipBroadcaster(parsed);
                }

                return;
            }
        }
    }

    // "20240701 2015 - Das Erste - Title": receivers put the moment and the broadcaster in front.
    private static void SkipBroadcaster(ParsedName parsed)
    {
        var name = parsed.Name;
        var first = parsed.DateEndIndex + 1;
        if (first >= parsed.End || !name[first].IsAfterSpacedDash)
        {
            return;
        }

        for (var i = first + 1; i < parsed.End; i++)
        {
            if (name[i].IsAfterSpacedDash)
            {
                parsed.SetRole(first, i - 1, TokenRole.Noise);
                first = i;
                break;
            }
        }

        parsed.Start = first;
    }

    private static bool TryReadDate(ParsedName parsed, int i, out DateOnly date, out int last)
    {
        var name = parsed.Name;
        last = i + 2;
        date = default;
        if ((name[i].Length == 8 ? name.Number(i) : ReadBeforeHour(name.Word(i), 8)) is var packed and > 0)
        {
            last = i;
            return TryCreateDate(packed / 10000, packed / 100 % 100, packed % 100, out date);
        }

        if (i > parsed.Start && name[i].Length == 6 && name.Number(i) is >= 100000 and var brief)
        {
            last = i;
            return brief / 10000 <= YearReader.MaxYear - 2000 && TryCreateDate(2000 + brief / 10000, brief / 100 % 100, brief % 100, out date);
        }

        if (i > parsed.Start && i + 2 < name.Count && name[i].Length >= 3 && ParseMonth(name.Word(i)) is > 0 and var named && name[i + 2].Length == 4 && IsDatePart(parsed, i + 1))
        {
            return TryCreateDate(name.Number(i + 2), named, name[i + 1].Length <= 2 ? name.Number(i + 1) : ParseOrdinal(name.Word(i + 1)), out date);
        }

        if (i + 2 >= name.Count || !IsDatePart(parsed, i + 1) || !IsDatePart(parsed, i + 2))
        {
            return false;
        }

        if (ReadBeforeHour(name.Word(i + 2), 2) is > 0 and var isoDay && name[i].Length == 4)
        {
            return TryCreateDate(name.Number(i), name.Number(i + 1), isoDay, out date);
        }

        if (!name[i].IsNumber && !IsOrdinal(name.Word(i)))
        {
            return false;
        }

        var (a, b, c) = (name.Number(i), name.Number(i + 1), name.Number(i + 2));
        var sameSeparator = name[i + 1].SeparatorBefore == name[i + 2].SeparatorBefore && name[i + 1].SeparatorBefore is Separator.Dot or Separator.Dash or Separator.Space or Separator.Underscore;
        if (sameSeparator && name[i].Length == 4 && b > 0 && c > 0 && name[i + 1].Length <= 2 && name[i + 2].Length <= 2)
        {
            return TryCreateDate(a, b, c, out date) || TryCreateDate(a, c, b, out date);
        }

        if (sameSeparator && name[i + 2].Length == 4 && a > 0 && b > 0 && name[i].Length <= 2 && name[i + 1].Length <= 2)
        {
            return TryCreateDate(c, b, a, out date) || TryCreateDate(c, a, b, out date);
        }

        var month = ParseMonth(name.Word(i + 1));
        return month > 0 && name[i + 2].Length == 4 && TryCreateDate(c, month, ParseOrdinal(name.Word(i)), out date);
    }

    // The digits in front of the hour: 1 of "01t20"; 0 for any other word.
    private static int ReadBeforeHour(ReadOnlySpan<char> word, int digits) =>
        word.Length > digits && word[digits] == 't' && TimeOfDay.EndsWithHour(word) ? int.Parse(word[..digits], NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    public static bool IsDatePart(ParsedName parsed, int i) => parsed.RoleAt(i) is TokenRole.None or TokenRole.Term;

    private static bool IsOrdinal(ReadOnlySpan<char> word) =>
        word.Length is 3 or 4 && (word.EndsWith("st") || word.EndsWith("nd") || word.EndsWith("rd") || word.EndsWith("th"));

    private static int ParseOrdinal(ReadOnlySpan<char> word)
    {
        var digits = new DigitScanner(word);
        return digits.TryRead(2, out var day) ? day : 0;
    }

    /// <summary>
    /// The number of an English or German month, in full or abbreviated to three or more letters: 1 for "january"
    /// and "jan"; 0 for any other word.
    /// </summary>
    public static int ParseMonth(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Months.Length && word.Length is >= 3 and <= 9; i++)
        {
            if (Months[i].AsSpan().StartsWith(word) || GermanMonths[i].AsSpan().StartsWith(word))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static bool TryCreateDate(int year, int month, int day, out DateOnly date)
    {
        var fits = year is >= 1900 and <= 2050 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        date = fits ? new DateOnly(year, month, day) : default;
        return fits;
    }
}
