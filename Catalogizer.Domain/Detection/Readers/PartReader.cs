using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>cd1, part2, pt3, parta, disc 1. "Part 2" in two words is title unless release words or the name's end follow
/// something that ends the title.</summary>
internal sealed class PartReader : IClueReader
{
    public void Read(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (!reading.IsFree(i) && !(name.Word(i) is "cd" or "dvd" && reading.TermWords(i) == 1 && name.Number(i + 1) is > 0 and < 10 && name[i + 1].Length < 3))
            {
                continue;
            }

            if (reading.Episode is { Episodes: null } season && i == season.Last + 1 && name.Word(i) is ['d', _, ..] && TryNumber(name.Word(i)[1..], out var disc))
            {
                Note(reading, i, i, true, disc);
                return;
            }

            if ((i > reading.Start || name.Count == 1) && TryGlued(name.Word(i), out var isDisc, out var number))
            {
                Note(reading, i, i, isDisc, number);
                return;
            }

            if (IsWord(name.Word(i), out isDisc) && i + 1 < name.Count && reading.IsFree(i + 1) && name[i + 1].Before is Gap.Space or Gap.Dot or Gap.Underscore
                && TryNumber(name.Word(i + 1), out number) && EndsTitle(reading, i, isDisc) && !(name.Is(i, "dvd") && number is 5 or 9))
            {
                Note(reading, i, i + 1, isDisc, number);
                return;
            }
        }
    }

    private static void Note(NameReading reading, int first, int last, bool isDisc, int number)
    {
        reading.Fields.Part = number;
        reading.Fields.Disc = isDisc ? number : null;
        reading.SetMark(first, last, Mark.Part);
        reading.End = last + 1 == reading.End && first > 0 && reading.TermAt(first - 1) is null && first - 1 > reading.Start && HasTermBefore(reading, first) ? first : reading.End;
        reading.Say("part", number, 0.8, "part", first, last);
    }

    private static bool HasTermBefore(NameReading reading, int i)
    {
        while (--i > reading.Start)
        {
            if (reading.TermAt(i) is { Strength: Strength.Strong })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(ReadOnlySpan<char> word, out bool isDisc)
    {
        isDisc = word is "cd" or "disc" or "disk" or "dvd";
        return isDisc || word is "part" or "pt";
    }

    private static bool TryGlued(ReadOnlySpan<char> word, out bool isDisc, out int number)
    {
        var stem = word.StartsWith("part") || word.StartsWith("disc") || word.StartsWith("disk") ? 4 : word.StartsWith("cd") || word.StartsWith("pt") ? 2 : word.StartsWith("dvd") ? 3 : 0;
        isDisc = false;
        number = 0;
        return stem > 0 && stem < word.Length && IsWord(word[..stem], out isDisc) && TryNumber(word[stem..], out number)
            && !(stem == 3 && number is 5 or 9) && (stem == 4 || word[stem] is >= '0' and <= '9');
    }

    private static bool TryNumber(ReadOnlySpan<char> word, out int number)
    {
        number = word is [>= 'a' and <= 'd'] ? word[0] - 'a' + 1 : word switch { "one" => 1, "two" => 2, "three" => 3, _ => 0 };
        var digits = new Digits(word);
        return number > 0 || (digits.Read(2, out number) && digits.AtEnd && number > 0);
    }

    private static bool EndsTitle(NameReading reading, int i, bool isDisc)
    {
        var next = i + 2;
        var afterSure = (reading.YearAt >= 0 && reading.YearAt < i) || (reading.DateAt >= 0 && reading.DateAt < i)
            || (reading.Episode is { Episodes: null } pack && pack.First < i);
        if (next + 1 < reading.End && reading.Name.Is(next, "of") && reading.Name.Number(next + 1) > 0)
        {
            reading.SetMark(next, next + 1, Mark.Part);
            return true;
        }

        return afterSure || (isDisc && next >= reading.End)
            || (reading.YearAt < 0 && reading.Episode is null && next < reading.End && reading.TermAt(next) is { Strength: Strength.Strong });
    }
}
