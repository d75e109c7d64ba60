using System.Globalization;

namespace Catalogizer.Domain.Quality;

/// <summary>One part of a score.</summary>
/// <param name="Reason">The value that the points were given for, for users.</param>
public sealed record ScorePart(string Name, double Points, double Max, string Reason, PartOrigin Origin)
{
    /// <summary>Total of the parts, rounded to a tenth of a point.</summary>
    public static double Sum(IEnumerable<ScorePart> parts) => Math.Round(parts.Sum(p => p.Points), 1);

    /// <summary>Formats points and scores the same everywhere, with the tenth that versions are ordered by.</summary>
    public static string Format(double points) => points.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>Where a part of a score comes from.</summary>
public enum PartOrigin
{
    /// <summary>The value is not known.</summary>
    None,

    /// <summary>Detected from the file name.</summary>
    Name,

    /// <summary>Measured in the file.</summary>
    File,

    /// <summary>Estimated from other properties of the file.</summary>
    Estimate,
}

/// <summary>Scores the properties of a version; the same version gets the same points everywhere.</summary>
internal static class QualityScore
{
    /// <summary>Version of the scale. Increment it with every change of the points: scores of another version are then recalculated.</summary>
    public const int ScaleVersion = 3;

    private const string Unknown = "not known";

    /// <summary>Reason for an unmeasured value. It scores zero, so that analysing a version never lowers its score.</summary>
    private const string NotMeasured = "not measured";

    /// <summary>Points of the video codecs, out of 8; other codecs have none.</summary>
    public static IReadOnlyDictionary<string, double> CodecPoints { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["AV1"] = 8,
        ["H.265"] = 7.5,
        ["VP9"] = 6.5,
        ["H.264"] = 6,
        ["VC-1"] = 4,
        ["VP8"] = 2.5,
        ["MPEG-4"] = 2.5,
        ["XviD"] = 2.5,
        ["DivX"] = 2.5,
        ["WMV"] = 2.5,
        ["Theora"] = 2.5,
        ["MPEG-2"] = 2,
        ["MPEG-1"] = 1.5,
    };

    public static IReadOnlyList<ScorePart> ScoreVideo(
        string? resolution, string? codec, IReadOnlyList<string> hdr, IReadOnlyList<string> audio, string? source, MediaProperties? measured) =>
    [
        new("Resolution", ScoreResolution(resolution), 50, resolution ?? Unknown, DetermineOrigin(resolution, measured?.Resolution)),
        new("Codec", ScoreVideoCodec(codec), 8, codec ?? Unknown, DetermineOrigin(codec, measured?.VideoCodec)),
        ScoreBitrate(codec, measured),
        new("HDR", hdr.Count > 0 ? 5 : 0, 5, hdr.Count > 0 ? string.Join(" ", hdr) : "none", measured?.Width is not null ? PartOrigin.File : hdr.Count > 0 ? PartOrigin.Name : PartOrigin.None),
        new("Audio", MaxAudioPoints(audio), 10, audio.Count > 0 ? audio.MaxBy(ScoreAudioCodec)! : Unknown, DetermineOrigin(audio.Count > 0 ? audio[0] : null, measured?.AudioCodec)),
        new("Source", ScoreSource(source), 18, source ?? Unknown, DetermineOrigin(source, null)),
        ScoreContainer(measured),
    ];

    public static IReadOnlyList<ScorePart> ScoreAudio(IReadOnlyList<string> audio, MediaProperties? measured)
    {
        var best = audio.MaxBy(ScoreAudioCodec)!;
        var share = ScoreAudioCodec(best) >= 8 ? 1 : measured?.Bitrate is { } bits ? Math.Min(1, bits / (best == "Opus" ? 192_000d : 320_000d)) : 0;
        return
        [
            new("Audio", MaxAudioPoints(audio) * 8, 80, best, DetermineOrigin(best, measured?.AudioCodec)),
            new("Bit rate", Math.Round(18 * share, 1), 18, ScoreAudioCodec(best) >= 8 ? "lossless" : measured?.Bitrate is { } known ? FormattableString.Invariant($"{ApproximatePrefix(measured)}{known / 1000} kbit/s") : NotMeasured,
                ScoreAudioCodec(best) >= 8 ? DetermineOrigin(best, measured?.AudioCodec) : measured?.Bitrate is null ? PartOrigin.None : measured.HasStreamBitrate ? PartOrigin.File : PartOrigin.Estimate),
            ScoreContainer(measured),
        ];
    }

    /// <summary>Points of an audio codec, out of 10.</summary>
    public static double ScoreAudioCodec(string codec) => codec switch
    {
        "Atmos" or "DTS:X" => 10,
        "TrueHD" or "DTS-HD MA" => 9,
        "FLAC" or "PCM" or "ALAC" or "WAV" or "APE" or "WavPack" or "DSD" or "TAK" or "Shorten" or "TTA" or "WMA Lossless" => 8,
        "DTS-HD" or "DTS-HD HRA" => 7,
        "DTS" or "EAC3" => 6,
        "AC3" or "Opus" or "AAC" => 5,
        "Vorbis" or "MP3" or "WMA" or "Musepack" => 4,
        "MP2" => 3,
        _ => 0,
    };

    private static double MaxAudioPoints(IReadOnlyList<string> audio) => audio.Select(ScoreAudioCodec).DefaultIfEmpty().Max();

    private static double ScoreResolution(string? resolution) => resolution switch
    {
        "4320p" => 50,
        "2160p" => 48,
        "1440p" => 42,
        "1080p" => 38,
        "1080i" => 34,
        "720p" => 28,
        "576p" => 20,
        "540p" or "480p" => 16,
        "360p" => 10,
        _ => 0,
    };

    private static double ScoreSource(string? source) => source switch
    {
        "Remux" => 18,
        "BluRay" or "HD-DVD" => 15,
        "WEB-DL" => 12,
        "WEBRip" or "HDRip" => 10,
        "HDTV" => 9,
        "DVD" => 7,
        "SDTV" or "PPV" or "R5" => 5,
        "VHS" or "VCD" => 3,
        "Screener" or "Telecine" or "Workprint" => 2,
        "Telesync" or "CAM" => 1,
        _ => 0,
    };

    public static double ScoreVideoCodec(string? codec) => codec is null ? 0 : CodecPoints.GetValueOrDefault(codec);

    private static PartOrigin DetermineOrigin(string? value, string? measured) => value is null ? PartOrigin.None : measured is null ? PartOrigin.Name : PartOrigin.File;

    /// <summary>Scores bits per pixel, weighted by the codec's efficiency: a tenth of a bit of H.264 is plenty.</summary>
    private static ScorePart ScoreBitrate(string? codec, MediaProperties? measured)
    {
        const double max = 7;
        if (measured is not { Width: > 0 and var width, Height: > 0 and var height, FrameRate: > 0 and var rate } || (measured.VideoBitrate ?? measured.Bitrate) is not { } bits)
        {
            return new("Bit rate", 0, max, measured is null ? NotMeasured : Unknown, PartOrigin.None);
        }

        var perPixel = bits / ((double)width * height * rate);
        var isMeasured = measured.VideoBitrate is not null || measured.HasStreamBitrate;
        return new(
            "Bit rate", Math.Round(max * Math.Min(1, perPixel * GetCodecEfficiency(codec) / 0.1), 1), max, FormattableString.Invariant($"{(isMeasured ? "" : "about ")}{perPixel:0.000} bits a pixel"),
            isMeasured ? PartOrigin.File : PartOrigin.Estimate);
    }

    private static string ApproximatePrefix(MediaProperties measured) => measured.HasStreamBitrate ? "" : "about ";

    private static double GetCodecEfficiency(string? codec) => codec switch
    {
        "AV1" => 2.2,
        "H.265" => 1.8,
        "VP9" => 1.7,
        "MPEG-2" or "MPEG-1" => 0.45,
        "VP8" or "MPEG-4" or "XviD" or "DivX" => 0.65,
        _ => 1,
    };

    private static ScorePart ScoreContainer(MediaProperties? measured) => measured?.Container switch
    {
        null => new("Container", 0, 2, Unknown, PartOrigin.None),
        "avi" or "asf" or "flv" or "mpeg" or "mpegvideo" or "rm" or "aac" => new("Container", 1, 2, measured.Container, PartOrigin.File),
        var container => new("Container", 2, 2, container, PartOrigin.File),
    };
}
