using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Files that belong beside another: subtitles, artwork, NFO and the like. They take their owner's type.</summary>
internal static class Sidecar
{
    private const int MostTags = 5;

    public static Verdict? TryRead(Entry entry)
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
            ReadLanguages(entry.Path.Stem, fields);
        }

        if (reading.Episode is not null || reading.DateAt >= 0)
        {
            type = MediaType.TvShow;
        }
        else if (reading.YearAt >= 0 || FilmShape.LooksFilmed(reading))
        {
            type = MediaType.Movie;
        }

        type = entry.Shelf ?? type;
        fields.Title = ReleaseTitle.Of(reading) ?? TitleText.Clean(entry.Path.Stem.Text) ?? entry.Path.Stem.Text;
        reading.Say("sidecar", kind, 0.95, "sidecar file", 0, entry.Path.Stem.Count - 1);
        IReadOnlyList<Clue> clues = reading.Clues is { } read ? read : [];
        return new Verdict(type, 0.9, fields.Build(), clues);
    }

    public static string? Of(MediaPath path, MediaType? shelf) => path.Kind switch
    {
        FileKind.Subtitle => "subtitle",
        FileKind.Metadata or FileKind.Companion => "metadata",
        FileKind.Image when shelf != MediaType.Photo && IsArtwork(path.Stem) => "artwork",
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

    /// <summary>A tag between the owner's stem and the extension: a language or a kind of subtitle.</summary>
    public static bool IsTag(ReadOnlySpan<char> word) => word is "forced" or "default" or "sdh" or "cc" or "hi" or "full" or "foreign" or "signs" or "songs"
        or "closedcaptions" or "commentary" || LanguageTerms.TryCode(word, out _);

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
