using System.Buffers;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>What surrounds a name: a site's address, the group in a bracket in front, checksums.</summary>
internal sealed class EdgeReader : IClueReader
{
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public void Read(NameReading reading)
    {
        ReadSites(reading);
        ReadChecksums(reading);
        ReadLead(reading);
    }

    private static void ReadSites(NameReading reading)
    {
        var name = reading.Name;
        for (var i = 0; i + 2 < name.Count; i++)
        {
            if (!name.Is(i, "www"))
            {
                continue;
            }

            var last = i + 1;
            while (last + 1 < name.Count && name[last + 1].Before is Gap.Dot or Gap.Dash)
            {
                last++;
                if (name[last - 1].Before == Gap.Dot && name[last].Length <= 4 && name[last].Shape == Shape.Word && last >= i + 2)
                {
                    break;
                }
            }

            reading.SetMark(i, last, Mark.Noise);
            if (i == 0 || (name[i].Group != 0 && name[i].Group == name[0].Group))
            {
                reading.SetMark(0, name.BracketEnd(last), Mark.Noise);
                reading.Start = name.BracketEnd(last) + 1;
            }
            else if (last + 1 >= name.Count)
            {
                reading.End = Math.Min(reading.End, i);
            }

            i = last;
        }
    }

    // [5A1AD35B]: eight hexadecimal digits alone in a bracket.
    private static void ReadChecksums(NameReading reading)
    {
        var name = reading.Name;
        for (var i = 1; i < name.Count; i++)
        {
            if (name[i] is { Group: not 0, Length: 8 } token && name[i - 1].Group != token.Group && name.BracketEnd(i) == i
                && (token.Shape == Shape.Mixed || name.Count - i <= 2) && name.Word(i).IndexOfAnyExcept(Hexadecimal) < 0)
            {
                reading.SetMark(i, i, Mark.Noise);
                reading.End = i + 1 == reading.End ? i : reading.End;
            }
        }
    }

    private static void ReadLead(NameReading reading)
    {
        var name = reading.Name;
        for (var turn = 0; turn < 2 && reading.Start < name.Count; turn++)
        {
            var first = reading.Start;
            if (name[first] is not { Group: not 0, Bracket: '[' or '(' } token || !OpensText(name, first)
                || (token.Bracket == '(' && turn > 0))
            {
                return;
            }

            var last = name.BracketEnd(first);
            if (turn == 0 && first == 0 && first == last && last + 1 < reading.End && name[last + 1].Group == 0 && IsTechnical(name, first, last)
                && !name.Word(first).StartsWith("s0"))
            {
                // "[FLAC] Artist - Album": the word counts, and the title begins behind it.
                reading.Start = last + 1;
                return;
            }

            if (last + 1 >= reading.End || (name[last + 1].Before == Gap.Close && char.IsLower(name.Text[name[last + 1].Start])) || (first == last && name[first].IsNumber) || IsTechnical(name, first, last)
                || (turn > 0 && (name[last + 1].Group != 0 || last - first > 2)))
            {
                return;
            }

            // "[Title][1999][1080p]", "[Title] (1999) 1080p": a year alone behind it makes it the title.
            if (turn == 0 && name[last + 1] is { Group: not 0, IsNumber: true, Length: 4 } && name.BracketEnd(last + 1) == last + 1
                && name.Number(last + 1) is >= YearReader.First and <= YearReader.Last && !HasTitleBehind(name, last + 2))
            {
                return;
            }

            var raw = name.Raw(first, last);
            if (token.Bracket == '[' && turn == 0)
            {
                reading.LeadGroup = raw.ToString();
            }

            reading.SetMark(first, last, Mark.Noise);
            reading.Start = last + 1;
        }
    }

    private static bool HasTitleBehind(NameText name, int from)
    {
        while (from < name.Count && name[from].Group != 0)
        {
            from++;
        }

        return from < name.Count && !(Lexicon.TryFind(name.Word(from), out var term) && term.Strength == Strength.Strong);
    }

    private static bool OpensText(NameText name, int first) => first == 0
        ? Characters.GapOf(name.Text[0]) == Gap.Open
        : (name[first].Before & Gap.Open) != 0;

    private static bool IsTechnical(NameText name, int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            var digits = new Digits(name.Word(i));
            if (digits.Skip('s') && digits.Read(4, out _) && digits.Skip('e') && digits.Read(4, out _))
            {
                return true;
            }

            if (Lexicon.TryFind(name.Word(i), out var term) && term.Strength == Strength.Strong && last - first < 2)
            {
                return true;
            }
        }

        return false;
    }
}
