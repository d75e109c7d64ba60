using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Tracks in their folders, and albums as releases.</summary>
internal sealed class MusicClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Music;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        switch (context.Path.Kind)
        {
            case FileKind.Audio:
                votes.Add(context, NamedPattern.AudioFile);
                break;
            case FileKind.Unknown or FileKind.Archive when !IsVideo(parsed):
                if (HasMusicTerms(parsed))
                {
                    votes.Add(context, NamedPattern.AlbumRelease, bonus: parsed.YearIndex >= 0 || parsed.DateIndex >= 0 ? 0.04 : 0);
                }

                if (SceneAlbumParser.IsSceneRelease(parsed))
                {
                    votes.Add(context, NamedPattern.SceneAlbum);
                }

                break;
        }
    }

    public void FillFields(PathContext context)
    {
        if (context.Path.Kind == FileKind.Audio)
        {
            TrackNameParser.Fill(context);
        }
        else
        {
            AlbumNameParser.Fill(context.ParsedName, context.Fields);
        }
    }

    private static bool IsVideo(ParsedName parsed) => parsed.HasTerm(TermKind.Resolution) || parsed.HasTerm(TermKind.VideoCodec)
        || parsed.Episode is { Pattern.Weight: > 0.84 } || parsed.Fields.Source is not (null or "WEB-DL" or "DVD" or "SDTV" or "HDTV");

    private static bool IsMusicCodec(string codec) => codec is "FLAC" or "MP3" or "AAC" or "ALAC" or "APE" or "WAV" or "WavPack" or "Vorbis" or "Opus" or "WMA";

    private static bool HasMusicTerms(ParsedName parsed)
    {
        if (parsed.HasTerm(TermKind.AudioCodec))
        {
            return parsed.Fields is { AudioChannels: null, AudioCodec: { } codecs } && codecs.Exists(IsMusicCodec);
        }

        var name = parsed.Name;
        if (name.Count > 2 && ((name.Is(0, "va") && (name[1].SeparatorBefore & Separator.Dash) != 0) || (name.Is(0, "various") && name.Is(1, "artists"))))
        {
            return true;
        }

        for (var i = parsed.Start + 1; i < name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Music } term && (term.Strength == TermStrength.Strong || (term.Value is "album" or "all" && i > 0)
                || (name[i].BracketGroup != 0 && name[i].IsNumber)))
            {
                return true;
            }
        }

        return parsed.HasTerm(TermKind.Music) && parsed.YearIndex >= 0 && parsed.Fields.Source is null or "WEB-DL";
    }
}
