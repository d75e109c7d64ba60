using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>"Artist - Album (2017) [FLAC]", "2017 - Album", and scene releases: "Artist-Album-WEB-2018-GROUP".</summary>
internal static class AlbumNameParser
{
    /// <summary>Whether dashes without spaces separate the parts, and a year and a group end the name.</summary>
    public static bool IsSceneRelease(ParsedName parsed)
    {
        var name = parsed.Name;
        return parsed.Start + 3 < name.Count && FindSceneYear(parsed) is > 0 and var year && FindFirstDash(name, parsed.Start, year) > 0
            && (!name.Text.Contains(' ') || !HasSpacedDash(name, parsed.Start, year)) && name[parsed.Start].BracketGroup == 0;
    }

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        if (name.Count == 0)
        {
            return;
        }

        if (IsSceneRelease(parsed))
        {
            FillSceneRelease(parsed, fields);
            return;
        }

        var start = parsed.Start;
        var last = Math.Max(FindAlbumEnd(parsed, start + 1), start + 1);
        var dash = FindSpacedDash(name, start, last + 1);
        dash = dash > 0 ? dash : FindFirstDash(name, start, last);
        var discography = FindDiscography(parsed);
        if (parsed.YearIndex > start && (name[parsed.YearIndex].SeparatorBefore & Separator.Dash) != 0 && parsed.YearIndex + 1 < name.Count && (name[parsed.YearIndex + 1].SeparatorBefore & (Separator.Dash | Separator.Close)) == (Separator.Dash | Separator.Close))
        {
            // "Artist - [2004] - Album"
            fields.Artist = TitleCleaner.Clean(name.RawText(start, parsed.YearIndex - 1));
            fields.Album = TitleCleaner.Clean(name.RawText(parsed.YearIndex + 1, FindAlbumEnd(parsed, parsed.YearIndex + 2) - 1));
        }
        else
        if (dash > 0 && dash == parsed.YearIndex && (dash + 1 >= name.Count || (name[dash + 1].SeparatorBefore & Separator.Open) != 0) && FindSpacedDash(name, start, dash) < 0 && fields.Artist is null)
        {
            // "Album - 2004"
            fields.Album = TitleCleaner.Clean(name.RawText(start, dash - 1));
        }
        else if (dash < 0 || (discography > 0 && discography < dash))
        {
            fields.Artist = discography > 0 ? TitleCleaner.Clean(name.RawText(start, discography - 1)) : fields.Artist;
            fields.Album = TitleCleaner.Clean(name.RawText(start, FindAlbumEnd(parsed, start + 1) - 1));
        }
        else
        {
            fields.Artist = TitleCleaner.Clean(name.RawText(start, dash - 1));
            var album = name.Number(dash) == fields.Year && dash + 1 < name.Count && name[dash + 1].IsAfterSpacedDash ? dash + 1 : dash;
            fields.Album = TitleCleaner.Clean(name.RawText(album, FindAlbumEnd(parsed, album + 1) - 1));
        }

        fields.Title = fields.Album;
        fields.Source = null;
        fields.Episodes = null;
    }

    // An album title ends at a bracket, a year or date, or a release word.
    private static int FindAlbumEnd(ParsedName parsed, int from)
    {
        var end = from;
        while (end < parsed.End && (parsed.Name[end].SeparatorBefore & Separator.Open) == 0 && parsed.RoleAt(end) is not (TokenRole.Year or TokenRole.Date)
            && !(parsed.TermAt(end) is { } term && (term.Strength == TermStrength.Strong || (term.Kind == TermKind.Music && HasOnlyTermsToEnd(parsed, end)))))
        {
            end++;
        }

        return end;
    }

    private static bool HasOnlyTermsToEnd(ParsedName parsed, int i)
    {
        if (parsed.TermAt(i) is { Value: "album" or "all" })
        {
            return false;
        }

        while (i < parsed.End && parsed.RoleAt(i) is TokenRole.Term or TokenRole.Year)
        {
            i++;
        }

        return i >= parsed.End;
    }

    private static void FillSceneRelease(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        var year = FindSceneYear(parsed);
        var dash = FindSpacedDash(name, parsed.Start, year);
        dash = dash > 0 ? dash : FindFirstDash(name, parsed.Start, year);
        var end = dash + 1;
        while (end < year && !(name[end].IsAfterTightDash || name[end].IsAfterSpacedDash || ((name[end].SeparatorBefore & Separator.Dash) != 0 && (name[end].SeparatorBefore & (Separator.Open | Separator.Close)) != 0)))
        {
            end++;
        }

        fields.Artist = TitleCleaner.Clean(name.RawText(parsed.Start, dash - 1));
        fields.Album = TitleCleaner.Clean(name.Text.AsSpan(name[dash].Start, name[Math.Min(end, name.Count - 1)].Start - name[dash].Start).TrimEnd("-_( "));
        if (parsed.TermAt(dash) is { Kind: TermKind.Music or TermKind.AudioBook })
        {
            (fields.Album, fields.Artist) = (fields.Artist, null);
        }

        fields.Title = fields.Album;
        fields.Year = name[year].Length == 4 && parsed.DateIndex < 0 ? name.Number(year) : null;
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

        fields.ReleaseGroup = group <= last && group > year ? name.RawText(group, last).ToString() : fields.ReleaseGroup;
        fields.Source = null;
    }

    // The year, or the start of a date, with a dash before it and the group after it; -1 without one.
    private static int FindSceneYear(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.End - 2; i > parsed.Start + 1 && i > parsed.End - 7; i--)
        {
            if (!name[i + 1].IsAfterTightDash)
            {
                continue;
            }

            if (name[i].IsAfterTightDash && name[i].Length == 4 && name.Number(i) is >= 1940 and <= YearReader.MaxYear)
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

    private static int FindFirstDash(TokenizedName name, int start, int end)
    {
        for (var i = start + 1; i < end && i < name.Count; i++)
        {
            if ((name[i].IsAfterTightDash && name[i - 1].Length > 1) || name[i].IsAfterSpacedDash)
            {
                return i;
            }
        }

        return -1;
    }

    public static int FindSpacedDash(TokenizedName name, int start, int end)
    {
        for (var i = start + 1; i < end && i < name.Count; i++)
        {
            if (name[i].IsAfterSpacedDash && (name[i].SeparatorBefore & Separator.Open) == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HasSpacedDash(TokenizedName name, int start, int end)
    {
        var dash = FindSpacedDash(name, start, end);
        return dash > 0 && (name[dash].SeparatorBefore & Separator.Space) != 0;
    }

    private static int FindDiscography(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Music, Value: "all" })
            {
                return i;
            }
        }

        return -1;
    }
}
