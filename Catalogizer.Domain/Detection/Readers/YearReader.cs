using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>The year of a work: the bracketed one first, then the last plausible one. The first word of a name is its
/// title, and what stands behind an episode form is the episode's.</summary>
internal sealed class YearReader : IClueReader
{
    public const int First = 1900;
    public const int FirstBracketed = 1700;
    public const int Last = 2035;

    public void Read(NameReading reading)
    {
        var name = reading.Name;
        var limit = reading.Episode?.First ?? (reading.DateAt >= 0 ? reading.DateAt : reading.End);
        var at = Find(reading, limit);
        if (at < 0 && reading.Episode is { Pattern: var pattern } && pattern != NamedPattern.SeasonEpisode && pattern != NamedPattern.Cross)
        {
            at = Find(reading, reading.End);
        }

        if (at < 0 && reading.Episode is not null)
        {
            at = BracketedBehind(reading);
        }

        if (at >= 0)
        {
            reading.YearAt = at;
            reading.Start = at == reading.Start ? at + 1 : reading.Start;
            reading.Fields.Is3D |= at > 0 && name.Is(at - 1, "3d");
            reading.Fields.Year = name.Number(at);
            reading.SetMark(at, reading.IsYearSpan ? at + 1 : at, Mark.Year);
            SayOthers(reading, at);
            reading.Say("year", name.Number(at), IsAloneInBracket(name, at) ? 0.95 : 0.85, "year", at, at);
        }
    }

    private static int Find(NameReading reading, int limit)
    {
        var name = reading.Name;
        var plain = -1;
        for (var i = 0; i < limit; i++)
        {
            if (reading.MarkAt(i) is not (Mark.None or Mark.Noise) || Value(name, i) is not { } year)
            {
                continue;
            }

            if (i + 1 < limit && i > reading.Start && (name[i].Before & Gap.Open) != 0 && name[i + 1].AfterTightDash && Value(name, i + 1) > year && (name.After(i + 1) & Gap.Close) != 0)
            {
                reading.IsYearSpan = true;
                return i;
            }

            if (IsAloneInBracket(name, i) && (i > reading.Start || reading.Start > 0 || limit > 1))
            {
                return i;
            }

            if (year >= First && i > reading.Start && reading.MarkAt(i) == Mark.None)
            {
                plain = i;
            }
        }

        // "1977 - Title": in front and set off, as series of films are sorted.
        return plain < 0 && limit > reading.Start + 1 && name[reading.Start + 1].AfterSpacedDash && reading.IsFree(reading.Start)
            && Value(name, reading.Start) is not null && reading.Episode is null
            ? reading.Start
            : plain;
    }

    private static int BracketedBehind(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Episode!.Last + 1; i < reading.End; i++)
        {
            if (reading.IsFree(i) && Value(name, i) is not null && name[i].Group != 0 && (name[i].Before & Gap.Open) != 0)
            {
                return i;
            }
        }

        return -1;
    }

    // What could have been the year as well.
    private static void SayOthers(NameReading reading, int at)
    {
        for (var i = 0; reading.Clues is not null && i < reading.End; i++)
        {
            if (i != at && reading.IsFree(i) && Value(reading.Name, i) is { } other)
            {
                reading.Say("year", other, i < at ? 0.4 : 0.5, "plausible year", i, i);
            }
        }
    }

    private static bool IsAloneInBracket(NameText name, int i) =>
        name[i].Group != 0 && (name[i].Before & Gap.Open) != 0 && (name.After(i) & Gap.Close) != 0;

    private static int? Value(NameText name, int i)
    {
        var number = name[i].Length == 4 ? name.Number(i) : -1;
        var first = name[i].Group != 0 ? FirstBracketed : First;
        return number >= first && number <= Last ? number : null;
    }
}
