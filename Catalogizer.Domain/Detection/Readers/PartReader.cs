using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// cd1, part2, pt3, parta, disc 1. Two words ("Part 2") belong to the title unless they follow a year, date or season, or are followed by "of 3"
/// or, in a name without year and episode, by a strong term. A disc may also end the name.
/// </summary>
internal sealed class PartReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (!parsed.IsFree(i) && !(name.Word(i) is "cd" or "dvd" && parsed.TermLength(i) == 1 && name.Number(i + 1) is > 0 and < 10 && name[i + 1].Length < 3))
            {
                continue;
            }

            if (parsed.Episode is { Episodes: null } season && i == season.Last + 1 && name.Word(i) is ['d', _, ..] && TryReadNumber(name.Word(i)[1..], out var disc))
            {
                Record(parsed, i, i, true, disc);
                return;
            }

            if ((i > parsed.Start || name.Count == 1) && TryReadGlued(name.Word(i), out var isDisc, out var number))
            {
                Record(parsed, i, i, isDisc, number);
                return;
            }

            if (IsPartWord(name.Word(i), out isDisc) && i + 1 < name.Count && parsed.IsFree(i + 1) && name[i + 1].SeparatorBefore is Separator.Space or Separator.Dot or Separator.Underscore
                && TryReadNumber(name.Word(i + 1), out number) && EndsTitle(parsed, i, isDisc) && !(name.Is(i, "dvd") && number is 5 or 9))
            {
                Record(parsed, i, i + 1, isDisc, number);
                return;
            }
        }
    }

    private static void Record(ParsedName parsed, int first, int last, bool isDisc, int number)
    {
        parsed.Fields.Part = number;
        parsed.Fields.Disc = isDisc ? number : null;
        parsed.SetRole(first, last, TokenRole.Part);
        parsed.End = last + 1 == parsed.End && first > 0 && parsed.TermAt(first - 1) is null && first - 1 > parsed.Start && HasTermBefore(parsed, first) ? first : parsed.End;
        parsed.AddClue("part", number, 0.8, "part", first, last);
    }

    private static bool HasTermBefore(ParsedName parsed, int i)
    {
        while (--i > parsed.Start)
        {
            if (parsed.TermAt(i) is { Strength: TermStrength.Strong })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPartWord(ReadOnlySpan<char> word, out bool isDisc)
    {
        isDisc = word is "cd" or "disc" or "disk" or "dvd";
        return isDisc || word is "part" or "pt";
    }

    private static bool TryReadGlued(ReadOnlySpan<char> word, out bool isDisc, out int number)
    {
        var stem = word.StartsWith("part") || word.StartsWith("disc") || word.StartsWith("disk") ? 4 : word.StartsWith("cd") || word.StartsWith("pt") ? 2 : word.StartsWith("dvd") ? 3 : 0;
        isDisc = false;
        number = 0;
        return stem > 0 && stem < word.Length && IsPartWord(word[..stem], out isDisc) && TryReadNumber(word[stem..], out number)
            && !(stem == 3 && number is 5 or 9) && (stem == 4 || word[stem] is >= '0' and <= '9');
    }

    private static bool TryReadNumber(ReadOnlySpan<char> word, out int number)
    {
        number = word is [>= 'a' and <= 'd'] ? word[0] - 'a' + 1 : word switch { "one" => 1, "two" => 2, "three" => 3, _ => 0 };
        var digits = new DigitScanner(word);
        return number > 0 || (digits.TryRead(2, out number) && digits.IsAtEnd && number > 0);
    }

    private static bool EndsTitle(ParsedName parsed, int i, bool isDisc)
    {
        var next = i + 2;
        var afterCertain = (parsed.YearIndex >= 0 && parsed.YearIndex < i) || (parsed.DateIndex >= 0 && parsed.DateIndex < i)
            || (parsed.Episode is { Episodes: null } pack && pack.First < i);
        if (next + 1 < parsed.End && parsed.Name.Is(next, "of") && parsed.Name.Number(next + 1) > 0)
        {
            parsed.SetRole(next, next + 1, TokenRole.Part);
            return true;
        }

        return afterCertain || (isDisc && next >= parsed.End)
            || (parsed.YearIndex < 0 && parsed.Episode is null && next < parsed.End && parsed.TermAt(next) is { Strength: TermStrength.Strong });
    }
}
