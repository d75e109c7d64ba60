using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>"Artist - Album (2017) [FLAC]", "2017 - Album", "Album (Disc 2)", and scene releases.</summary>
internal static class AlbumNameParser
{
    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        if (name.Count == 0)
        {
            return;
        }

        if (SceneAlbumParser.IsSceneRelease(parsed))
        {
            SceneAlbumParser.Fill(parsed, fields);
            return;
        }

        var start = parsed.Start;
        fields.Disc = AlbumDisc.TryFind(parsed, out var discIndex, out var disc) ? disc : fields.Disc;
        var last = Math.Max(FindAlbumEnd(parsed, start + 1, discIndex), start + 1);
        var dash = FindSpacedDash(name, start, Math.Min(last + 1, discIndex));
        dash = dash > 0 ? dash : FindFirstDash(name, start, last);
        var discography = FindDiscography(parsed);
        if (parsed.YearIndex > start && (name[parsed.YearIndex].SeparatorBefore & Separator.Dash) != 0 && parsed.YearIndex + 1 < name.Count && (name[parsed.YearIndex + 1].SeparatorBefore & (Separator.Dash | Separator.Close)) == (Separator.Dash | Separator.Close))
        {
            // "Artist - [2004] - Album"
            fields.Artist = TitleCleaner.Clean(name.RawText(start, parsed.YearIndex - 1));
            fields.Album = TitleCleaner.Clean(name.RawText(parsed.YearIndex + 1, FindAlbumEnd(parsed, parsed.YearIndex + 2, discIndex) - 1));
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
            fields.Album = TitleCleaner.Clean(name.RawText(start, FindAlbumEnd(parsed, start + 1, discIndex) - 1));
        }
        else
        {
            fields.Artist = TitleCleaner.Clean(name.RawText(start, dash - 1));
            var album = name.Number(dash) == fields.Year && dash + 1 < name.Count && name[dash + 1].IsAfterSpacedDash ? dash + 1 : dash;
            fields.Album = TitleCleaner.Clean(name.RawText(album, FindAlbumEnd(parsed, album + 1, discIndex) - 1));
        }

        fields.Artist = VariousArtists.Normalize(fields.Artist);
        fields.Title = fields.Album;
        fields.Source = null;
        fields.Episodes = null;
    }

    // An album title ends at a bracket, a year or date, the disc, or a release word.
    private static int FindAlbumEnd(ParsedName parsed, int from, int disc)
    {
        var end = from;
        while (end < parsed.End && (parsed.Name[end].SeparatorBefore & Separator.Open) == 0 && parsed.RoleAt(end) is not (TokenRole.Year or TokenRole.Date)
            && end < disc && !(parsed.TermAt(end) is { } term && (term.Strength == TermStrength.Strong || (term.Kind == TermKind.Music && HasOnlyTermsToEnd(parsed, end)))))
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
