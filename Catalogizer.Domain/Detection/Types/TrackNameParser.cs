using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The number and title of a track from the file name, album and artist from the folders above.</summary>
internal static class TrackNameParser
{
    public static void Fill(PathContext context)
    {
        var releaseGroup = FillFromFolders(context);
        FillFromFile(context, releaseGroup);
        if (context.Path.Stem.Count == 1 && context.Path.Stem.Is(0, "theme"))
        {
            context.Fields.Extra = "theme";
        }
        else if (context.FolderType == MediaType.Music && context.Fields.Track is not null)
        {
            // "01 - Short", "03 - Theme": titles, whatever the words mean beside a film.
            context.Fields.Extra = null;
        }
    }

    // Returns the release group of the album's folder.
    private static string? FillFromFolders(PathContext context)
    {
        var fields = context.Fields;
        var at = context.ItemFolderIndex;
        fields.Disc = at < 0 ? fields.Disc : null;
        if (at < 0)
        {
            return null;
        }

        var releaseGroup = FillFromAlbumFolder(context.GetFolder(at)!, fields);
        if (fields.Disc is not null && at + 1 < context.Path.Folders.Count && fields.Album is { } album && context.FindItemFolder(at + 1) == at + 1
            && ReleaseTitle.From(context.GetFolder(at + 1)!) is { } parent && TitleCleaner.HasSameLetters(parent, album))
        {
            // "Artist/Album/Album (Disc 2)"
            at++;
        }

        fields.Disc = context.Disc ?? fields.Disc;
        var artist = at + 1 < context.Path.Folders.Count ? context.FindItemFolder(at + 1) : -1;
        if (artist == at + 1 || (artist == at + 2 && context.Path.Folders[at + 1].ToLowerInvariant() is "albums" or "singles" or "eps"))
        {
            FillFromArtistFolder(context, artist);
        }

        return releaseGroup;
    }

    private static void FillFromArtistFolder(PathContext context, int index)
    {
        var fields = context.Fields;
        var artist = context.Path.Folders[index];
        if (fields.Artist is not null && !TitleCleaner.HasSameLetters(fields.Artist, artist) && TrackArtist.FindEnd(context.Path.Stem, 0, artist) > 0)
        {
            // "elsa-brandt/low-tide/elsa-brandt-gulls": the file repeats the artist, so that the album's dash is a hyphen.
            (fields.Artist, fields.Album) = (null, ReleaseTitle.From(context.GetFolder(context.ItemFolderIndex)!) ?? fields.Album);
        }

        fields.Artist ??= VariousArtists.Normalize(TitleCleaner.Clean(artist));
    }

    // "Album (Year)", "Year - Album", "Artist - Album (Year) [FLAC]"
    private static string? FillFromAlbumFolder(ParsedName folder, MediaFieldsBuilder fields)
    {
        var from = new MediaFieldsBuilder { Year = folder.Fields.Year };
        var name = folder.Name;
        if (name.Count > 1 && name.Number(0) is >= YearReader.MinYear and <= YearReader.MaxYear && name[0].Length == 4 && ((name[1].SeparatorBefore & (Separator.Dash | Separator.Close)) != 0))
        {
            from.Year = name.Number(0);
            from.Disc = AlbumDisc.TryFind(folder, out var discIndex, out var disc) ? disc : null;
            var end = Math.Min(folder.TitleEnd > 1 ? folder.TitleEnd : folder.End, discIndex);
            from.Album = TitleCleaner.Clean(name.RawText(1, end - 1));
        }
        else
        {
            AlbumNameParser.Fill(folder, from);
        }

        (fields.Album, fields.Artist, fields.Year, fields.Disc) = (from.Album, from.Artist, from.Year ?? fields.Year, from.Disc);
        return from.ReleaseGroup;
    }

    private static void FillFromFile(PathContext context, string? releaseGroup)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        var name = parsed.Name;
        (fields.Season, fields.Episodes, fields.Part, fields.Date) = (null, null, null, null);
        if (name.Count == 0)
        {
            return;
        }

        if (name.Count <= 2 && name.Text[0] != '.' && name.Number(name.Count - 1) is > 0 and < 100 and var only && (name.Count == 1 || name.Is(0, "track")))
        {
            (fields.Track, fields.Title) = (only, TitleCleaner.Clean(name.Text));
            return;
        }

        if (name.Count == 1 && name.Word(0) is ['t', 'r', 'a', 'c', 'k', .. { Length: 1 or 2 } counted] && int.TryParse(counted, NumberStyles.None, CultureInfo.InvariantCulture, out var bare))
        {
            (fields.Track, fields.Title) = (bare, TitleCleaner.Clean(name.Text));
            return;
        }

        var from = ReadLeadingNumber(name, fields);
        if (from == 0)
        {
            from = ReadMiddleNumber(name, fields);
        }

        var end = parsed.YearIndex > from && name[parsed.YearIndex].BracketGroup != 0 ? parsed.YearIndex : name.Count;
        var hasSideOnly = from == 0 && releaseGroup is not null && fields.Artist is { } artist && name[0].Length == 1 && TrackArtist.FindEnd(name, 1, artist) > 0;
        if ((from > 0 || hasSideOnly) && TrackArtist.TryReadSceneTrack(name, Math.Max(from, 1), releaseGroup, fields))
        {
            return;
        }

        from = TrackArtist.Skip(context, from, end);

        fields.Title = from < name.Count ? ReadTitle(name, from, end) : null;
        fields.Year ??= parsed.YearIndex >= 0 ? name.Number(parsed.YearIndex) : null;
    }

    private static string? ReadTitle(TokenizedName name, int from, int end)
    {
        var start = from == 0 ? 0 : name[from].Start;
        var to = end < name.Count ? name[end].Start : name.Text.Length;

        // "03 - (Dis)Connect", "03 - (Intro) Tar"; not "03 - (Intro)", whose bracket is round the whole title.
        if (from > 0 && name.Text[start - 1] == '(' && name.Text.AsSpan(start, to - start) is var raw && raw.IndexOf(')') is > 0 and var close && raw[(close + 1)..].ContainsAnyExcept(' ', '('))
        {
            start--;
        }

        return TitleCleaner.Clean(name.Text.AsSpan(start, to - start));
    }

    // "01 - Title", "1-01 Title", "101 Title", "A1 Title"
    private static int ReadLeadingNumber(TokenizedName name, MediaFieldsBuilder fields)
    {
        var number = name.Number(0);
        if (name.Count > 1 && fields.Album is not null && name.Word(0) is [>= 'a' and <= 'h', >= '1' and <= '9'])
        {
            // "A1 Title": side and track of a record.
            fields.Track = name.Word(0)[1] - '0';
            return 1;
        }

        if (name.Count < 2 || number < 0 || name[0].Length > 3 || name[1].SeparatorBefore == Separator.Comma)
        {
            return 0;
        }

        if (name[0].Length <= 2 && name[1].IsAfterTightDash && name[1].IsNumber && name[1].Length == 2 && name.Count > 2)
        {
            (fields.Disc, fields.Track) = (number, name.Number(1));
            return 2;
        }

        if (name[0].Length == 1 && name[1] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 2 } && name.Count > 2 && number > 0)
        {
            (fields.Disc, fields.Track) = (number, name.Number(1));
            return 2;
        }

        if (number > 30 && name[1].SeparatorBefore == Separator.Space && fields.Album is null && name.Word(0)[0] != '0')
        {
            return 0;
        }

        if (name[0].Length == 1 && (name[1].SeparatorBefore & (Separator.Dot | Separator.Dash)) == 0)
        {
            return 0;
        }

        fields.Track = name[0].Length == 3 && number > 100 ? number % 100 : number;
        fields.Disc ??= name[0].Length == 3 && number > 100 ? number / 100 : null;
        return 1;
    }

    // "Artist - 01 - Title", "Artist - Album - 01 - Title"
    private static int ReadMiddleNumber(TokenizedName name, MediaFieldsBuilder fields)
    {
        for (var i = 1; i + 1 < name.Count; i++)
        {
            if (name[i].Length == 2 && name.Number(i) > 0 && name[i].IsAfterSpacedDash && (name[i + 1].IsAfterSpacedDash || name[i + 1].SeparatorBefore == Separator.Space))
            {
                fields.Track = name.Number(i);
                var dash = AlbumNameParser.FindSpacedDash(name, 0, i);
                fields.Artist ??= TitleCleaner.Clean(name.RawText(0, (dash > 0 ? dash : i) - 1));
                fields.Album ??= dash > 0 ? TitleCleaner.Clean(name.RawText(dash, i - 1)) : null;
                return i + 1;
            }
        }

        return 0;
    }
}
