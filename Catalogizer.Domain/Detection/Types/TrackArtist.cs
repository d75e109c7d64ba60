using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The artist in front of a track's title: "Artist - Title", "Artist-Title", "01-artist-title-group".</summary>
internal static class TrackArtist
{
    /// <summary>Reads or skips the artist and returns the first word of the title.</summary>
    public static int Skip(PathContext context, int from, int end)
    {
        var (name, fields) = (context.Path.Stem, context.Fields);
        var dash = from < end ? AlbumNameParser.FindSpacedDash(name, from, end) : -1;
        if (dash > 0 && fields.Artist == VariousArtists.Name)
        {
            fields.Artist = null;
        }

        var artist = fields.Artist ?? (context.ItemFolderIndex >= 0 ? context.Path.Folders[context.ItemFolderIndex] : null);
        if (artist is not null && FindEnd(name, from, artist) is > 0 and var repeated && repeated < end)
        {
            fields.Artist ??= TitleCleaner.Clean(artist);
            return ReadNumber(name, repeated, fields);
        }

        if (dash > 0 && fields.Artist is null)
        {
            fields.Artist = TitleCleaner.Clean(name.RawText(from, dash - 1));
            return dash;
        }

        return from;
    }

    /// <summary>Index of the word behind "artist-" at <paramref name="from"/>; -1 when the name does not repeat the artist there.</summary>
    public static int FindEnd(TokenizedName name, int from, string artist)
    {
        for (var i = from + 1; i < name.Count; i++)
        {
            if ((name[i].SeparatorBefore & Separator.Dash) != 0 && TitleCleaner.HasSameLetters(name.RawText(from, i - 1), artist))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>"01-the_lamps-morning", "05-(the_lamps)-morning-team": the artist and the group are those of the release.</summary>
    public static bool TryReadSceneTrack(TokenizedName name, int from, string? releaseGroup, MediaFieldsBuilder fields)
    {
        if (from + 1 >= name.Count || !SceneAlbumParser.StartsField(name, from) || name.Text.Contains(' '))
        {
            return false;
        }

        var isKnown = fields.Artist is not (null or VariousArtists.Name);
        var title = FindFirstField(name, from);
        var end = FindGroup(name, title, releaseGroup);
        var repeated = isKnown ? FindEnd(name, from, fields.Artist!) : -1;
        if (title >= name.Count || (repeated < 0 && (isKnown ? end == name.Count || releaseGroup is null : fields.Artist is null && !name.Text.Contains('_'))))
        {
            return false;
        }

        title = repeated > 0 ? repeated : title;
        fields.Artist = isKnown ? fields.Artist : TitleCleaner.Clean(name.RawText(from, title - 1));
        fields.Title = TitleCleaner.Clean(name.Text.AsSpan(name[title].Start, (end < name.Count ? name[end].Start : name.Text.Length) - name[title].Start));
        return true;
    }

    private static int FindFirstField(TokenizedName name, int from)
    {
        var next = name.FindBracketEnd(from) + 1;
        while (next < name.Count && !SceneAlbumParser.StartsField(name, next))
        {
            next++;
        }

        return next;
    }

    // Without the release's own name, the word behind the last dash is taken for the group.
    private static int FindGroup(TokenizedName name, int title, string? releaseGroup)
    {
        var last = name.Count - 1;
        while (releaseGroup is not null && last > title && !StartsGroup(name, last))
        {
            last--;
        }

        return last > title && StartsGroup(name, last) && (releaseGroup is null || releaseGroup.AsSpan().StartsWith(name.RawText(last, name.Count - 1), StringComparison.OrdinalIgnoreCase))
            ? last
            : name.Count;
    }

    private static bool StartsGroup(TokenizedName name, int i) => name[i].BracketGroup == 0 && SceneAlbumParser.StartsField(name, i);

    // "Artist-01-Title", "Artist-01_Title"
    private static int ReadNumber(TokenizedName name, int i, MediaFieldsBuilder fields)
    {
        if (fields.Track is not null || i + 1 >= name.Count || name[i].Length != 2 || name.Number(i) <= 0 || (name.Word(i)[0] != '0' && (name[i + 1].SeparatorBefore & Separator.Dash) == 0))
        {
            return i;
        }

        fields.Track = name.Number(i);
        return i + 1;
    }
}
