using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Files that accompany another file: subtitles, artwork, NFO and the like. They get their owner's type.</summary>
internal static class Sidecar
{
    private const int MaxTags = 5;

    /// <summary>Confidence of the verdict for a sidecar file.</summary>
    public const double Confidence = 0.9;

    /// <summary>Fills the fields and returns the owner's type; null when the file is not a sidecar file.</summary>
    public static MediaType? TryRead(PathContext context)
    {
        var kind = FindKind(context) ?? (Companions.Matches(context) ? "metadata" : null);
        if (kind is null)
        {
            return null;
        }

        var fields = context.Fields;
        var parsed = context.ParsedName;
        fields.Sidecar = kind;
        var type = MediaType.Other;
        if (context.Path.Kind == FileKind.Archive && Companions.FindFontWord(parsed.Name) is > 0 and var fonts)
        {
            parsed.TitleEnd = Math.Min(parsed.TitleEnd, fonts);
        }

        if (kind == "subtitle" || context.Path.Kind == FileKind.Audio)
        {
            ReadLanguages(context.Path.StemWithTags, fields);
        }

        if (parsed.Episode is not null || parsed.DateIndex >= 0)
        {
            type = MediaType.TvShow;
        }
        else if (parsed.YearIndex >= 0 || FilmClassifier.HasVideoTerms(parsed))
        {
            type = MediaType.Movie;
        }

        else if (IsInSeasonFolder(context.Path))
        {
            type = MediaType.TvShow;
        }

        type = context.GameFolder is null && !context.IsInRomFolder ? context.FolderType ?? type : MediaType.Game;
        SetTitleFromOwner(context, type);
        parsed.AddClue("sidecar", kind, 0.95, "sidecar file", 0, context.Path.Stem.Count - 1);
        return type;
    }

    private static string? FindKind(PathContext context) => context.GameFolder is null
        ? FindKind(context.Path, context.FolderType) ?? (context.IsInRomFolder
            && context.Path.Kind is FileKind.Video or FileKind.Audio or FileKind.Image or FileKind.Document ? "artwork" : null)
        : context.Path.Kind != FileKind.Image || IsArtwork(context.Path.Stem) ? FindKind(context.Path, MediaType.Game) : null;

    private static string? FindKind(MediaPath path, MediaType? folderType) => path.Kind switch
    {
        FileKind.Subtitle => "subtitle",
        FileKind.Metadata or FileKind.Companion => "metadata",
        FileKind.Image when folderType is not (null or MediaType.Photo or MediaType.Comic) || (folderType is null && IsArtwork(path.Stem)) => "artwork",
        _ => null,
    };

    /// <summary>poster, folder, "Movie (1999)-fanart", season01-poster, …</summary>
    public static bool IsArtwork(TokenizedName stem)
    {
        var last = stem.Count - 1;
        return last >= 0 && IsArtworkWord(stem.Word(last).TrimEnd("0123456789"))
            && (last == 0 || (stem[last].SeparatorBefore & (Separator.Dash | Separator.Dot | Separator.Underscore)) != 0 || stem.Count == 2);
    }

    public static bool IsArtworkWord(ReadOnlySpan<char> word) => word is "poster" or "folder" or "cover" or "fanart" or "backdrop" or "banner" or "logo"
        or "clearlogo" or "clearart" or "landscape" or "thumb" or "background" or "front" or "back" or "albumart" or "albumartsmall" or "discart" or "keyart"
        or "art" or "artist" or "characterart" or "screenshot" or "tn" or "booklet" or "cdart" or "disc";

    // "English.srt", "poster.jpg" and "movie.nfo" do not name their owner; the folder does.
    private static void SetTitleFromOwner(PathContext context, MediaType type)
    {
        var fields = context.Fields;
        if (context.GameFolder is { } game)
        {
            fields.Title = GamePart.GetTitle(game);
            return;
        }

        var folder = context.ItemFolderIndex;
        while (folder >= 0 && SeasonFolders.TryRead(context.Path.GetFolder(folder), out _))
        {
            folder = context.FindItemFolder(folder + 1);
        }

        if (folder >= 0 && (context.Path.Kind == FileKind.Font || IsGenericName(context.Path.Stem)))
        {
            var owner = context.GetFolder(folder)!;
            fields.Title = ReadTitle(owner, type);
            fields.Year ??= owner.Fields.Year;
        }

        fields.Title ??= ReadTitle(context.ParsedName, type) ?? TitleCleaner.Clean(context.Path.Stem.Text) ?? TitleCleaner.MakeReadable(context.Path.StemWithTags.Text);
    }

    private static string? ReadTitle(ParsedName parsed, MediaType type) =>
        type is MediaType.Movie or MediaType.TvShow ? ReleaseTitle.FromVideo(parsed) : ReleaseTitle.From(parsed);

    // "Show/Season 1/02.srt", "Show/Season 1/Subs/02.srt"
    private static bool IsInSeasonFolder(MediaPath path) =>
        SeasonFolders.TryRead(path.GetFolder(0), out _) || SeasonFolders.TryRead(path.GetFolder(1), out _);

    private static bool IsGenericName(TokenizedName stem)
    {
        for (var i = 0; i < stem.Count; i++)
        {
            var word = stem.Word(i);
            if (!(stem[i].IsNumber || SubtitleTags.IsTag(word) || IsArtworkWord(word) || word is "fonts" or "font" || EpisodeTerms.TryReadSeason(word, out _) || word is "specials" or "movie" or "tvshow" or "season" or "album" or "index" or "playlist"))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadLanguages(TokenizedName stem, MediaFieldsBuilder fields)
    {
        string? hearingImpaired = null;
        for (var i = Math.Max(stem.Count == 1 ? 0 : 1, stem.Count - MaxTags); i < stem.Count; i++)
        {
            var word = stem.Word(i);
            if (!LanguageTerms.TryGetCode(word, out var code) || (i > 0 && (stem[i].SeparatorBefore & (Separator.Dot | Separator.Underscore | Separator.Open | Separator.Dash)) == 0))
            {
                continue;
            }

            if (word is "hi")
            {
                hearingImpaired = code;
            }
            else
            {
                MediaFieldsBuilder.Add(ref fields.Languages, code);
            }
        }

        if (fields.Languages is null && hearingImpaired is not null)
        {
            MediaFieldsBuilder.Add(ref fields.Languages, hearingImpaired);
        }
    }
}
