using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>"Artist - Album (2017) [FLAC]", "2017 - Album", and the scene's "Artist-Album-WEB-2018-GROUP".</summary>
internal static class AlbumName
{
    /// <summary>Dashes without spaces part it, and a year and a group end it.</summary>
    public static bool IsScene(NameReading reading)
    {
        var name = reading.Name;
        return reading.Start + 3 < name.Count && SceneYear(reading) is > 0 and var year && FirstDash(name, reading.Start, year) > 0
            && (!name.Text.Contains(' ') || !HasSpacedDash(name, reading.Start, year)) && name[reading.Start].Group == 0;
    }

    public static void Fill(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        if (name.Count == 0)
        {
            return;
        }

        if (IsScene(reading))
        {
            FillScene(reading, fields);
            return;
        }

        var start = reading.Start;
        var last = Math.Max(End(reading, start + 1), start + 1);
        var dash = SpacedDash(name, start, last + 1);
        dash = dash > 0 ? dash : FirstDash(name, start, last);
        var all = Discography(reading);
        if (reading.YearAt > start && (name[reading.YearAt].Before & Gap.Dash) != 0 && reading.YearAt + 1 < name.Count && (name[reading.YearAt + 1].Before & (Gap.Dash | Gap.Close)) == (Gap.Dash | Gap.Close))
        {
            // "Artist - [2004] - Album"
            fields.Artist = TitleText.Clean(name.Raw(start, reading.YearAt - 1));
            fields.Album = TitleText.Clean(name.Raw(reading.YearAt + 1, End(reading, reading.YearAt + 2) - 1));
        }
        else
        if (dash > 0 && dash == reading.YearAt && (dash + 1 >= name.Count || (name[dash + 1].Before & Gap.Open) != 0) && SpacedDash(name, start, dash) < 0 && fields.Artist is null)
        {
            // "Album - 2004"
            fields.Album = TitleText.Clean(name.Raw(start, dash - 1));
        }
        else if (dash < 0 || (all > 0 && all < dash))
        {
            fields.Artist = all > 0 ? TitleText.Clean(name.Raw(start, all - 1)) : fields.Artist;
            fields.Album = TitleText.Clean(name.Raw(start, End(reading, start + 1) - 1));
        }
        else
        {
            fields.Artist = TitleText.Clean(name.Raw(start, dash - 1));
            var album = name.Number(dash) == fields.Year && dash + 1 < name.Count && name[dash + 1].AfterSpacedDash ? dash + 1 : dash;
            fields.Album = TitleText.Clean(name.Raw(album, End(reading, album + 1) - 1));
        }

        fields.Title = fields.Album;
        fields.Source = null;
        fields.Episodes = null;
    }

    // An album's title goes on until a bracket, the year or a release word.
    private static int End(NameReading reading, int from)
    {
        var end = from;
        while (end < reading.End && (reading.Name[end].Before & Gap.Open) == 0 && reading.MarkAt(end) is not (Mark.Year or Mark.Date)
            && !(reading.TermAt(end) is { } term && (term.Strength == Strength.Strong || (term.Kind == TermKind.Music && EndsInTerms(reading, end)))))
        {
            end++;
        }

        return end;
    }

    private static bool EndsInTerms(NameReading reading, int i)
    {
        if (reading.TermAt(i) is { Value: "album" or "all" })
        {
            return false;
        }

        while (i < reading.End && reading.MarkAt(i) is Mark.Term or Mark.Year)
        {
            i++;
        }

        return i >= reading.End;
    }

    private static void FillScene(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        var year = SceneYear(reading);
        var dash = SpacedDash(name, reading.Start, year);
        dash = dash > 0 ? dash : FirstDash(name, reading.Start, year);
        var end = dash + 1;
        while (end < year && !(name[end].AfterTightDash || name[end].AfterSpacedDash || ((name[end].Before & Gap.Dash) != 0 && (name[end].Before & (Gap.Open | Gap.Close)) != 0)))
        {
            end++;
        }

        fields.Artist = TitleText.Clean(name.Raw(reading.Start, dash - 1));
        fields.Album = TitleText.Clean(name.Text.AsSpan(name[dash].Start, name[Math.Min(end, name.Count - 1)].Start - name[dash].Start).TrimEnd("-_( "));
        if (reading.TermAt(dash) is { Kind: TermKind.Music or TermKind.AudioBook })
        {
            (fields.Album, fields.Artist) = (fields.Artist, null);
        }

        fields.Title = fields.Album;
        fields.Year = name[year].Length == 4 && reading.DateAt < 0 ? name.Number(year) : null;
        var last = reading.End - 1;
        var group = last;
        while (group > year + 1 && !name[group].AfterTightDash)
        {
            group--;
        }

        if (last > group && reading.TermAt(last) is { Kind: TermKind.Language } && name[last].Before == Gap.Underscore)
        {
            last--;
        }

        fields.ReleaseGroup = group <= last && group > year ? name.Raw(group, last).ToString() : fields.ReleaseGroup;
        fields.Source = null;
    }

    // The year (or the date's last part) with a dash before it and the group behind it.
    private static int SceneYear(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.End - 2; i > reading.Start + 1 && i > reading.End - 7; i--)
        {
            if (!name[i + 1].AfterTightDash)
            {
                continue;
            }

            if (name[i].AfterTightDash && name[i].Length == 4 && name.Number(i) is >= 1940 and <= YearReader.Last)
            {
                return i;
            }

            if (reading.DateEnd == i && (name[reading.DateAt].Before & Gap.Dash) != 0)
            {
                return reading.DateAt;
            }
        }

        return -1;
    }

    private static int FirstDash(NameText name, int start, int end)
    {
        for (var i = start + 1; i < end && i < name.Count; i++)
        {
            if ((name[i].AfterTightDash && name[i - 1].Length > 1) || name[i].AfterSpacedDash)
            {
                return i;
            }
        }

        return -1;
    }

    public static int SpacedDash(NameText name, int start, int end)
    {
        for (var i = start + 1; i < end && i < name.Count; i++)
        {
            if (name[i].AfterSpacedDash && (name[i].Before & Gap.Open) == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HasSpacedDash(NameText name, int start, int end)
    {
        var dash = SpacedDash(name, start, end);
        return dash > 0 && (name[dash].Before & Gap.Space) != 0;
    }

    private static int Discography(NameReading reading)
    {
        for (var i = reading.Start + 1; i < reading.Name.Count; i++)
        {
            if (reading.TermAt(i) is { Kind: TermKind.Music, Value: "all" })
            {
                return i;
            }
        }

        return -1;
    }
}
