using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Reads the marks of the film, series or album itself, and the letter or fraction of an episode. A year or an id behind an episode's number belongs to
/// the episode, and a year in a track's name to the track: they say nothing of the series or album.
/// </summary>
internal static class ItemMarkReader
{
    public static void Fill(PathContext context, MediaType type)
    {
        var fields = context.Fields;
        fields.TvdbId ??= FindFolderTvdbId(context);
        fields.Marks = type switch
        {
            MediaType.TvShow => ReadSeries(context),
            MediaType.Music => new ItemMarks(ReadAlbumYear(context), null, null, null),
            _ => new ItemMarks(fields.Year, fields.ImdbId, fields.TmdbId, fields.TvdbId),
        };
        fields.EpisodePart = type == MediaType.TvShow && context.ParsedName.Episode is { Episodes.Count: 1 } episode ? ReadEpisodePart(context.ParsedName.Name, episode) : null;
    }

    private static ItemMarks ReadSeries(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        var last = parsed.Episode?.First ?? parsed.Name.Count;
        var hasEpisodeYear = parsed.YearIndex > last;
        var hasEpisodeId = HasId(parsed, last);
        var show = hasEpisodeYear || hasEpisodeId ? FindShowFolder(context) : null;
        return new ItemMarks(
            hasEpisodeYear ? show?.Year : fields.Year,
            hasEpisodeId ? show?.ImdbId : fields.ImdbId, hasEpisodeId ? show?.TmdbId : fields.TmdbId, hasEpisodeId ? show?.TvdbId : fields.TvdbId);
    }

    private static bool HasId(ParsedName parsed, int from)
    {
        for (var i = from; i < parsed.Name.Count; i++)
        {
            if (parsed.RoleAt(i) == TokenRole.Id)
            {
                return true;
            }
        }

        return false;
    }

    private static int? ReadAlbumYear(PathContext context)
    {
        var (parsed, year) = (context.ParsedName, context.Fields.Year);
        if (context.Path.Kind != FileKind.Audio || year is null || parsed.YearIndex < 0 || parsed.Name.Number(parsed.YearIndex) != year)
        {
            return year;
        }

        // The track has the same year in its name; the album has it only if its folder says so too.
        var folder = context.ItemFolderIndex;
        Span<char> digits = stackalloc char[8];
        year.Value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return folder >= 0 && context.Path.Folders[folder].AsSpan().IndexOf(digits[..length]) >= 0 ? year : null;
    }

    private static int? FindFolderTvdbId(PathContext context)
    {
        // Names with such an id are few, and other folders need not be parsed for it.
        for (var i = 0; i < context.Path.Folders.Count && i < 4; i++)
        {
            if (context.Path.Folders[i].Contains("tvdb", StringComparison.OrdinalIgnoreCase)
                && context.GetFolder(i) is { Fields.TvdbId: { } id } folder && HasTitleOf(folder, context))
            {
                return id;
            }
        }

        return null;
    }

    private static MediaFieldsBuilder? FindShowFolder(PathContext context)
    {
        for (var i = context.FindItemFolder(0); i >= 0 && i < 3; i = context.FindItemFolder(i + 1))
        {
            if (context.GetFolder(i) is { Episode: null } show && HasTitleOf(show, context))
            {
                return show.Fields;
            }
        }

        return null;
    }

    private static bool HasTitleOf(ParsedName folder, PathContext context) =>
        context.Fields.Title is { } title && ReleaseTitle.From(folder) is { } name && TitleCleaner.HasSameLetters(name, title);

    // "s01e01a" is "a", "12.5" is ".5"; the halves of one file, "s01e01a-s01e01b", are none.
    private static string? ReadEpisodePart(TokenizedName name, EpisodePatternResult episode)
    {
        string? part = null;
        for (var i = episode.First; i <= episode.Last; i++)
        {
            if (name.Word(i) is [.., >= '0' and <= '9', >= 'a' and <= 'c' and var letter])
            {
                if (part is not null)
                {
                    return null;
                }

                part = letter switch { 'a' => "a", 'b' => "b", _ => "c" };
            }
        }

        return part ?? ReadFraction(name, episode.Last) ?? ReadFraction(name, episode.Last + 1);
    }

    private static string? ReadFraction(TokenizedName name, int i)
    {
        var isFraction = i > 0 && i < name.Count && name[i] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } && name.Number(i) > 0
            && name.Word(i - 1) is [.., >= '0' and <= '9']
            && (i + 1 == name.Count || name[i + 1].SeparatorBefore is not (Separator.Dot or Separator.Dash));
        return isFraction ? $".{name.Word(i)}" : null;
    }
}
