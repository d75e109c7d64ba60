using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Sound tracks and fonts that accompany a film or an episode. Elsewhere such files are music, programs or plain files.</summary>
internal static class Companions
{
    public static bool Matches(PathContext context) => context.Path.Kind switch
    {
        FileKind.Audio => IsStreamFile(context.Path.Extension) && (IsBelowVideos(context) || (context.FolderType is null && IsNamedLikeVideo(context))),
        FileKind.Font => IsBelowVideos(context) || (context.FolderType is null && IsFontFolder(context.Path.GetFolder(0)) && context.Path.Folders.Count > 1),
        FileKind.Archive => FindFontWord(context.Path.Stem) is >= 0 and var word
            && (IsBelowVideos(context) || (context.FolderType is null && word > 0 && IsNamedLikeVideo(context))),
        _ => false,
    };

    /// <summary>Index of the word that says that an archive holds fonts: "Title [Fonts]", "Title - Fonts"; -1 without one.</summary>
    public static int FindFontWord(TokenizedName name)
    {
        for (var i = 0; i < name.Count; i++)
        {
            if (name.Word(i) is "fonts" or "font" && (i == name.Count - 1 || ((name[i].SeparatorBefore & Separator.Open) != 0 && name.FindBracketEnd(i) == i)))
            {
                return i;
            }
        }

        return -1;
    }

    // Tracks taken out of a film. Albums are hardly ever kept in these formats.
    private static bool IsStreamFile(string extension) => extension is "mka" or "ac3" or "eac3" or "dts" or "dtshd" or "thd";

    private static bool IsBelowVideos(PathContext context) => context.FolderType is MediaType.Movie or MediaType.TvShow;

    private static bool IsNamedLikeVideo(PathContext context) => context.ParsedName is var parsed
        && (parsed.Episode is { Episodes: not null } || parsed.LeadingGroup is not null || FilmClassifier.HasVideoTerms(parsed));

    private static bool IsFontFolder(TokenizedName? folder) => folder is { Count: 1 } && folder.Word(0) is "fonts" or "font";
}
