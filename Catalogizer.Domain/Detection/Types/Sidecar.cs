using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Files that belong beside another: subtitles, artwork, NFO and the like. They take their owner's type.</summary>
internal static class Sidecar
{
    private const int MostTags = 5;

    /// <summary>How sure a sidecar's owner is.</summary>
    public const double Weight = 0.9;

    /// <summary>The owner's type; null for a file that is none.</summary>
    public static MediaType? TryRead(Entry entry)
    {
        var kind = Of(entry.Path, entry.Shelf);
        if (kind is null)
        {
            return null;
        }

        var fields = entry.Fields;
        var reading = entry.Reading;
        fields.Sidecar = kind;
        var type = MediaType.Other;
        if (kind == "subtitle")
        {
            ReadLanguages(entry.Path.Tagged, fields);
        }

        if (reading.Episode is not null || reading.DateAt >= 0)
        {
            type = MediaType.TvShow;
        }
        else if (reading.YearAt >= 0 || FilmShape.LooksFilmed(reading))
        {
            type = MediaType.Movie;
        }

        else if (LiesInSeason(entry.Path))
        {
            type = MediaType.TvShow;
        }

        type = entry.Shelf ?? type;
        TakeOwner(entry);
        reading.Say("sidecar", kind, 0.95, "sidecar file", 0, entry.Path.Stem.Count - 1);
        return type;
    }

    public static string? Of(MediaPath path, MediaType? shelf) => path.Kind switch
    {
        FileKind.Subtitle => "subtitle",
        FileKind.Metadata or FileKind.Companion => "metadata",
        FileKind.Image when shelf is not (null or MediaType.Photo or MediaType.Comic) || (shelf is null && IsArtwork(path.Stem)) => "artwork",
        _ => null,
    };

    /// <summary>poster, folder, "Movie (1999)-fanart", season01-poster, …</summary>
    public static bool IsArtwork(NameText stem)
    {
        var last = stem.Count - 1;
        return last >= 0 && IsArtworkWord(stem.Word(last).TrimEnd("0123456789"))
            && (last == 0 || (stem[last].Before & (Gap.Dash | Gap.Dot | Gap.Underscore)) != 0 || stem.Count == 2);
    }

    public static bool IsArtworkWord(ReadOnlySpan<char> word) => word is "poster" or "folder" or "cover" or "fanart" or "backdrop" or "banner" or "logo"
        or "clearlogo" or "clearart" or "landscape" or "thumb" or "background" or "front" or "back" or "albumart" or "albumartsmall" or "discart" or "keyart"
        or "art" or "artist" or "characterart" or "screenshot" or "tn" or "booklet" or "cdart" or "disc";

    // "English.srt", "poster.jpg" and "movie.nfo" say nothing of their owner: the folder does.
    private static void TakeOwner(Entry entry)
    {
        var fields = entry.Fields;
        var folder = entry.FirstFolder;
        if (folder >= 0 && SaysNothing(entry.Path.Stem))
        {
            var owner = entry.Folder(folder)!;
            fields.Title = ReleaseTitle.Of(owner);
            fields.Year ??= owner.Fields.Year;
        }

        fields.Title ??= ReleaseTitle.Of(entry.Reading) ?? TitleText.Clean(entry.Path.Stem.Text) ?? TitleText.Readable(entry.Path.Tagged.Text);
    }

    // "Show/Season 1/02.srt", "Show/Season 1/Subs/02.srt"
    private static bool LiesInSeason(MediaPath path) =>
        SeasonFolders.TryRead(path.Folder(0), out _) || SeasonFolders.TryRead(path.Folder(1), out _);

    private static bool SaysNothing(NameText stem)
    {
        for (var i = 0; i < stem.Count; i++)
        {
            var word = stem.Word(i);
            if (!(stem[i].IsNumber || SubtitleTags.IsTag(word) || IsArtworkWord(word) || EpisodeWords.TrySeasonWord(word, out _) || word is "specials" or "movie" or "tvshow" or "season" or "album" or "index" or "playlist"))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadLanguages(NameText stem, FieldsDraft fields)
    {
        string? impaired = null;
        for (var i = Math.Max(stem.Count == 1 ? 0 : 1, stem.Count - MostTags); i < stem.Count; i++)
        {
            var word = stem.Word(i);
            if (!LanguageTerms.TryCode(word, out var code) || (i > 0 && (stem[i].Before & (Gap.Dot | Gap.Underscore | Gap.Open | Gap.Dash)) == 0))
            {
                continue;
            }

            if (word is "hi")
            {
                impaired = code;
            }
            else
            {
                FieldsDraft.Add(ref fields.Languages, code);
            }
        }

        if (fields.Languages is null && impaired is not null)
        {
            FieldsDraft.Add(ref fields.Languages, impaired);
        }
    }
}
