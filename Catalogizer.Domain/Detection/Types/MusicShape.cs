using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Tracks in their folders, and albums as releases.</summary>
internal sealed class MusicShape : IMediaShape
{
    public MediaType Type => MediaType.Music;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        switch (entry.Path.Kind)
        {
            case FileKind.Audio:
                ballot.Cast(entry, NamedPattern.AudioFile);
                break;
            case FileKind.Unknown or FileKind.Archive when !IsFilmed(reading):
                if (HasMusicWords(reading))
                {
                    ballot.Cast(entry, NamedPattern.AlbumRelease, bonus: reading.YearAt >= 0 || reading.DateAt >= 0 ? 0.04 : 0);
                }

                if (AlbumName.IsScene(reading))
                {
                    ballot.Cast(entry, NamedPattern.SceneAlbum);
                }

                break;
        }
    }

    public void Compose(Entry entry)
    {
        if (entry.Path.Kind == FileKind.Audio)
        {
            TrackName.Fill(entry);
        }
        else
        {
            AlbumName.Fill(entry.Reading, entry.Fields);
        }
    }

    private static bool IsFilmed(NameReading reading) => reading.Has(TermKind.Resolution) || reading.Has(TermKind.VideoCodec)
        || reading.Episode is { Pattern.Weight: > 0.84 } || reading.Fields.Source is not (null or "WEB-DL" or "DVD" or "SDTV" or "HDTV");

    private static bool IsMusicCodec(string codec) => codec is "FLAC" or "MP3" or "AAC" or "ALAC" or "APE" or "WAV" or "WavPack" or "Vorbis" or "Opus" or "WMA";

    private static bool HasMusicWords(NameReading reading)
    {
        if (reading.Has(TermKind.AudioCodec))
        {
            return reading.Fields is { AudioChannels: null, AudioCodec: { } codecs } && codecs.Exists(IsMusicCodec);
        }

        var name = reading.Name;
        if (name.Count > 2 && ((name.Is(0, "va") && (name[1].Before & Gap.Dash) != 0) || (name.Is(0, "various") && name.Is(1, "artists"))))
        {
            return true;
        }

        for (var i = reading.Start + 1; i < name.Count; i++)
        {
            if (reading.TermAt(i) is { Kind: TermKind.Music } term && (term.Strength == Strength.Strong || (term.Value is "album" or "all" && i > 0)
                || (name[i].Group != 0 && name[i].IsNumber)))
            {
                return true;
            }
        }

        return reading.Has(TermKind.Music) && reading.YearAt >= 0 && reading.Fields.Source is null or "WEB-DL";
    }
}
