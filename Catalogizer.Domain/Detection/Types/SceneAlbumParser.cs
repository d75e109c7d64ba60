using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Scene releases, "Artist-Album-WEB-2018-GROUP", also with brackets around a field: "(artist)-album-(cat001)-vinyl-2006-group".</summary>
internal static class SceneAlbumParser
{
    /// <summary>Whether dashes without spaces separate the parts, and a year and a group end the name.</summary>
    public static bool IsSceneRelease(ParsedName parsed)
    {
        var name = parsed.Name;
        var start = FindStart(parsed);
        return start + 3 < name.Count && FindYear(parsed) is > 0 and var year && FindAlbum(parsed, start, year) is > 0 and var album && album < year
            && (!name.Text.Contains(' ') || !HasSpacedDash(name, start, year)) && (start == 0 || name[start].BracketGroup == 0);
    }

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        var year = FindYear(parsed);
        var start = FindStart(parsed);
        var album = FindAlbum(parsed, start, year);
        var artistEnd = album;
        var end = FindNextField(name, album, year);
        if (IsCatalogNumber(name, album, end) && end < year && !IsSource(parsed, end, FindNextField(name, end, year)))
        {
            (album, end) = (end, FindNextField(name, end, year));
        }

        fields.Artist = VariousArtists.Normalize(TitleCleaner.Clean(name.Text.AsSpan(name[start].Start, name[artistEnd].Start - name[start].Start)));
        fields.Album = ReadAlbum(name, album, end);
        if (IsSource(parsed, album, end))
        {
            (fields.Album, fields.Artist) = (fields.Artist, null);
        }

        fields.Title = fields.Album;
        fields.Year = name[year].Length == 4 && parsed.DateIndex < 0 ? name.Number(year) : null;
        fields.ReleaseGroup = ReadGroup(parsed, year) ?? fields.ReleaseGroup;
        fields.Source = null;
    }

    /// <summary>Whether a dash separates the word from the one before, with at most a bracket between them.</summary>
    public static bool StartsField(TokenizedName name, int i) => (name[i].SeparatorBefore & (Separator.Dash | Separator.Space)) == Separator.Dash;

    // An artist in brackets looks like a group in front: "(artist)-album-…".
    private static int FindStart(ParsedName parsed)
    {
        var name = parsed.Name;
        if (name.Count == 0 || name[0].BracketGroup == 0 || parsed.TermAt(0) is { Strength: TermStrength.Strong })
        {
            return parsed.Start;
        }

        var next = name.FindBracketEnd(0) + 1;
        return next < name.Count && StartsField(name, next) ? 0 : parsed.Start;
    }

    private static int FindAlbum(ParsedName parsed, int start, int year)
    {
        var name = parsed.Name;
        if (name[start].BracketGroup != 0)
        {
            return name.FindBracketEnd(start) + 1;
        }

        var dash = AlbumNameParser.FindSpacedDash(name, start, year);
        for (var i = start + 1; dash < 0 && i < year; i++)
        {
            // "A-ha-Album": a single letter is no artist.
            dash = StartsField(name, i) && (name[i - 1].Length > 1 || !name[i].IsAfterTightDash) ? i : dash;
        }

        return dash;
    }

    private static int FindNextField(TokenizedName name, int i, int year)
    {
        do
        {
            i++;
        }
        while (i < year && (name[i].SeparatorBefore & Separator.Dash) == 0);

        return i;
    }

    private static bool IsCatalogNumber(TokenizedName name, int first, int end) =>
        end == first + 1 && name[first] is { BracketGroup: not 0, Kind: TokenKind.Mixed };

    private static bool IsSource(ParsedName parsed, int first, int end) =>
        parsed.TermAt(first) is { Kind: TermKind.Music or TermKind.AudioBook or TermKind.Source } && parsed.TermLength(first) == end - first;

    private static string? ReadAlbum(TokenizedName name, int album, int end) => TitleCleaner.Clean(name[album].BracketGroup != 0
        ? name.RawText(album, end - 1)
        : name.Text.AsSpan(name[album].Start, name[Math.Min(end, name.Count - 1)].Start - name[album].Start).TrimEnd("-_( "));

    private static string? ReadGroup(ParsedName parsed, int year)
    {
        var name = parsed.Name;
        var last = parsed.End - 1;
        var group = last;
        while (group > year + 1 && !name[group].IsAfterTightDash)
        {
            group--;
        }

        if (last > group && parsed.TermAt(last) is { Kind: TermKind.Language } && name[last].SeparatorBefore == Separator.Underscore)
        {
            last--;
        }

        return group <= last && group > year ? name.RawText(group, last).ToString() : null;
    }

    // The year, or the start of a date, with a dash before it and the group after it; -1 without one.
    private static int FindYear(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.End - 2; i > parsed.Start + 1 && i > parsed.End - 7; i--)
        {
            if (!name[i + 1].IsAfterTightDash)
            {
                continue;
            }

            if (name[i].SeparatorBefore is Separator.Dash or (Separator.Dash | Separator.Close) && name[i].Length == 4 && name.Number(i) is >= 1940 and <= YearReader.MaxYear)
            {
                return i;
            }

            if (parsed.DateEndIndex == i && (name[parsed.DateIndex].SeparatorBefore & Separator.Dash) != 0)
            {
                return parsed.DateIndex;
            }
        }

        return -1;
    }

    private static bool HasSpacedDash(TokenizedName name, int start, int end)
    {
        var dash = AlbumNameParser.FindSpacedDash(name, start, end);
        return dash > 0 && (name[dash].SeparatorBefore & Separator.Space) != 0;
    }
}
