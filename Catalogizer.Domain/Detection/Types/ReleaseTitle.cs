using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The title at the front of a release name, and an episode's own behind its number.</summary>
internal static class ReleaseTitle
{
    public static string? Of(NameReading reading)
    {
        var name = reading.Name;
        var end = reading.TitleEnd;
        if (name.Count == 0)
        {
            return TitleText.Clean(name.Text) ?? TitleText.Readable(name.Text);
        }

        if (reading.Episode is { TitlePrefix: > 0 } glued && end == glued.First)
        {
            return TitleText.CleanAlias(name.Text.AsSpan(name[reading.Start].Start, name[end].Start + glued.TitlePrefix - name[reading.Start].Start));
        }

        if (end <= reading.Start)
        {
            return null;
        }

        end = Alias(name, reading.Start, end);

        // What surrounds the words may belong to the title ("[noise]", "#Title"), brackets of the next tag do not.
        var from = reading.Start == 0 ? 0 : name[reading.Start].Start - OpeningBefore(name, reading.Start);
        var to = end < name.Count ? name[end].Start : name.Text.Length;
        var raw = name.Text.AsSpan(from, to - from);
        return raw.Length == name.Text.Length && raw[0] == '[' ? TitleText.Clean(raw) : TitleText.CleanAlias(raw);
    }

    public static string? OfEpisode(NameReading reading)
    {
        var name = reading.Name;
        var from = Math.Max(reading.Episode?.Last ?? -1, reading.DateEnd) + 1;
        if (from <= 0 || reading is { Episode: { Episodes: null }, DateAt: < 0 })
        {
            return null;
        }

        while (from < reading.End && reading.MarkAt(from) is Mark.Part or Mark.Noise)
        {
            from++;
        }

        var to = from;
        while (to < reading.End && to != reading.GroupAt && Belongs(reading, to, from))
        {
            to++;
        }

        // A number alone is a title only where the name sets it off: "S01E02 - 7".
        return to <= from || !(TitleText.HasLetters(name.Raw(from, to - 1)) || (name[from].AfterSpacedDash && to >= reading.End)) ? null : TitleText.Clean(name.Raw(from, to - 1));
    }

    private static bool Belongs(NameReading reading, int i, int from)
    {
        if ((reading.Name[i].Before & (Gap.Open | Gap.Close)) != 0 && (i > from || reading.MarkAt(i) != Mark.None || (reading.Name[i].Before & Gap.Open) != 0))
        {
            return false;
        }

        return reading.MarkAt(i) switch
        {
            Mark.None => true,
            Mark.Term => reading.TermAt(i)!.Strength != Strength.Strong && (!LeadsUp(reading, i) || (i > from && TitleEndReader.IsJoining(reading.Name.Word(i - 1)))),
            _ => false,
        };
    }

    private static bool LeadsUp(NameReading reading, int i)
    {
        while (i < reading.End && reading.MarkAt(i) == Mark.Term && reading.TermAt(i)!.Strength != Strength.Strong)
        {
            if (reading.TermAt(i)!.Strength == Strength.Weak && TitleEndReader.IsTitleWord(reading, i, reading.TermAt(i)!))
            {
                return false;
            }

            i++;
        }

        return i >= reading.End || reading.MarkAt(i) != Mark.None || (reading.Name[i].Before & Gap.Open) != 0;
    }

    // "Title AKA Other Title", "Title a.k.a. Other": the first is the one it goes by.
    private static int Alias(NameText name, int start, int end)
    {
        for (var i = start + 1; i + 1 < end; i++)
        {
            if (name.Is(i, "aka") || (name.Is(i, "a") && i + 3 < end && name.Is(i + 1, "k") && name.Is(i + 2, "a") && name[i + 1].Before == Gap.Dot))
            {
                return i;
            }
        }

        return end;
    }

    private static int OpeningBefore(NameText name, int index)
    {
        var before = name[index].Start - 1;
        return before >= 0 && Characters.GapOf(name.Text[before]) is Gap.Open or Gap.Hash ? 1 : 0;
    }
}
