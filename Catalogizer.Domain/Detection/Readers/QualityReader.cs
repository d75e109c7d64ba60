using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Turns the lexicon's words behind the title into fields. The first resolution and video codec stand; of sources
/// a remux stands above what it was made from.</summary>
internal sealed class QualityReader : IClueReader
{
    // The vocabulary's field of each kind of term that explanations name.
    private static readonly string?[] Words = Facts();

    public void Read(NameReading reading)
    {
        for (var i = 0; i < reading.Name.Count; i++)
        {
            if (reading.TermWords(i) == 0)
            {
                continue;
            }

            if (Counts(reading, i))
            {
                var term = reading.TermAt(i)!;
                reading.Kinds |= 1UL << (int)term.Kind;
                Note(reading, term, i);
            }
            else if (i >= reading.TitleEnd)
            {
                // A word of the episode's own title, and no sign of a group behind it.
                reading.SetMark(i, i + reading.TermWords(i) - 1, Mark.None);
            }
        }
    }

    private static bool Counts(NameReading reading, int i)
    {
        if (i < reading.TitleEnd)
        {
            return i < reading.Start && reading.Name[i].Group != 0 && reading.TermAt(i)!.Strength == Strength.Strong;
        }

        // An episode's own title stands between its number and the release words.
        var term = reading.TermAt(i)!;
        return term.Strength switch
        {
            Strength.Strong => true,
            _ when reading.Name[i].Group != 0 => true,
            _ when reading.Episode is null && reading.DateAt < 0 => true,
            _ => i >= reading.Zone || LeadsUp(reading, i),
        };
    }

    private static bool LeadsUp(NameReading reading, int i)
    {
        while (i < reading.End && reading.MarkAt(i) == Mark.Term && reading.TermAt(i)!.Strength != Strength.Strong)
        {
            i++;
        }

        return i < reading.End ? reading.MarkAt(i) != Mark.None : !reading.Name.Text.Contains(' ') || OnlyTermsBehindEpisode(reading);
    }

    // "Title S01E02 German": nothing but release words follow. "Title - S01E02 - Speaking German": they are a title.
    private static bool OnlyTermsBehindEpisode(NameReading reading)
    {
        var first = Math.Max(reading.Episode?.Last ?? 0, reading.DateEnd) + 1;
        for (var i = first; i < reading.End; i++)
        {
            if (reading.Name[first].AfterSpacedDash || reading.MarkAt(i) == Mark.None)
            {
                return false;
            }
        }

        return true;
    }

    private static void Note(NameReading reading, Term term, int i)
    {
        var fields = reading.Fields;
        switch (term.Kind)
        {
            case TermKind.Resolution:
                fields.Resolution = Better(reading, fields.Resolution, term, i);
                break;
            case TermKind.Source:
                fields.Source = BetterSource(reading, fields.Source, term, i);
                break;
            case TermKind.VideoCodec:
                fields.VideoCodec ??= term.Value;
                break;
            case TermKind.AudioCodec:
                FieldsDraft.Add(ref fields.AudioCodec, term.Value);
                fields.AudioChannels ??= term.Channels;
                break;
            case TermKind.Channels:
                fields.AudioChannels ??= FollowsAudio(reading, i) ? term.Value : null;
                break;
            case TermKind.Hdr:
                FieldsDraft.Add(ref fields.Hdr, term.Value);
                break;
            case TermKind.Edition:
                FieldsDraft.Add(ref fields.Edition, term.Value);
                break;
            case TermKind.Platform:
                FieldsDraft.Add(ref fields.Platform, term.Value);
                break;
            case TermKind.BitDepth:
                fields.BitDepth ??= term.Value is "8" ? 8 : term.Value is "12" ? 12 : 10;
                break;
            case TermKind.Extra:
                fields.Extra ??= i > reading.YearAt && (reading.YearAt >= 0 || i > reading.Zone) ? term.Value : null;
                break;
            case TermKind.ThreeD:
                fields.Is3D = true;
                break;
            case TermKind.Proper:
                fields.Proper |= !(reading.Name.Is(i, "real") && reading.TermWords(i) == 1);
                break;
        }

        if (reading.Clues is not null && term.Value.Length > 0 && Words[(int)term.Kind] is { } fact)
        {
            reading.Say(fact, term.Value, term.Strength == Strength.Strong ? 0.95 : 0.8, "word", i, i + Math.Max(1, reading.TermWords(i)) - 1);
        }
    }

    private static string?[] Facts()
    {
        var words = new string?[Enum.GetValues<TermKind>().Length];
        words[(int)TermKind.Resolution] = "resolution";
        words[(int)TermKind.Source] = "source";
        words[(int)TermKind.VideoCodec] = "video_codec";
        words[(int)TermKind.AudioCodec] = "audio_codec";
        words[(int)TermKind.Channels] = "audio_channels";
        words[(int)TermKind.Hdr] = "hdr";
        words[(int)TermKind.Edition] = "edition";
        words[(int)TermKind.BitDepth] = "bit_depth";
        words[(int)TermKind.Platform] = "platform";
        return words;
    }

    // The first stands, but a remux stands above what it was made from, and a sure word above an unsure one.
    private static string BetterSource(NameReading reading, string? known, Term term, int i)
    {
        if (known is null || term.Value == "Remux" || (known == "WEB-DL" && term.Value is "WEBRip" or "HDRip"))
        {
            return term.Value;
        }

        return known != "Remux" && term.Strength == Strength.Strong && !HasSure(reading, TermKind.Source, Strength.Medium, i) ? term.Value : known;
    }

    private static bool HasSure(NameReading reading, TermKind kind, Strength least, int before)
    {
        for (var k = reading.TitleEnd; k < before; k++)
        {
            if (reading.TermAt(k) is { } term && term.Kind == kind && term.Strength >= least)
            {
                return true;
            }
        }

        return false;
    }

    // A bare "1080" or "4K" gives way to a spelled-out resolution.
    private static string Better(NameReading reading, string? known, Term term, int i)
    {
        var stands = known is not null && (term.Strength != Strength.Strong || HasSure(reading, TermKind.Resolution, Strength.Strong, i));
        return stands ? known! : term.Value;
    }

    private static bool FollowsAudio(NameReading reading, int i) =>
        reading.Name[i].Shape != Shape.Number || reading.TermWords(i) < 2
            || (i > 0 && reading.TermAt(i - 1) is { Kind: TermKind.AudioCodec or TermKind.Source or TermKind.Release or TermKind.VideoCodec or TermKind.Resolution or TermKind.Language });
}
