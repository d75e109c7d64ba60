using System.Globalization;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>A track: its number and title from the file, album and artist from the folders above.</summary>
internal static class TrackName
{
    public static void Fill(Entry entry)
    {
        FillFolders(entry);
        FillFile(entry.Reading, entry.Fields);
        if (entry.Path.Stem.Count == 1 && entry.Path.Stem.Is(0, "theme"))
        {
            entry.Fields.Extra = "theme";
        }
    }

    private static void FillFolders(Entry entry)
    {
        var fields = entry.Fields;
        var at = entry.FirstFolder;
        if (at < 0)
        {
            return;
        }

        fields.Disc = entry.Disc;
        AlbumFolder(entry.Folder(at)!, fields);
        var artist = at + 1 < entry.Path.Folders.Count ? entry.OwnFolder(at + 1) : -1;
        if (artist == at + 1 || (artist == at + 2 && entry.Path.Folders[at + 1].ToLowerInvariant() is "albums" or "singles" or "eps"))
        {
            fields.Artist ??= TitleText.Clean(entry.Path.Folders[artist]);
        }
    }

    // "Album (Year)", "Year - Album", "Artist - Album (Year) [FLAC]"
    private static void AlbumFolder(NameReading folder, FieldsDraft fields)
    {
        var from = new FieldsDraft { Year = folder.Fields.Year };
        var name = folder.Name;
        if (name.Count > 1 && name.Number(0) is >= YearReader.First and <= YearReader.Last && name[0].Length == 4 && ((name[1].Before & (Gap.Dash | Gap.Close)) != 0))
        {
            from.Year = name.Number(0);
            var end = folder.TitleEnd > 1 ? folder.TitleEnd : folder.End;
            from.Album = TitleText.Clean(name.Raw(1, end - 1));
        }
        else
        {
            AlbumName.Fill(folder, from);
        }

        (fields.Album, fields.Artist, fields.Year) = (from.Album, from.Artist, from.Year ?? fields.Year);
    }

    private static void FillFile(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        (fields.Season, fields.Episodes, fields.Part, fields.Date) = (null, null, null, null);
        if (name.Count == 0)
        {
            return;
        }

        if (name.Count <= 2 && name.Number(name.Count - 1) is > 0 and < 100 and var only && (name.Count == 1 || name.Is(0, "track")))
        {
            (fields.Track, fields.Title) = (only, TitleText.Clean(name.Text));
            return;
        }

        if (name.Count == 1 && name.Word(0) is ['t', 'r', 'a', 'c', 'k', .. { Length: 1 or 2 } counted] && int.TryParse(counted, NumberStyles.None, CultureInfo.InvariantCulture, out var bare))
        {
            (fields.Track, fields.Title) = (bare, TitleText.Clean(name.Text));
            return;
        }

        var from = Leading(name, fields);
        if (from == 0)
        {
            from = Middle(name, fields);
        }

        var end = reading.YearAt > from && name[reading.YearAt].Group != 0 ? reading.YearAt : name.Count;
        if (from == 1 && name[1].AfterTightDash && !name.Text.Contains(' ') && TrySceneTrack(name, fields))
        {
            return;
        }
        var dash = from < end ? LastDash(name, from, end) : -1;
        if (dash > 0 && fields.Artist is "VA" or "Various" or "Various Artists")
        {
            fields.Artist = null;
        }

        if (dash > 0 && (fields.Artist is null || IsArtist(name, from, dash, fields.Artist)))
        {
            fields.Artist ??= TitleText.Clean(name.Raw(from, dash - 1));
            from = dash;
        }

        fields.Title = from < name.Count ? TitleText.Clean(name.Text.AsSpan(from == 0 ? 0 : name[from].Start, (end < name.Count ? name[end].Start : name.Text.Length) - (from == 0 ? 0 : name[from].Start))) : null;
        fields.Year ??= reading.YearAt >= 0 ? name.Number(reading.YearAt) : null;
    }

    // "01-the_lamps-morning", "05-the_lamps-morning-team"
    private static bool TrySceneTrack(NameText name, FieldsDraft fields)
    {
        var dash = 2;
        while (dash < name.Count && !name[dash].AfterTightDash)
        {
            dash++;
        }

        if (dash >= name.Count)
        {
            return false;
        }

        var artist = name.Raw(1, dash - 1);
        var known = fields.Artist is not (null or "VA" or "Various Artists") && !TitleText.SameLetters(fields.Artist, artist);
        if (known || (!name.Text.Contains('_') && fields.Artist is null))
        {
            return false;
        }

        var last = name.Count - 1;
        if (last > dash && name[last].AfterTightDash)
        {
            last--;
        }

        fields.Artist = fields.Artist is null or "VA" or "Various Artists" ? TitleText.Clean(artist) : fields.Artist;
        fields.Title = TitleText.Clean(name.Raw(dash, last));
        return true;
    }

    // "01 - Title", "1-01 Title", "101 Title", "A1 Title"
    private static int Leading(NameText name, FieldsDraft fields)
    {
        var number = name.Number(0);
        if (name.Count > 1 && fields.Album is not null && name.Word(0) is [>= 'a' and <= 'h', >= '1' and <= '9'])
        {
            // "A1 Title": a side of a record
            fields.Track = name.Word(0)[1] - '0';
            return 1;
        }

        if (name.Count < 2 || number < 0 || name[0].Length > 3 || name[1].Before == Gap.Comma)
        {
            return 0;
        }

        if (name[0].Length <= 2 && name[1].AfterTightDash && name[1].IsNumber && name[1].Length == 2 && name.Count > 2)
        {
            (fields.Disc, fields.Track) = (number, name.Number(1));
            return 2;
        }

        if (name[0].Length == 1 && name[1] is { Before: Gap.Dot, IsNumber: true, Length: 2 } && name.Count > 2 && number > 0)
        {
            (fields.Disc, fields.Track) = (number, name.Number(1));
            return 2;
        }

        if (number > 30 && name[1].Before == Gap.Space && fields.Album is null && name.Word(0)[0] != '0')
        {
            return 0;
        }

        if (name[0].Length == 1 && (name[1].Before & (Gap.Dot | Gap.Dash)) == 0)
        {
            return 0;
        }

        fields.Track = name[0].Length == 3 && number > 100 ? number % 100 : number;
        fields.Disc ??= name[0].Length == 3 && number > 100 ? number / 100 : null;
        return 1;
    }

    // "Artist - 01 - Title", "Artist - Album - 01 - Title"
    private static int Middle(NameText name, FieldsDraft fields)
    {
        for (var i = 1; i + 1 < name.Count; i++)
        {
            if (name[i].Length == 2 && name.Number(i) > 0 && name[i].AfterSpacedDash && (name[i + 1].AfterSpacedDash || name[i + 1].Before == Gap.Space))
            {
                fields.Track = name.Number(i);
                var dash = AlbumName.SpacedDash(name, 0, i);
                fields.Artist ??= TitleText.Clean(name.Raw(0, (dash > 0 ? dash : i) - 1));
                fields.Album ??= dash > 0 ? TitleText.Clean(name.Raw(dash, i - 1)) : null;
                return i + 1;
            }
        }

        return 0;
    }

    private static int LastDash(NameText name, int from, int end) => AlbumName.SpacedDash(name, from, end);

    private static bool IsArtist(NameText name, int from, int dash, string artist) =>
        name.Raw(from, dash - 1).Equals(artist, StringComparison.OrdinalIgnoreCase);
}
