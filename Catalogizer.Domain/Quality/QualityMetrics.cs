using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Quality;

/// <summary>How good a copy is, as far as its name tells.</summary>
/// <param name="OverallScore">0 to 100; 0 when nothing is known. Resolution gives up to 50, source 20, codec 15, HDR 5, audio 10.</param>
public sealed record QualityMetrics(
    string? Resolution, string? Codec, string? AudioCodec, string? AudioChannels, string? Hdr, long FileSize, double OverallScore)
{
    public static QualityMetrics FromName(MediaFields fields, long fileSize) => new(
        fields.Resolution,
        fields.VideoCodec,
        fields.AudioCodec is { Count: > 0 } audio ? audio[0] : null,
        fields.AudioChannels,
        fields.Hdr is { Count: > 0 } hdr ? string.Join(" ", hdr) : null,
        fileSize,
        Score(fields));

    private static double Score(MediaFields fields) =>
        OfResolution(fields.Resolution) + OfSource(fields.Source) + OfCodec(fields.VideoCodec)
        + (fields.Hdr is { Count: > 0 } ? 5 : 0) + OfAudio(fields.AudioCodec);

    private static double OfResolution(string? resolution) => resolution switch
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

    private static double OfSource(string? source) => source switch
    {
        "Remux" => 20,
        "BluRay" or "HD-DVD" => 17,
        "WEB-DL" => 14,
        "WEBRip" or "HDRip" => 11,
        "HDTV" => 10,
        "DVD" => 8,
        "SDTV" or "PPV" or "R5" => 5,
        "VHS" or "VCD" => 3,
        "Screener" or "Telecine" or "Workprint" => 2,
        "Telesync" or "CAM" => 1,
        _ => 0,
    };

    private static double OfCodec(string? codec) => codec switch
    {
        "AV1" => 15,
        "H.265" => 14,
        "VP9" => 12,
        "H.264" => 11,
        "VC-1" => 8,
        "VP8" or "MPEG-4" or "XviD" or "DivX" => 5,
        "MPEG-2" => 4,
        _ => 0,
    };

    private static double OfAudio(IReadOnlyList<string>? codecs) => (codecs ?? []).Select(codec => codec switch
    {
        "Atmos" or "DTS:X" => 10.0,
        "TrueHD" or "DTS-HD MA" => 9,
        "FLAC" or "PCM" or "ALAC" or "WAV" or "APE" or "WavPack" => 8,
        "DTS-HD" or "DTS-HD HRA" => 7,
        "DTS" or "EAC3" => 6,
        "AC3" or "Opus" or "AAC" => 5,
        "Vorbis" or "MP3" or "WMA" => 4,
        "MP2" => 3,
        _ => 0,
    }).DefaultIfEmpty().Max();
}
